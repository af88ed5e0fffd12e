import type { Session } from '#acces'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { verrouillerSeance } from './seances.ts'

/** What a plenary session speaks of besides files (COM-23, COM-24). Closed. */
export const genresPoint = {
  bilan: 'Bilan de l’année',
  groupe: 'Résultats d’un groupe de travail',
  pratiques: 'Échange de pratiques',
  actualite: 'Actualité',
  charte: 'Avis sur la charte ou un avenant',
  autre: 'Autre point',
} as const
export type GenrePoint = keyof typeof genresPoint

/** What the commission says of the charter or of an amendment. */
export const avisCharte = {
  favorable: 'Favorable',
  reserves: 'Favorable avec réserves',
  defavorable: 'Défavorable',
} as const
export type AvisCharte = keyof typeof avisCharte

/** A point of a session about no household. */
export interface Point {
  readonly id: string
  readonly genre: GenrePoint
  readonly titre: string
  readonly avis: AvisCharte | null
  /** What was said or decided: sealed, as everything people write of a session. */
  readonly conclusion: string
  readonly version: number
}

export interface SaisiePoint {
  readonly genre: string
  readonly titre: string
  readonly avis: string
  readonly conclusion: string
}

const TITRE_MAX = 200
const CONCLUSION_MAX = 4000
const place = (id: string): string => `seance_point|conclusion|${id}`

/** Points of a session, in the order they were written. */
export async function listerPoints(session: Session, seance: string): Promise<Point[]> {
  const { dept, sql } = session
  const lignes = await sql<Omit<Point, 'conclusion'> & { conclusion: string | null }>`
    select id, genre, titre, avis, conclusion, version from seance_point where dept = ${dept} and seance = ${seance} order by rang`
  const coffre = lignes.some(({ conclusion }) => conclusion !== null) ? await session.coffre() : null
  return lignes.map(({ conclusion, ...ligne }) => ({
    ...ligne,
    conclusion: conclusion !== null && coffre ? String(coffre.ouvrir(conclusion, place(ligne.id))) : '',
  }))
}

function verifier({ genre, titre, avis, conclusion }: SaisiePoint) {
  if (!Object.hasOwn(genresPoint, genre)) throw refus('point.genre', 'Choisir de quoi il s’agit.')
  if (titre.length < 3 || titre.length > TITRE_MAX)
    throw refus('point.titre', `Écrire l’objet du point, en 3 à ${TITRE_MAX} caractères.`)
  if (conclusion.length > CONCLUSION_MAX)
    throw refus('point.conclusion', `Raccourcir à ${CONCLUSION_MAX} caractères : il y en a ${conclusion.length}.`)
  const rendu = Object.hasOwn(avisCharte, avis) ? (avis as AvisCharte) : null
  if (rendu !== null && genre !== 'charte')
    throw refus(
      'point.avis',
      'Un avis se rend sur la charte ou sur un avenant : choisir cet objet, ou ne pas en rendre.',
    )
  return { genre: genre as GenrePoint, avis: rendu }
}

async function sceller(session: Session, id: string, conclusion: string): Promise<string | null> {
  return conclusion === '' ? null : (await session.coffre()).sceller(conclusion, place(id), 256)
}

const noter = (session: Session, seance: string, acte: string, point: string): void =>
  session.consigner({ action: 'seance.preparer', objet: 'seance', objetId: seance, details: { acte, point } })

/** Puts a point on a session that is not closed. `id` is the mark of the form: sent twice, one point. */
export async function ajouterPoint(
  session: Session,
  id: string,
  saisie: SaisiePoint & { readonly envoi: string },
): Promise<void> {
  const { dept, acteur, maintenant, sql } = session
  const seance = await verrouillerSeance(session, id, null)
  if (seance.etat === 'annulee') throw refus('seance.etat', 'Cette séance est annulée.')
  if (!isUuid(saisie.envoi)) throw refus('point.envoi', 'Ce formulaire est incomplet : recharger la page.')
  const { genre, avis } = verifier(saisie)
  const [ecrit] =
    await sql`insert into seance_point (dept, id, seance, genre, titre, avis, conclusion, cree_a, cree_par)
    values (${dept}, ${saisie.envoi}, ${seance.id}, ${genre}, ${saisie.titre}, ${avis}, ${await sceller(session, saisie.envoi, saisie.conclusion)}, ${maintenant},
      ${acteur.compte}) on conflict (dept, id) do nothing returning id`
  if (ecrit) noter(session, seance.id, 'point', saisie.envoi)
}

/** Corrects a point, or writes what was said of it, against the version its page showed. */
export async function ecrirePoint(
  session: Session,
  id: string,
  point: string,
  vu: number,
  saisie: SaisiePoint,
): Promise<void> {
  const { dept, sql } = session
  const seance = await verrouillerSeance(session, id, null)
  if (!isUuid(point)) throw new Introuvable()
  const { genre, avis } = verifier(saisie)
  const [la] = await sql<{
    version: number
  }>`select version from seance_point where dept = ${dept} and id = ${point} and seance = ${seance.id}`
  if (!la) throw new Introuvable()
  if (la.version !== vu)
    throw new Conflit(
      'point.change',
      'Quelqu’un a écrit sur ce point depuis l’ouverture de la page : rien n’est enregistré.',
    )
  await sql`update seance_point set genre = ${genre}, titre = ${saisie.titre}, avis = ${avis}, conclusion = ${await sceller(session, point, saisie.conclusion)},
      version = version + 1 where dept = ${dept} and id = ${point}`
  noter(session, seance.id, 'point', point)
}

/** Takes a point off, against the version its page showed. */
export async function retirerPoint(session: Session, id: string, point: string, vu: number): Promise<void> {
  const { dept, sql } = session
  const seance = await verrouillerSeance(session, id, null)
  if (!isUuid(point)) throw new Introuvable()
  const [retire] =
    await sql`delete from seance_point where dept = ${dept} and id = ${point} and seance = ${seance.id} and version = ${vu} returning id`
  if (!retire) throw new Conflit('point.change', 'Ce point a changé depuis l’ouverture de la page : rien n’est retiré.')
  noter(session, seance.id, 'point_retire', point)
}
