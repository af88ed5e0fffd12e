import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { type Destinataire, type ExtraitDiagnostic, scellementDuDossier } from '#echanges'
import {
  champsDe,
  ecrireCalcul,
  ecrireValeur,
  estRemplie,
  type Formulaire,
  lireFormulaire,
  lireReponses,
  retenir,
} from '#formulaires'
import { decrireEtape, ETAPES } from '#procedure'
import { lireJour } from '#referentiel'
import { canaux, listerContacts } from '#repartition'
import type { Keyring } from '#socle/cipher'
import { projectRoot } from '#socle/config'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { renderPdf } from '#socle/pdf'
import { parisDay } from '#socle/time'
import { formatDate, formatDateLongue, formatMontant, pluriel, typo } from '#socle/typography'
import { exigerOrganisme, siLisible } from './commun.ts'
import { estPilote, lireDiagnostic, listerEntretiens, listerVolets } from './diagnostics.ts'
import { listerObservations } from './observations.ts'
import {
  type Diagnostic,
  etatsVisite,
  issuesEntretien,
  lieuxEntretien,
  motifsVisite,
  volets as nomsVolets,
  type VoletDuDiagnostic,
} from './types.ts'

const MODELE = join(projectRoot, 'src/diagnostics/diagnostic.typ')

/** Address block of the secretariat a paper copy goes to, line by line. */
export type Adresse = readonly string[]

interface Question {
  readonly libelle: string
  readonly valeur: string
}
interface Partie {
  readonly titre: string
  readonly sous: string
  readonly groupes: readonly { readonly titre: string; readonly champs: readonly Question[] }[]
}

/** A part in words: questions that apply, answered or not; what is unknown says so. */
function ecrireVolet(volet: VoletDuDiagnostic, { modele, valeurs: donnees, calculs }: Reponses): Partie {
  const valeurs = retenir(modele, donnees)
  return {
    titre: nomsVolets[volet.volet].libelle,
    sous: `${volet.organisme_nom}${volet.termine_nom ? `, terminé par ${volet.termine_nom}` : ''}`,
    groupes: modele.groupes
      .filter((groupe) => estRemplie(groupe.si, valeurs))
      .map((groupe) => ({
        titre: groupe.titre,
        champs: groupe.champs
          .filter((champ) => estRemplie(champ.si, valeurs))
          .map((champ) => ({
            libelle: champ.libelle,
            valeur:
              champ.genre === 'calcul'
                ? ecrireCalcul(champ, calculs.get(champ.code) ?? { valeur: null })
                : ecrireValeur(champ, valeurs[champ.code]) || 'non renseigné',
          })),
      })),
  }
}

const PARCS: Readonly<Record<string, string>> = { prive: 'parc privé', public: 'parc social' }

/** What the dossier knows and the parts do not ask again: the beginning of annex 3, which the received text lost (DSF-34). */
const dire = (libelle: string, valeur: string | null): Question[] => (valeur === null ? [] : [{ libelle, valeur }])

function nommer(libelle: string, personne: Dossier['menage']['conjoint']): Question[] {
  if (!personne) return []
  const { prenom, nomUsage, nomNaissance, dateNaissance } = personne
  const ne = dateNaissance ? lireJour(dateNaissance) : null
  return dire(
    libelle,
    joindre(
      [prenom, nomUsage].filter(Boolean).join(' '),
      nomNaissance && nomNaissance !== nomUsage ? `nom de naissance : ${nomNaissance}` : null,
      ne ? `date de naissance : ${formatDate(ne)}` : null,
    ),
  )
}

/** What the document holds, before it is drawn. */
interface Contenu {
  readonly dossier: Pick<
    Dossier,
    | 'id'
    | 'reference'
    | 'titulaire'
    | 'adresse'
    | 'commune'
    | 'audience_le'
    | 'masques'
    | 'menage'
    | 'logement'
    | 'bail'
    | 'stade'
    | 'stade_le'
  >
  readonly diagnostic: Diagnostic
  readonly secretariat: Adresse
}

async function donnees(
  session: Session,
  cles: Keyring,
  { dossier, diagnostic, secretariat }: Contenu,
  parties: readonly Partie[],
  partiel: boolean,
): Promise<Record<string, unknown>> {
  const absent = diagnostic.forme === 'menage_absent'
  const entretiens = await listerEntretiens(session, diagnostic.id)
  const contacts = (await listerContacts(session, dossier.id)).filter(({ retiree_a: retiree }) => retiree === null)
  const observations = await listerObservations(session, cles, diagnostic)
  const visite = diagnostic.visite
    ? [
        etatsVisite[diagnostic.visite],
        diagnostic.visite_le ? `le ${formatDate(diagnostic.visite_le)}` : null,
        diagnostic.visite_motif ? motifsVisite[diagnostic.visite_motif].toLowerCase() : null,
      ]
        .filter((un) => un !== null)
        .join(', ')
    : 'Non proposée'
  const etape = ETAPES.find((une) => une === dossier.stade)
  const depuis = dossier.stade_le ? `depuis le ${formatDate(dossier.stade_le)}` : null
  const { titulaire, conjoint } = dossier.menage
  const lignes: Question[] = [
    { libelle: 'Ménage', valeur: dossier.titulaire },
    ...nommer('Premier titulaire', titulaire),
    ...nommer('Second titulaire', conjoint),
    { libelle: 'Logement', valeur: [dossier.adresse, dossier.commune].filter((un) => un !== '').join(', ') },
    ...dire('Bailleur', joindre(dossier.bail.bailleurNom ?? null, PARCS[dossier.logement.parc ?? ''] ?? null)),
    ...dire('Étape', etape ? joindre(decrireEtape(etape).libelle, depuis) : null),
    { libelle: 'Dossier', valeur: dossier.reference },
    { libelle: 'Mené par', valeur: diagnostic.organisme_nom },
    ...(dossier.audience_le ? [{ libelle: 'Audience', valeur: formatDate(dossier.audience_le) }] : []),
    ...(diagnostic.referent_nom ? [{ libelle: 'Référent du ménage', valeur: diagnostic.referent_nom }] : []),
    { libelle: 'Visite à domicile', valeur: visite },
  ]
  const ecrire = (questions: readonly Question[]) =>
    questions.map(({ libelle, valeur }) => ({ libelle: typo(libelle), valeur: typo(valeur) }))
  return {
    titre: typo('Diagnostic de situation de logement'),
    confidentiel: 'CONFIDENTIEL',
    sous: typo(
      absent
        ? 'Le ménage n’est pas venu'
        : diagnostic.actualise
          ? 'Actualisation'
          : 'Volets social, financier et juridique',
    ),
    date: typo(`Établi le ${formatDateLongue(diagnostic.valide_a ? parisDay(diagnostic.valide_a) : session.jour)}.`),
    destinataire: secretariat.map((ligne) => typo(ligne)),
    suite: typo('Au juge compétent, par sa seule synthèse, sous couvert du préfet ou du sous-préfet.'),
    partiel: partiel ? typo('Exemplaire partiel : les rubriques réservées à d’autres services n’y figurent pas.') : '',
    lignes: ecrire(lignes),
    entretiens: entretiens.map(({ propose_le: le, pour_le: pour, lieu, issue }) =>
      typo(
        `Proposé le ${formatDate(le)} pour le ${formatDate(pour)}, ${lieuxEntretien[lieu].toLowerCase()} : ${issue ? issuesEntretien[issue].toLowerCase() : 'issue non notée'}.`,
      ),
    ),
    contacts: contacts.map(({ le, canal, aboutie, demi_journee: demi }) =>
      typo(
        `${formatDate(le)}${demi === 'matin' ? ', matin' : demi === 'apres_midi' ? ', après-midi' : ''} : ${canaux[canal].toLowerCase()}, ${aboutie ? 'joint' : 'pas joint'}.`,
      ),
    ),
    parties: parties.map(({ titre, sous, groupes }) => ({
      titre: typo(titre),
      sous: typo(sous),
      groupes: groupes.map((groupe) => ({ titre: typo(groupe.titre), champs: ecrire(groupe.champs) })),
    })),
    observations: observations.map(({ de, le, texte }) => ({
      titre: typo(`${de === 'menage' ? 'Le ménage' : 'Le bailleur'}, le ${formatDate(le)}`),
      texte: typo(texte),
    })),
  }
}

/** Parts this session reads, whether something that may be said is hidden from it, and whether it has every answer of every part. */
export async function lireVolets(
  session: Session,
  cles: Keyring,
  dossier: Pick<Dossier, 'id' | 'masques'>,
  diagnostic: Diagnostic,
): Promise<{
  readonly lus: readonly { readonly volet: VoletDuDiagnostic; readonly formulaire: Formulaire }[]
  readonly partiel: boolean
  readonly integral: boolean
}> {
  const siens = await listerVolets(session, diagnostic.id)
  const lus: { volet: VoletDuDiagnostic; formulaire: Formulaire }[] = []
  let [partiel, integral] = [false, true]
  for (const volet of siens) {
    if (volet.formulaire === null) continue
    const formulaire = await siLisible(lireFormulaire(session, cles, dossier, volet.formulaire))
    partiel ||= formulaire?.partiel ?? true
    integral &&= formulaire?.integral ?? false
    if (formulaire) lus.push({ volet, formulaire })
  }
  return { lus, partiel, integral }
}

/**
 * Validates a diagnosis: what it says is frozen, the exact bytes are kept sealed with their SHA-256. The full form asks that every part begun be finished by its
 * service, the social and the financial ones at least; « le ménage n'est pas venu » asks for a dated attempt and leaves the parts aside.
 */
export async function validerDiagnostic(
  session: Session,
  cles: Keyring,
  contenu: Contenu,
  demande: { vue: number; forme: Diagnostic['forme'] },
): Promise<void> {
  const { dept, maintenant } = session
  const { compte } = exigerOrganisme(session)
  const { dossier } = contenu
  // Read again under a lock, whatever the caller read: of two people who validate at once, the second sees the version the first left.
  const diagnostic = await lireDiagnostic(session, dossier.id, contenu.diagnostic.id, true)
  if (!estPilote(session, diagnostic))
    throw refus(
      'diagnostic.pilote',
      `Ce diagnostic est mené par ${diagnostic.organisme_nom} : c’est à ce service de le valider.`,
    )
  if (diagnostic.version !== demande.vue)
    throw new Conflit(
      'diagnostic.change',
      'Ce diagnostic a changé depuis votre relecture : rien n’est validé. Le relire, puis valider.',
    )
  const absent = demande.forme === 'menage_absent'
  const siens = await listerVolets(session, diagnostic.id)
  if (absent) await exigerTentative(session, diagnostic)
  else {
    if (diagnostic.etat !== 'relu') throw refus('diagnostic.relu', 'Un diagnostic se relit avant d’être validé.')
    const manquants = siens.filter(
      ({ volet, formulaire, termine_a: termine }) => termine === null && (formulaire !== null || volet !== 'juridique'),
    )
    if (manquants.length > 0)
      throw refus(
        'diagnostic.volets',
        `À terminer d’abord : ${manquants.map(({ volet, organisme_nom: nom }) => `${nomsVolets[volet].libelle.toLowerCase()} (${nom})`).join(', ')}.`,
      )
  }
  const fige: Diagnostic = { ...diagnostic, forme: demande.forme }
  // The whole of it, whoever validates: a document signed in part would not be the diagnosis.
  const parties: Partie[] = []
  const reponses: Partial<Record<VoletDuDiagnostic['volet'], Reponses>> = {}
  if (!absent)
    for (const volet of siens) {
      if (volet.formulaire === null) continue
      const entieres = await lireReponses(session, cles, dossier.id, volet.formulaire)
      reponses[volet.volet] = entieres
      parties.push(ecrireVolet(volet, entieres))
    }
  const octets = await renderPdf(MODELE, await donnees(session, cles, { ...contenu, diagnostic: fige }, parties, false))
  const scellement = await scellementDuDossier(session, cles, dossier.id)
  const place = (colonne: 'octets' | 'resume') =>
    ({ table: 'diagnostic_document', colonne, id: diagnostic.id }) as const
  const extrait = absent ? EXTRAIT_ABSENT(session.jour) : extraire(session.jour, reponses)
  await session.sql`insert into diagnostic_document (dept, diagnostic, dossier, octets, resume, empreinte, a, par)
    values (${dept}, ${diagnostic.id}, ${dossier.id}, ${scellement.sceller(Buffer.from(octets).toString('base64'), place('octets'))},
      ${scellement.sceller(JSON.stringify(extrait), place('resume'))}, ${createHash('sha256').update(octets).digest('hex')}, ${maintenant}, ${compte})`
  await session.sql`update diagnostic set etat = 'valide', forme = ${demande.forme}, valide_a = ${maintenant}, valide_par = ${compte}, version = version + 1
    where dept = ${dept} and id = ${diagnostic.id}`
  await consignerFaits(session, [{ dossier: dossier.id, type: 'diagnostic.valide', donnees: { forme: demande.forme } }])
  session.consigner({
    action: 'diagnostic.valider',
    objet: 'diagnostic',
    objetId: diagnostic.id,
    dossiers: [dossier.id],
    details: { forme: demande.forme },
  })
}

/** « Did not come » is said of somebody one tried to meet and who never came: an interview missed, or an attempt that reached nobody. */
async function exigerTentative(session: Session, diagnostic: Diagnostic): Promise<void> {
  if (!['demande', 'en_cours', 'relu'].includes(diagnostic.etat))
    throw refus('diagnostic.fige', 'Ce diagnostic ne change plus.')
  const entretiens = await listerEntretiens(session, diagnostic.id)
  const honore = entretiens.find(({ issue }) => issue === 'honore')
  if (honore)
    throw refus(
      'diagnostic.venu',
      `Le ménage est venu à l’entretien du ${formatDate(honore.pour_le)} : cette fiche dirait le contraire. Remplir les volets avec ce qui est su, ou corriger l’entretien.`,
    )
  const manques = entretiens.filter(({ issue }) => issue === 'absent')
  const vaines = (await listerContacts(session, diagnostic.dossier)).filter(
    ({ retiree_a: retiree, aboutie }) => retiree === null && !aboutie,
  )
  if (manques.length + vaines.length === 0)
    throw refus(
      'diagnostic.tentative',
      'Noter d’abord un entretien manqué ou une tentative de contact sans réponse : la fiche dit ce qui a été tenté.',
    )
}

/** A part in full, or as its reader has it. */
type Reponses = Pick<Formulaire, 'modele' | 'valeurs' | 'calculs'>

/** An answer of a closed list, in words; nothing for a text somebody typed. */
function enMots(reponses: Reponses | undefined, code: string): string | null {
  if (!reponses) return null
  const champ = champsDe(reponses.modele.groupes).find((un) => un.code === code)
  if (!champ || champ.genre === 'texte' || champ.genre === 'texte_long') return null
  return ecrireValeur(champ, reponses.valeurs[code]) || null
}

const nombre = (reponses: Reponses | undefined, code: string): number | null => {
  const valeur = reponses?.valeurs[code]
  return typeof valeur === 'number' ? valeur : null
}

const joindre = (...parts: readonly (string | null)[]): string | null => {
  const dites = parts.filter((un) => un !== null && un !== '')
  return dites.length === 0 ? null : dites.join(', ')
}

/**
 * What a synthèse may draw from, taken the day it was validated and sealed with it: what was signed, not what a draft became since. Closed lists, dates and amounts of the
 * debt only; which of them leaves, for whom, is `donnees/acces/synthese.yaml`.
 */
function extraire(
  jour: Temporal.PlainDate,
  { social, financier }: Partial<Record<VoletDuDiagnostic['volet'], Reponses>>,
): ExtraitDiagnostic {
  const repris = ['entiere', 'partielle'].includes(String(financier?.valeurs.reprise_loyer))
  const depuis = repris ? enMots(financier, 'reprise_depuis') : null
  const reprise = REPRISES[String(financier?.valeurs.reprise_loyer)] ?? null
  const mensualite = nombre(financier, 'plan_mensualite')
  const duree = nombre(financier, 'plan_duree')
  const enfants = nombre(social, 'enfants')
  const presence = enMots(social, 'presence')
  return {
    valideLe: jour.toString(),
    presence: presence === null ? null : (PRESENCES[presence] ?? presence),
    composition: joindre(
      enMots(social, 'situation_familiale'),
      enfants === null
        ? null
        : enfants === 0
          ? 'sans enfant au foyer'
          : pluriel(enfants, 'enfant au foyer', 'enfants au foyer'),
    ),
    reprise: reprise === null ? null : `${reprise}${depuis ? ` depuis le ${depuis}` : ''}`,
    plan:
      mensualite === null
        ? null
        : joindre(
            `${formatMontant(mensualite)} par mois`,
            duree === null ? null : `pendant ${pluriel(duree, 'mois', 'mois')}`,
          ),
    surendettement:
      financier?.valeurs.surendettement === 'oui'
        ? joindre(
            enMots(financier, 'surendettement_stade') ?? 'Dossier déposé ou en cours',
            enMots(financier, 'surendettement_le'),
          )
        : financier?.valeurs.surendettement === 'non'
          ? 'Aucun dossier connu'
          : null,
    orientation: enMots(social, 'orientation'),
  }
}

const REPRISES: Readonly<Record<string, string>> = {
  entiere: 'Entièrement repris',
  partielle: 'Repris en partie',
  non: 'Pas repris',
  inconnue: 'On ne sait pas s’il est repris',
}

const PRESENCES: Readonly<Record<string, string>> = {
  Oui: 'Le ménage est venu.',
  'À une partie des rendez-vous': 'Le ménage est venu à une partie des rendez-vous.',
  Non: 'Le ménage n’est pas venu.',
}

const EXTRAIT_ABSENT = (jour: Temporal.PlainDate): ExtraitDiagnostic => ({
  valideLe: jour.toString(),
  presence: 'Le ménage n’est pas venu aux rendez-vous proposés.',
  composition: null,
  reprise: null,
  plan: null,
  surendettement: null,
  orientation: null,
})

/**
 * What the last validated diagnosis of a dossier gives to a synthèse; null when there is none, or for whoever does not read it. The judge has the diagnosis by its
 * synthèse alone: whoever does not read it makes none for the judge, which would replace the one that says it. `cles` is asked for only then.
 */
export async function lireExtraitValide(
  session: Session,
  cles: () => Keyring,
  dossier: string,
  pour: Destinataire,
): Promise<ExtraitDiagnostic | null> {
  const [dernier] = await session.sql<{ id: string; resume: string | null }>`
    select g.id, f.resume from diagnostic g left join diagnostic_document f on f.dept = ${session.dept} and f.diagnostic = g.id
    where g.dept = ${session.dept} and g.dossier = ${dossier} and g.etat in ('valide', 'transmis') order by g.rang desc limit 1`
  if (!dernier) return null
  if (dernier.resume === null) {
    if (pour !== 'juge') return null
    throw refus(
      'synthese.diagnostic',
      'Un diagnostic de ce ménage est validé : la synthèse pour le juge en reprend l’essentiel. Elle est produite par les services qui l’ont rempli, ou par le secrétariat.',
    )
  }
  const scellement = await scellementDuDossier(session, cles(), dossier)
  return JSON.parse(
    scellement.ouvrir(dernier.resume, { table: 'diagnostic_document', colonne: 'resume', id: dernier.id }),
  ) as ExtraitDiagnostic
}

/** The document of a validated diagnosis: the very bytes for whoever reads the whole; composed without what is reserved to others otherwise. */
export async function telechargerDiagnostic(
  session: Session,
  cles: Keyring,
  contenu: Contenu,
): Promise<{ readonly octets: Uint8Array; readonly partiel: boolean }> {
  const { dossier, diagnostic } = contenu
  const [fige] = await session.sql<{ octets: string }>`select octets from diagnostic_document
    where dept = ${session.dept} and diagnostic = ${diagnostic.id}`
  if (!fige) throw new Introuvable()
  const { lus, partiel, integral } =
    diagnostic.forme === 'menage_absent'
      ? { lus: [], partiel: false, integral: true }
      : await lireVolets(session, cles, dossier, diagnostic)
  session.consigner({
    action: 'diagnostic.telecharger',
    objet: 'diagnostic',
    objetId: diagnostic.id,
    dossiers: [dossier.id],
    details: { exact: integral },
  })
  if (integral) {
    const scellement = await scellementDuDossier(session, cles, dossier.id)
    const octets = scellement.ouvrir(fige.octets, {
      table: 'diagnostic_document',
      colonne: 'octets',
      id: diagnostic.id,
    })
    return { octets: Buffer.from(octets, 'base64'), partiel }
  }
  const parties = lus.map(({ volet, formulaire }) => ecrireVolet(volet, formulaire))
  return { octets: await renderPdf(MODELE, await donnees(session, cles, contenu, parties, partiel)), partiel }
}

/** SHA-256 of the bytes kept; null before it is validated, or for whoever does not read it. */
export async function lireEmpreinte(session: Session, diagnostic: string): Promise<string | null> {
  const [fige] = await session.sql<{ empreinte: string }>`select empreinte from diagnostic_document
    where dept = ${session.dept} and diagnostic = ${diagnostic}`
  return fige?.empreinte ?? null
}
