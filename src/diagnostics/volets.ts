import { listerOrganismes, type Session } from '#acces'
import { type Dossier, listerActesSaisis } from '#dossiers'
import {
  type Champ,
  champsDe,
  completudeDe,
  type Formulaire,
  lireFormulaire,
  ouvrirFormulaire,
  type Reprise,
  retenir,
  rouvrirFormulaire,
  signerFormulaire,
  type Valeur,
} from '#formulaires'
import { accordEnVigueur } from '#participations'
import { MENTIONS_COMMANDEMENT } from '#procedure'
import type { Keyring } from '#socle/cipher'
import { Introuvable, refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { enPhrase, formatDate } from '#socle/typography'
import { exigerOrganisme, siLisible } from './commun.ts'
import { listerDiagnostics, listerVolets, marquerEnCours } from './diagnostics.ts'
import { ACCORD_ADIL } from './envois.ts'
import { lireSuiviLoyer } from './loyer.ts'
import { type Diagnostic, type Volet, type VoletDuDiagnostic, volets } from './types.ts'

/** Level of completeness asked for before a part is finished. */
export const NIVEAU = 'validation'

type DossierLu = Pick<
  Dossier,
  | 'id'
  | 'masques'
  | 'audience_le'
  | 'echeances'
  | 'menage'
  | 'logement'
  | 'bail'
  | 'dette'
  | 'dette_le'
  | 'actes'
  | 'stade'
  | 'parc'
>

/** Drops what is not known: a field nobody said stays unknown. */
function reprises(
  source: string,
  connus: Readonly<Record<string, Valeur | null | undefined>>,
): Record<string, Reprise> {
  return Object.fromEntries(
    Object.entries(connus).flatMap(([code, valeur]) =>
      valeur === null || valeur === undefined ? [] : [[code, { valeur, provenance: source }] as const],
    ),
  )
}

const ACTES: Readonly<Record<string, string>> = {
  commandement_de_payer: 'commandement',
  assignation: 'assignation',
  jugement: 'jugement',
  commandement_de_quitter_les_lieux: 'quitter',
}

/** What the dossier already says, for a part: never typed twice (DSF-32). Only what this reader may read of the dossier is there to take. */
export async function reprendreDuDossier(session: Session, dossier: DossierLu, volet: Volet) {
  const { menage, bail } = dossier
  switch (volet) {
    case 'social':
      return reprises('dossier', {
        situation_familiale:
          menage.situationFamiliale === 'seul' || menage.situationFamiliale === 'couple'
            ? menage.situationFamiliale
            : null,
        enfants: menage.enfantsACharge,
      })
    case 'financier': {
      const loyer = (await lireSuiviLoyer(session, dossier))?.reprises[0]
      return {
        ...reprises('dossier', {
          loyer: bail.loyer,
          charges_bailleur: bail.charges,
          aide_montant: menage.montantAide,
          dette_locative: dossier.dette,
          dette_au: dossier.dette_le?.toString(),
        }),
        ...(loyer
          ? reprises(`réponse du ${formatDate(loyer.le)}`, {
              reprise_loyer: loyer.reponse,
              reprise_depuis: loyer.depuis?.toString(),
            })
          : {}),
      }
    }
    case 'juridique': {
      const acte = dossier.actes.findLast(({ type }) => type in ACTES)
      const mentions = acte?.type === 'commandement_de_payer' ? await lireMentions(session, dossier.id) : null
      return reprises('dossier', {
        bail_le: bail.dateBail,
        bail_nature: dossier.parc === 'public' ? 'social' : null,
        acte: acte ? ACTES[acte.type] : null,
        acte_le: acte?.le,
        acte_mentions: mentions && (mentions.manquantes.length > 0 ? 'non' : mentions.toutes ? 'oui' : null),
        acte_mentions_texte:
          mentions && mentions.manquantes.length > 0 ? `Manque : ${mentions.manquantes.join(' ; ')}.` : null,
      })
    }
  }
}

/** The check of the six mentions of the last commandement de payer entered by hand (SIG-24): what it is said to lack, and whether all are there. */
async function lireMentions(
  session: Session,
  dossier: string,
): Promise<{ readonly manquantes: readonly string[]; readonly toutes: boolean } | null> {
  const acte = (await listerActesSaisis(session, dossier)).find(
    ({ genre, retire }) => genre === 'commandement_de_payer' && !retire,
  )
  if (!acte) return null
  const mentions = Object.entries(MENTIONS_COMMANDEMENT)
  return {
    manquantes: mentions
      .filter(([code]) => acte.contenu[code] === false)
      .map(([, { libelle }]) => libelle.replace('Mention : ', '')),
    toutes: mentions.every(([code]) => acte.contenu[code] === true),
  }
}

async function trouverVolet(session: Session, { id }: Diagnostic, volet: Volet): Promise<VoletDuDiagnostic> {
  const trouve = (await listerVolets(session, id)).find((un) => un.volet === volet)
  if (!trouve) throw new Introuvable()
  return trouve
}

/** Each part is written by its own service. */
export const remplitLeVolet = ({ acteur }: Pick<Session, 'acteur'>, { organisme }: VoletDuDiagnostic): boolean =>
  acteur.organisme === organisme

function exigerSonVolet(session: Session, volet: VoletDuDiagnostic): void {
  if (!remplitLeVolet(session, volet))
    throw refus('volet.service', `Ce volet est celui de ${volet.organisme_nom} : chaque service remplit le sien.`)
}

/**
 * Who is named to read a part: the secretariats, which receive the diagnosis. The services of the diagnosis read it because they are, as long as they are (policy
 * `du_diagnostic`). Each as far as the matrix opens the groups to it.
 */
const lecteursNommes = async (session: Session): Promise<string[]> =>
  (await listerOrganismes(session)).filter(({ type }) => type === 'secretariat').map(({ id }) => id)

/** Begins a part, filled with what is known: the dossier, or the same part of the diagnosis it brings up to date (DSF-02). Returns the form. */
export async function commencerVolet(
  session: Session,
  cles: Keyring,
  dossier: DossierLu,
  diagnostic: Diagnostic,
  volet: Volet,
): Promise<string> {
  exigerOrganisme(session)
  const sien = await trouverVolet(session, diagnostic, volet)
  exigerSonVolet(session, sien)
  if (sien.formulaire !== null) return sien.formulaire
  if (!['demande', 'en_cours', 'relu'].includes(diagnostic.etat))
    throw refus('diagnostic.fige', 'Ce diagnostic ne change plus. Une actualisation en fait une copie à modifier.')
  const lecteurs = await lecteursNommes(session)
  const avant = diagnostic.actualise ? await formulaireDe(session, diagnostic.actualise, volet) : null
  // A service that had no part in the diagnosis before does not read it: it starts from the dossier.
  const formulaire =
    (avant === null ? null : await siLisible(rouvrirFormulaire(session, cles, dossier, avant, { lecteurs }))) ??
    (await ouvrirFormulaire(session, cles, dossier, {
      code: volets[volet].formulaire,
      lecteurs,
      reprises: await reprendreDuDossier(session, dossier, volet),
    }))
  await session.sql`update diagnostic_volet set formulaire = ${formulaire}
    where dept = ${session.dept} and diagnostic = ${diagnostic.id} and volet = ${volet} and formulaire is null`
  await marquerEnCours(session, diagnostic)
  session.consigner({
    action: 'diagnostic.modifier',
    objet: 'diagnostic',
    objetId: diagnostic.id,
    dossiers: [dossier.id],
    details: { quoi: `volet ${volet}` },
  })
  return formulaire
}

async function formulaireDe(session: Session, diagnostic: string, volet: Volet): Promise<string | null> {
  return (await listerVolets(session, diagnostic)).find((un) => un.volet === volet)?.formulaire ?? null
}

/** The part a form is, among the diagnoses of a dossier. */
export async function trouverVoletDuFormulaire(
  session: Session,
  dossier: string,
  formulaire: string,
): Promise<{ readonly diagnostic: string; readonly volet: VoletDuDiagnostic } | null> {
  const [trouve] = await session.sql<{ diagnostic: string; volet: Volet }>`
    select diagnostic, volet from diagnostic_volet where dept = ${session.dept} and dossier = ${dossier} and formulaire = ${formulaire}`
  if (!trouve) return null
  const volet = (await listerVolets(session, trouve.diagnostic)).find((un) => un.volet === trouve.volet)
  return volet ? { diagnostic: trouve.diagnostic, volet } : null
}

/** Finishes a part: signed by its service, it never changes again. What the level asks for must be there. */
export async function terminerVolet(
  session: Session,
  cles: Keyring,
  dossier: DossierLu,
  diagnostic: Diagnostic,
  demande: { volet: Volet; vu: number; marque: string; entete: readonly { libelle: string; valeur: string }[] },
): Promise<void> {
  const { compte } = exigerOrganisme(session)
  const sien = await trouverVolet(session, diagnostic, demande.volet)
  exigerSonVolet(session, sien)
  if (sien.formulaire === null) throw refus('volet.vide', 'Ce volet n’est pas commencé.')
  const formulaire = await lireFormulaire(session, cles, dossier, sien.formulaire)
  const { manque } = completudeDe(formulaire, NIVEAU)
  if (manque.length > 0)
    throw refus('volet.manque', `Il manque encore : ${manque.map(({ libelle }) => enPhrase(libelle)).join(' ; ')}.`)
  await signerFormulaire(session, cles, dossier, {
    id: sien.formulaire,
    vu: demande.vu,
    marque: demande.marque,
    lecteurs: await lecteursNommes(session),
    entete: demande.entete,
  })
  await session.sql`update diagnostic_volet set termine_a = ${session.maintenant}, termine_par = ${compte}
    where dept = ${session.dept} and diagnostic = ${diagnostic.id} and volet = ${demande.volet}`
  await marquerEnCours(session, diagnostic)
}

/** A part its service finished, as far as this session reads it. */
export interface VoletTermine {
  readonly volet: Volet
  readonly le: Temporal.PlainDate
  readonly valeurs: Formulaire['valeurs']
}

/**
 * The finished social and financial parts of the last diagnosis of a dossier that this session reads: what is filled once is not asked again elsewhere (DSF-32). What
 * the ADIL wrote leaves the diagnosis only with the household's accord.
 */
export async function lireVoletsTermines(
  session: Session,
  cles: Keyring,
  dossier: Pick<Dossier, 'id' | 'masques'>,
): Promise<VoletTermine[]> {
  const dernier = (await listerDiagnostics(session, dossier.id)).find(({ etat }) => etat !== 'impossible')
  const lus: VoletTermine[] = []
  const siens = dernier ? await listerVolets(session, dernier.id) : []
  for (const { volet, organisme_type: type, formulaire, termine_a: termine } of siens) {
    if (volet === 'juridique' || formulaire === null || termine === null) continue
    if (type === 'adil' && !(await accordEnVigueur(session, dossier.id, ACCORD_ADIL))) continue
    const lu = await siLisible(lireFormulaire(session, cles, dossier, formulaire))
    if (lu) lus.push({ volet, le: parisDay(termine), valeurs: retenir(lu.modele, lu.valeurs) })
  }
  return lus
}

/** A field that changed since the diagnosis this one brings up to date. */
export interface Changement {
  readonly champ: Champ
  readonly avant: Valeur | undefined
  readonly apres: Valeur | undefined
}

/** What changed between a part and the one it was copied from, as far as this reader reads both (DSF-02). */
export function comparerVolets(avant: Formulaire, apres: Formulaire): Changement[] {
  const lus = new Set(champsDe(avant.modele.groupes).map(({ code }) => code))
  const communs = champsDe(apres.modele.groupes).filter(({ code }) => lus.has(code))
  return communs.flatMap((champ) => {
    const [a, b] = [avant.valeurs[champ.code], apres.valeurs[champ.code]]
    return champ.genre === 'calcul' || JSON.stringify(a) === JSON.stringify(b) ? [] : [{ champ, avant: a, apres: b }]
  })
}
