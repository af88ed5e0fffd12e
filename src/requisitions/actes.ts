import { aLeDroit, type Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { scellementDuDossier } from '#echanges'
import type { Keyring } from '#socle/cipher'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { heuresDuSuivi } from './echeances.ts'
import { type ChampActe, decrireGenre, type GenreActe } from './genres.ts'
import { lireRequisition, listerActes, listerEnquetes } from './lecture.ts'
import { consignerDansLaProcedure } from './procedure.ts'
import { enVigueur, estAttendue, resumer } from './resume.ts'
import type { ActeRequisition, Requisition } from './types.ts'

const TEXTE_MAX = 4000
const LIGNE_MAX = 200

/** One answer that stops a form, with what to do about it. */
export interface Faute {
  readonly nom: string
  readonly message: string
}

/** A fact about to be recorded. */
export interface NouvelActe {
  /** Drawn with the form: sending it twice writes once. */
  readonly envoi: string
  readonly genre: GenreActe
  readonly le: Temporal.PlainDate
  readonly valeurs: Readonly<Record<string, string>>
  readonly enquete?: string | null
  /** The fact this one corrects. */
  readonly remplace?: string | null
  /** Newest fact of the same thing when the form was drawn; empty when there was none, absent when nobody compares. */
  readonly vu?: string | undefined
}

/** Whether a question is asked, given the other answers. */
export const estDemande = ({ si }: ChampActe, valeurs: Readonly<Record<string, string>>): boolean =>
  si === undefined || si.vaut.includes(valeurs[si.champ] ?? '')

function fauteDe(champ: ChampActe, valeur: string): string | null {
  if (valeur === '') return champ.facultatif ? null : `Répondre à « ${champ.libelle} ».`
  switch (champ.genre) {
    case 'choix':
      return Object.hasOwn(champ.options ?? {}, valeur) ? null : `Choisir une réponse à « ${champ.libelle} ».`
    case 'date':
      return lireJour(valeur) ? null : `Écrire la date de « ${champ.libelle} », par exemple 30/11/2026.`
    case 'heure':
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(valeur) ? null : 'Écrire l’heure, par exemple 09:30.'
    case 'ligne':
    case 'texte': {
      const max = champ.genre === 'ligne' ? LIGNE_MAX : TEXTE_MAX
      return valeur.length <= max ? null : `Raccourcir à ${max} caractères : il y en a ${valeur.length}.`
    }
  }
}

/** A civil date as forms send it; null when it is none. */
export function lireJour(texte: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(texte)) return null
  try {
    return Temporal.PlainDate.from(texte)
  } catch {
    return null
  }
}

/** Every answer that stops the form of a fact, in the order of its questions. A future fact did not happen yet. */
export function verifierActe(
  genre: GenreActe,
  le: Temporal.PlainDate | null,
  valeurs: Readonly<Record<string, string>>,
  jour: Temporal.PlainDate,
): Faute[] {
  const { champs, le: libelleLe } = decrireGenre(genre)
  const fautes: Faute[] = []
  if (le === null) fautes.push({ nom: 'le', message: `Écrire la date de « ${libelleLe} », par exemple 30/11/2026.` })
  else if (Temporal.PlainDate.compare(le, jour) > 0)
    fautes.push({ nom: 'le', message: 'Cette date est à venir : on note ici ce qui a eu lieu.' })
  for (const champ of champs) {
    const message = estDemande(champ, valeurs) ? fauteDe(champ, valeurs[champ.nom] ?? '') : null
    if (message !== null) fautes.push({ nom: champ.nom, message })
  }
  if (genre === 'element' && valeurs.accord === 'non')
    fautes.push({ nom: 'accord', message: 'Sans accord du ménage ni mesure qui le permette, rien n’est transmis.' })
  return fautes
}

/** The newest fact of the same thing: same kind, and same point when the kind has points. */
export function dernierDuGenre(
  actes: readonly ActeRequisition[],
  genre: GenreActe,
  valeurs: Readonly<Record<string, string>>,
): ActeRequisition | undefined {
  const { suivi } = decrireGenre(genre)
  if (suivi === undefined) return undefined
  return enVigueur(actes).findLast(
    (acte) => acte.genre === genre && (suivi === '' || acte.donnees[suivi] === valeurs[suivi]),
  )
}

/** Whether somebody records facts of a kind. */
export function peutNoter({ acteur }: Pick<Session, 'acteur'>, genre: GenreActe): boolean {
  const { droit } = decrireGenre(genre)
  // What is asked of others may also be written down by the State that asked, or by those who prepare with it.
  const autres = droit === 'requisition.recevoir' ? (['requisition.instruire', 'requisition.contribuer'] as const) : []
  return [droit, ...autres].some((un) => aLeDroit(acteur, un))
}

/** Whether somebody corrects or takes back a fact: their organisme noted it, or they are the State that instructs; and they could note it themselves. */
export const peutReprendre = (
  { acteur }: Pick<Session, 'acteur'>,
  { genre, organisme }: Pick<ActeRequisition, 'genre' | 'organisme'>,
): boolean =>
  peutNoter({ acteur }, genre) && (organisme === acteur.organisme || aLeDroit(acteur, 'requisition.instruire'))

/** Facts the chronology of the dossier tells. */
const FAITS: readonly { readonly genre: GenreActe; readonly type: string }[] = [
  { genre: 'enquete_reponse', type: 'enquete.remise' },
  { genre: 'siao_reponse', type: 'enquete.remise' },
  { genre: 'rapport_remis', type: 'enquete.remise' },
  { genre: 'enquete_non_realisee', type: 'enquete.non_realisee' },
  { genre: 'decision', type: 'concours.decide' },
  { genre: 'concertation_tenue', type: 'concertation.tenue' },
  { genre: 'depart_signale', type: 'depart.signale' },
  { genre: 'annulation', type: 'requisition.annulee' },
  { genre: 'intervention', type: 'expulsion.rendue_compte' },
]

const typeDuFait = (genre: GenreActe): string | undefined => FAITS.find((un) => un.genre === genre)?.type

async function ecrireTexte(
  session: Session,
  cles: Keyring,
  dossier: string,
  acte: string,
  cercle: 'etat' | 'force',
  valeurs: Readonly<Record<string, string>>,
): Promise<void> {
  if (Object.keys(valeurs).length === 0) return
  const scellement = await scellementDuDossier(session, cles, dossier)
  await session.sql`insert into requisition_texte (dept, acte, dossier, cercle, texte)
    values (${session.dept}, ${acte}, ${dossier}, ${cercle},
      ${scellement.sceller(JSON.stringify(valeurs), { table: 'requisition_texte', colonne: 'texte', id: acte })})`
}

/** Writes again what lists read of a request. */
export async function rafraichir(session: Session, requisition: Pick<Requisition, 'id'>): Promise<void> {
  const { id } = requisition
  const resume = resumer(await listerActes(session, id), await listerEnquetes(session, id), heuresDuSuivi(session))
  await session.sql`update requisition set etat = ${resume.etat}, decidee_le = ${resume.decidee_le}, executoire_le = ${resume.executoire_le},
    prevue_le = ${resume.prevue_le}, enquetes_ouvertes = ${resume.enquetes_ouvertes}, enquete_avant = ${resume.enquete_avant},
    sans_solution = ${resume.sans_solution}, depart_le = ${resume.depart_le}, suivi_avant = ${resume.suivi_avant}, version = version + 1
    where dept = ${session.dept} and id = ${id}`
  const attendue = estAttendue(resume)
  await session.sql`update enquete set attendue = ${attendue}
    where dept = ${session.dept} and requisition = ${id} and attendue <> ${attendue}`
}

/**
 * Records a fact of a request. Refuses before it writes; the same form sent twice writes once. What the person did not see when they opened the form is a conflict:
 * the newest fact of the same thing has changed since.
 */
export async function ajouterActe(
  session: Session,
  cles: Keyring,
  requisition: Pick<Requisition, 'id' | 'dossier'>,
  nouveau: NouvelActe,
): Promise<{ readonly id: string; readonly nouvelle: boolean }> {
  const { sql, dept, acteur, maintenant } = session
  const { genre, le, valeurs, envoi } = nouveau
  if (!acteur.compte || !acteur.organisme) throw new Introuvable()
  if (!isUuid(envoi)) throw refus('requisition.envoi', 'Ce formulaire est incomplet. Revenir et recommencer.')
  if (!peutNoter(session, genre)) throw new Introuvable()
  const [faute] = verifierActe(genre, le, valeurs, session.jour)
  if (faute) throw refus(`requisition.${faute.nom}`, faute.message)
  const lue = await lireRequisition(session, requisition.dossier, requisition.id, { verrou: true })
  const actes = await listerActes(session, lue.id)
  if (actes.some(({ id }) => id === envoi)) return { id: envoi, nouvelle: false }
  const cible = nouveau.remplace ? actes.find(({ id }) => id === nouveau.remplace) : undefined
  // A fact is corrected by another of its kind: anything else in its place would erase what somebody else has the right to say.
  if (nouveau.remplace && (!cible || !peutReprendre(session, cible) || (genre !== 'retrait' && genre !== cible.genre)))
    throw new Introuvable()
  exigerSuite(actes, nouveau)
  const { champs, cercle } = decrireGenre(genre)
  const demandes = champs.filter((champ) => estDemande(champ, valeurs) && (valeurs[champ.nom] ?? '') !== '')
  const garder = (scelles: boolean) =>
    Object.fromEntries(
      demandes
        .filter(({ scelle }) => (scelle ?? false) === scelles)
        .map(({ nom }) => [nom, (valeurs[nom] ?? '').replace(/\r\n/g, '\n')]),
    )
  const acte = await consignerDansLaProcedure(session, lue.dossier, { genre, le, valeurs, envoi, actes, cible })
  await sql`insert into requisition_acte (dept, id, requisition, dossier, enquete, genre, le, donnees, remplace, acte, organisme, par, a)
    values (${dept}, ${envoi}, ${lue.id}, ${lue.dossier}, ${nouveau.enquete ?? cible?.enquete ?? null}, ${genre}, ${le}, ${JSON.stringify(garder(false))}::jsonb,
      ${nouveau.remplace ?? null}, ${acte}, ${acteur.organisme}, ${acteur.compte}, ${maintenant})`
  await ecrireTexte(session, cles, lue.dossier, envoi, cercle, garder(true))
  await rafraichir(session, lue)
  const type = typeDuFait(genre)
  // The chronology tells both: what counts no more, then what was noted in its place. A fact taken back proves nothing.
  await consignerFaits(session, [
    ...(cible && typeDuFait(cible.genre)
      ? [{ dossier: lue.dossier, type: 'requisition.retiree', donnees: { acte: cible.id, quoi: cible.genre } }]
      : []),
    ...(type ? [{ dossier: lue.dossier, type, le, donnees: { ...donneesDuFait(nouveau), acte: envoi } }] : []),
  ])
  session.consigner({
    action: 'requisition.noter',
    objet: 'requisition',
    objetId: lue.id,
    dossiers: [lue.dossier],
    details: { genre, acte: envoi, ...(nouveau.remplace ? { remplace: nouveau.remplace } : {}) },
  })
  return { id: envoi, nouvelle: true }
}

/** What the chronology keeps of a fact: codes only. */
function donneesDuFait({ genre, valeurs }: NouvelActe): Record<string, string> {
  switch (genre) {
    case 'decision':
      return { sens: valeurs.sens ?? '' }
    case 'enquete_non_realisee':
      return { pourquoi: valeurs.motif ?? '' }
    case 'depart_signale':
      return { cles: valeurs.cles ?? '' }
    case 'intervention':
      return { resultat: valeurs.resultat ?? '' }
    default:
      return {}
  }
}

function exigerSuite(actes: readonly ActeRequisition[], { genre, valeurs, vu, remplace }: NouvelActe): void {
  const vivants = enVigueur(actes)
  if (genre === 'expertise_rendue' && !vivants.some((acte) => acte.genre === 'expertise_demandee'))
    throw refus('requisition.expertise', 'L’État n’a pas demandé d’expertise : elle ne se rend qu’à sa demande.')
  if (remplace && !vivants.some(({ id }) => id === remplace))
    throw new Conflit('requisition.conflit', 'Ce fait a déjà été corrigé ou retiré depuis que vous l’avez ouvert.', [
      remplace,
    ])
  const dernier = dernierDuGenre(actes, genre, valeurs)
  if (vu !== undefined && !remplace && (dernier?.id ?? '') !== vu)
    throw new Conflit(
      'requisition.conflit',
      'Quelqu’un a noté la même chose depuis que vous avez ouvert cette page.',
      dernier ? [dernier.id] : [],
    )
}

/** Takes back a fact noted by mistake: it stays in the history and counts no more. By its organisme, or by the State that instructs. */
export async function retirerActe(
  session: Session,
  cles: Keyring,
  requisition: Pick<Requisition, 'id' | 'dossier'>,
  cible: string,
  envoi: string,
): Promise<ActeRequisition> {
  const acte = enVigueur(await listerActes(session, requisition.id)).find(({ id }) => id === cible)
  if (!acte || !peutReprendre(session, acte)) throw new Introuvable()
  await ajouterActe(session, cles, requisition, {
    envoi,
    genre: 'retrait',
    le: session.jour,
    valeurs: {},
    remplace: cible,
  })
  return acte
}

/** The acts of procedure of a dossier that are force requests no instruction was opened for, newest first. */
export const requisitionsConnues = (
  dossier: Pick<Dossier, 'actes'>,
  ouvertes: readonly Pick<Requisition, 'acte'>[],
): readonly RequisitionConnue[] =>
  dossier.actes
    .filter(({ type }) => type === 'requisition_force_publique')
    .map(({ signalement, saisie, le, organisme }) => ({
      acte: saisie ?? signalement,
      autre: signalement,
      le,
      organisme,
    }))
    .filter((connue) => !ouvertes.some(({ acte }) => acte === connue.acte || acte === connue.autre))
    .toSorted((a, b) => b.le.localeCompare(a.le))

/** A force request in the procedure of a dossier: the chain it was entered as, or the signalement that brought it. */
export interface RequisitionConnue {
  readonly acte: string
  readonly autre: string
  readonly le: string
  readonly organisme: string
}
