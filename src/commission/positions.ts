import { aLeDroit, type Session } from '#acces'
import type { Dossier } from '#dossiers'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { UUID } from './commissions.ts'
import { placePosition } from './releves.ts'
import type { ReponseQuestion } from './reponses.ts'

const PRECISION_MAX = 600

/** What changed for a household, in a click. Closed; nothing near health is asked. */
export const genresChangement = {
  ressources: 'Les ressources ont changé',
  composition: 'La composition du ménage a changé',
  loyer: 'Le loyer n’est plus payé, ou l’est de nouveau',
  dette: 'La dette a beaucoup changé',
  logement: 'Le logement change : mutation, relogement, départ',
  adhesion: 'Le ménage n’adhère plus, ou s’est remis en lien',
  procedure: 'La procédure avance',
  autre: 'Autre fait nouveau',
} as const
export type GenreChangement = keyof typeof genresChangement

/** What every partner entitled holds to, for one dossier. */
export interface PositionCommune {
  readonly id: string
  readonly prise_le: Temporal.PlainDate
  readonly commission: string
  readonly maintien: ReponseQuestion | null
  readonly adapte: ReponseQuestion | null
  readonly discours: string
  /** A change was reported since: the position waits to be examined again. */
  readonly rouverte_a: Temporal.Instant | null
}

export interface Changement {
  readonly id: string
  readonly genre: GenreChangement
  readonly precision: string
  readonly etat: 'signale' | 'inscrit' | 'ecarte'
  readonly organisme_nom: string
  readonly a: Temporal.Instant
  readonly dossier: string
}

const placeChangement = (id: string) => `changement|precision|${id}`

/** The common position of a dossier; null when the commission took none, or when this session may not read it. */
export async function lirePosition(session: Session, dossier: string): Promise<PositionCommune | null> {
  if (!aLeDroit(session.acteur, 'orientation.consulter')) return null
  const { sql, dept } = session
  const [ligne] = await sql<PositionCommune>`
    select p.id, p.prise_le, c.nom as commission, p.maintien, p.adapte, p.discours, p.rouverte_a from position_commune p
    join seance s on s.dept = ${dept} and s.id = p.seance join commission c on c.dept = ${dept} and c.id = s.commission
    where p.dept = ${dept} and p.dossier = ${dossier} and p.remplacee_a is null`
  if (!ligne) return null
  return { ...ligne, discours: String((await session.coffre()).ouvrir(ligne.discours, placePosition(ligne.id))) }
}

/** Changes reported on a dossier and not dealt with, newest first. */
export async function listerChangements(session: Session, dossier?: string): Promise<Changement[]> {
  const { sql, dept } = session
  const lignes = await sql<Omit<Changement, 'precision'> & { precision: string | null }>`
    select x.id, x.genre, x.precision, x.etat, o.nom as organisme_nom, x.a, x.dossier from changement x
    join organisme o on o.dept = ${dept} and o.id = x.organisme
    where x.dept = ${dept} and x.etat = 'signale' and (${dossier ?? null}::uuid is null or x.dossier = ${dossier ?? null}::uuid) order by x.a desc, x.id`
  const coffre = await session.coffre()
  return lignes.map(({ precision, ...ligne }) => ({
    ...ligne,
    precision: precision === null ? '' : String(coffre.ouvrir(precision, placeChangement(ligne.id))),
  }))
}

/**
 * A partner reports that the situation changed (COM-17): the common position is reopened and the dossier proposed for the next agenda. `envoi` is drawn with the form:
 * sent twice, written once.
 */
export async function signalerChangement(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'clos_le'>,
  { genre, precision, envoi }: { readonly genre: string; readonly precision: string; readonly envoi: string },
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  if (!UUID.test(envoi)) throw new Introuvable()
  if (!Object.hasOwn(genresChangement, genre)) throw refus('changement.genre', 'Dire ce qui a changé.')
  if (precision.length > PRECISION_MAX)
    throw refus('changement.longueur', `${PRECISION_MAX} caractères au plus, il y en a ${precision.length}.`)
  if (dossier.clos_le !== null) throw new Conflit('dossier.clos', 'Ce dossier est clos : le rouvrir d’abord.')
  const scelle = precision === '' ? null : (await session.coffre()).sceller(precision, placeChangement(envoi))
  const [ecrit] = await sql`insert into changement (dept, id, dossier, genre, precision, etat, organisme, par, a)
    values (${dept}, ${envoi}, ${dossier.id}, ${genre}, ${scelle}, 'signale', ${acteur.organisme}, ${acteur.compte}, ${maintenant})
    on conflict (dept, id) do nothing returning id`
  if (!ecrit) return
  await sql`update position_commune set rouverte_a = ${maintenant}, rouverte_par = ${acteur.compte}
    where dept = ${dept} and dossier = ${dossier.id} and remplacee_a is null and rouverte_a is null`
  session.consigner({
    action: 'changement.signaler',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { genre },
  })
}
