import { aLeDroit, type Session } from '#acces'
import type { Dossier } from '#dossiers'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import type { SensExpertise } from './deliberations.ts'
import type { Attente } from './ordre-du-jour.ts'
import { placePosition } from './releves.ts'
import type { ReponseQuestion } from './reponses.ts'
import type { Seance } from './seances.ts'

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
  /** Since when a change reported by a partner waits to be examined; null when none does. */
  readonly rouverte_a: Temporal.Instant | null
}

export interface Changement {
  readonly id: string
  readonly genre: GenreChangement
  readonly precision: string
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
    select p.id, p.prise_le, c.nom as commission, p.maintien, p.adapte, p.discours,
      (select min(x.a) from changement x where x.dept = ${dept} and x.dossier = p.dossier and x.examine_a is null) as rouverte_a
    from position_commune p
    join seance s on s.dept = ${dept} and s.id = p.seance join commission c on c.dept = ${dept} and c.id = s.commission
    where p.dept = ${dept} and p.dossier = ${dossier} and p.remplacee_a is null`
  if (!ligne) return null
  return { ...ligne, discours: String((await session.coffre()).ouvrir(ligne.discours, placePosition(ligne.id))) }
}

/** Changes reported on a dossier that no session has examined since, newest first. */
export async function listerChangements(session: Session, dossier: string): Promise<Changement[]> {
  const { sql, dept } = session
  const lignes = await sql<Omit<Changement, 'precision'> & { precision: string | null }>`
    select x.id, x.genre, x.precision, o.nom as organisme_nom, x.a, x.dossier from changement x
    join organisme o on o.dept = ${dept} and o.id = x.organisme
    where x.dept = ${dept} and x.dossier = ${dossier} and x.examine_a is null
    order by x.a desc, x.id`
  const coffre = await session.coffre()
  return lignes.map(({ precision, ...ligne }) => ({
    ...ligne,
    precision: precision === null ? '' : String(coffre.ouvrir(precision, placeChangement(ligne.id))),
  }))
}

/** An expertise a session rendered, once told: what the force request it enlightens is to say of it. Its reason stays with the State. */
export interface ExpertiseDite {
  readonly id: string
  readonly dossier: string
  readonly le: Temporal.PlainDate
  readonly sens: SensExpertise
  /** Who wrote it in session, and for whom. */
  readonly par: string
  readonly organisme: string
}

/** Expertises told on these dossiers, newest first; those a rectified statement took back are left out. */
export function listerExpertisesDites(
  { sql, dept }: Session,
  dossiers: readonly string[],
): Promise<readonly ExpertiseDite[]> {
  return sql<ExpertiseDite>`
    select p.id, p.dossier, s.le, p.sens, x.modifiee_par as par, c.secretariat as organisme
    from prononce p join deliberation x on x.dept = ${dept} and x.id = p.deliberation join seance s on s.dept = ${dept} and s.id = p.seance
    join commission c on c.dept = ${dept} and c.id = s.commission
    where p.dept = ${dept} and p.dossier = any (${dossiers}::uuid[]) and p.genre = 'expertise' and p.notifie_a is not null and p.etat <> 'remplace'
    order by p.notifie_a desc, p.id`
}

/** When the State was told the expertise of a commission, by dossier: the newest. */
export async function lireExpertisesDites(
  { sql, dept }: Session,
  dossiers: readonly string[],
): Promise<ReadonlyMap<string, Temporal.PlainDate>> {
  const lignes = await sql<{ dossier: string; le: Temporal.PlainDate }>`
    select dossier, max((notifie_a at time zone 'Europe/Paris')::date) as le from prononce
    where dept = ${dept} and dossier = any (${dossiers}::uuid[]) and genre = 'expertise' and notifie_a is not null and etat <> 'remplace' group by dossier`
  return new Map(lignes.map(({ dossier, le }) => [dossier, le]))
}

/**
 * Open dossiers of the territories of a session to examine again: a change was reported and nobody put them on an agenda nor decided since (COM-17), or a return never came
 * (COM-16). One line per dossier, the change first.
 */
export async function listerAReexaminer(
  { sql, dept, jour }: Session,
  { territoires }: Pick<Seance, 'territoires'>,
): Promise<Attente[]> {
  return sql<Attente>`
    with attendus as (
      select x.dossier, 'reexamen' as origine, x.id as origine_id, (x.a at time zone 'Europe/Paris')::date as depuis, x.a, 1 as rang
      from changement x where x.dept = ${dept} and x.examine_a is null
      union all
      select p.dossier, 'retour', p.id, p.retour_avant, p.notifie_a, 2 from prononce p
      where p.dept = ${dept} and p.etat = 'attendu' and p.retour_avant < ${jour}
    )
    select distinct on (w.dossier) w.dossier, w.origine, w.origine_id, w.depuis
    from attendus w join dossier d on d.dept = ${dept} and d.id = w.dossier and d.clos_le is null and d.territoire = any (${territoires}::text[])
    where not exists (select 1 from inscription i left join deliberation b on b.dept = ${dept} and b.inscription = i.id
      where i.dept = ${dept} and i.dossier_id = w.dossier and i.etat <> 'retire' and (i.inscrite_a > w.a or b.adoptee_a > w.a))
    order by w.dossier, w.rang, w.a`
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
  if (!isUuid(envoi)) throw new Introuvable()
  if (!Object.hasOwn(genresChangement, genre)) throw refus('changement.genre', 'Dire ce qui a changé.')
  if (precision.length > PRECISION_MAX)
    throw refus('changement.longueur', `${PRECISION_MAX} caractères au plus, il y en a ${precision.length}.`)
  if (dossier.clos_le !== null) throw new Conflit('dossier.clos', 'Ce dossier est clos : le rouvrir d’abord.')
  const scelle = precision === '' ? null : (await session.coffre()).sceller(precision, placeChangement(envoi))
  const [ecrit] = await sql`insert into changement (dept, id, dossier, genre, precision, organisme, par, a)
    values (${dept}, ${envoi}, ${dossier.id}, ${genre}, ${scelle}, ${acteur.organisme}, ${acteur.compte}, ${maintenant})
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

/**
 * Job: a change of situation reported at reception, by whoever learns it, since the orientation of the commission was decided (SIG-17). It waits for the next agenda as
 * those that partners of the dossier report do, as long as its signalement is in the dossier: withdrawn, or placed elsewhere, it no longer waits. Returns how many are new.
 */
export async function noterChangementsRecus(session: Session): Promise<number> {
  const { sql, dept } = session
  await sql`delete from changement c where c.dept = ${dept} and c.par is null and c.examine_a is null and not exists (
    select 1 from rattachement r join signalement s on s.dept = ${dept} and s.id = r.signalement and s.retire_a is null
    where r.dept = ${dept} and r.signalement = c.id and r.dossier = c.dossier and r.defait_a is null)`
  const notes = await sql<{ dossier: string }>`
    insert into changement (dept, id, dossier, genre, organisme, a)
    select ${dept}, s.id, r.dossier, 'autre', s.organisme, s.recu_a
    from position_commune p join deliberation b on b.dept = ${dept} and b.id = p.deliberation
    join dossier d on d.dept = ${dept} and d.id = p.dossier and d.clos_le is null
    join rattachement r on r.dept = ${dept} and r.dossier = p.dossier and r.defait_a is null
    join signalement s on s.dept = ${dept} and s.id = r.signalement and s.retire_a is null and s.type = 'changement_de_situation' and s.recu_a > b.adoptee_a
    where p.dept = ${dept} and p.remplacee_a is null
    on conflict (dept, id) do nothing returning dossier`
  const dossiers = [...new Set(notes.map(({ dossier }) => dossier))]
  if (dossiers.length > 0)
    session.consigner({ action: 'changement.signaler', dossiers, details: { signalements: notes.length } })
  return notes.length
}
