import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import type { Keyring } from '#socle/cipher'
import { Introuvable, refus } from '#socle/errors'
import { type Candidats, collegues, lecteursDe, type Portee } from './cercles.ts'
import { scellementDuDossier } from './cles.ts'
import { auteurDe, lireEcrit, verifierTexte } from './ecrits.ts'
import { exigerEnvoi } from './lecteurs.ts'

/** A note about to be written. */
export interface NouvelleNote {
  readonly dossier: string
  readonly texte: string
  /** Named colleagues, besides the author. */
  readonly equipe: readonly string[]
  /** The reserved page of a report: the whole social service of the Département, instead of a team (ACC-04). */
  readonly auService: boolean
  /** Why others than the author read it. */
  readonly motif: string
  /** Drawn with the form: the id it is kept under, so that sending it twice writes once. */
  readonly envoi: string
}

/** Whom a note would be for. The author's organisme comes from the session. */
export function porteeDeNote(
  session: Session,
  { equipe, auService }: Pick<NouvelleNote, 'equipe' | 'auService'>,
): Portee {
  const { compte, organisme } = auteurDe(session)
  return { cercle: 'note', auteur: compte, organisme, equipe: auService ? [] : equipe, au_service: auService }
}

function verifierEquipe(session: Session, candidats: Candidats, equipe: readonly string[]): void {
  const connus = new Set(collegues(candidats, session.acteur).map(({ compte }) => compte))
  if (equipe.some((compte) => !connus.has(compte)))
    throw refus('ecrit.equipe', 'Choisir des collègues de votre service qui suivent ce dossier.')
}

/** Only the social service of the Département writes the enquiry on the use of force. */
export const tientPageReservee = (candidats: Candidats, { acteur }: Pick<Session, 'acteur'>): boolean =>
  candidats.some(({ compte, organismeType }) => compte === acteur.compte && organismeType === 'departement')

/** Says what stops a note, before it is shown again to be re-read. */
export function verifierNote(session: Session, candidats: Candidats, note: Omit<NouvelleNote, 'envoi'>): void {
  verifierEquipe(session, candidats, note.equipe)
  if (note.auService && !tientPageReservee(candidats, session))
    throw refus('ecrit.equipe', 'La page réservée du rapport est tenue par le service social du Département.')
  const lecteurs = lecteursDe(candidats, porteeDeNote(session, note))
  verifierTexte(
    note.texte,
    note.motif,
    lecteurs.some(({ compte }) => compte !== session.acteur.compte),
  )
}

/** Keeps a private professional note: sealed, for its author and the team named. Returns its id. */
export async function ecrireNote(
  session: Session,
  cles: Keyring,
  candidats: Candidats,
  note: NouvelleNote,
): Promise<string> {
  verifierNote(session, candidats, note)
  const { compte, organisme } = auteurDe(session)
  const id = exigerEnvoi(note.envoi)
  const scellement = await scellementDuDossier(session, cles, note.dossier)
  const table = 'note_professionnelle'
  const motif = note.motif.trim()
  const equipe = note.auService ? [] : note.equipe
  const ecrite = await session.sql`
    insert into note_professionnelle (dept, id, dossier, auteur, organisme, nature, equipe, au_service, texte, motif, a)
    values (${session.dept}, ${id}, ${note.dossier}, ${compte}, ${organisme}, ${note.auService ? 'page_reservee' : 'note'}, ${equipe}::uuid[], ${note.auService},
      ${scellement.sceller(note.texte, { table, colonne: 'texte', id })},
      ${motif === '' ? null : scellement.sceller(motif, { table, colonne: 'motif', id })}, ${session.maintenant})
    on conflict (dept, id) do nothing returning id`
  if (ecrite.length === 0) return id
  session.consigner({
    action: 'note.ecrire',
    objet: 'ecrit',
    objetId: id,
    dossiers: [note.dossier],
    details: { cercle: 1, lecteurs: lecteursDe(candidats, porteeDeNote(session, note)).map((un) => un.compte) },
  })
  return id
}

/** A team about to widen. */
export interface Elargissement {
  readonly dossier: string
  readonly note: string
  readonly comptes: readonly string[]
  readonly motif: string
}

/** Reads a note its author may open to colleagues; whose it is not, or a note already open to the whole service, it does not exist. */
export async function lireNoteAElargir(session: Session, cles: Keyring, dossier: string, id: string) {
  const note = await lireEcrit(session, cles, dossier, id)
  if (note.portee.cercle !== 'note' || note.portee.auteur !== session.acteur.compte || note.portee.au_service)
    throw new Introuvable()
  return { ...note, portee: note.portee }
}

/** Says what stops a team from widening. */
export function verifierElargissement(
  session: Session,
  candidats: Candidats,
  { comptes, motif }: Pick<Elargissement, 'comptes' | 'motif'>,
): void {
  if (comptes.length === 0) throw refus('ecrit.equipe', 'Choisir au moins un collègue.')
  verifierEquipe(session, candidats, comptes)
  verifierTexte('-', motif, true)
}

/** Opens a note to named colleagues: an act of its author, with its reason. It never narrows again: what was read was read. */
export async function elargirNote(
  session: Session,
  cles: Keyring,
  candidats: Candidats,
  demande: Elargissement,
): Promise<void> {
  verifierElargissement(session, candidats, demande)
  const { dossier } = demande
  const note = await lireNoteAElargir(session, cles, dossier, demande.note)
  const nouveaux = demande.comptes.filter((compte) => !note.portee.equipe.includes(compte))
  if (nouveaux.length === 0) return
  const id = randomUUID()
  const scellement = await scellementDuDossier(session, cles, dossier)
  await session.sql`insert into note_elargie (dept, id, note, dossier, comptes, motif, a, par)
    values (${session.dept}, ${id}, ${note.id}, ${dossier}, ${nouveaux}::uuid[],
      ${scellement.sceller(demande.motif.trim(), { table: 'note_elargie', colonne: 'motif', id })}, ${session.maintenant}, ${note.portee.auteur})`
  await session.sql`update note_professionnelle set equipe = equipe || ${nouveaux}::uuid[] where dept = ${session.dept} and id = ${note.id}`
  session.consigner({
    action: 'note.elargir',
    objet: 'ecrit',
    objetId: note.id,
    dossiers: [dossier],
    details: { cercle: 1, lecteurs: nouveaux },
  })
}
