import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import { type ExpertiseDite, listerExpertisesDites } from '#commission'
import { enVigueur } from './resume.ts'
import type { ActeRequisition } from './types.ts'

/** An expertise the State asked of the commission and still waits for: whose dossier, since when. Why is for the State alone. */
export interface ExpertiseAttendue {
  readonly dossier: string
  readonly requisition: string
  readonly demandee_le: Temporal.PlainDate
}

type Ligne = Pick<ActeRequisition, 'id' | 'rang' | 'genre' | 'le' | 'donnees' | 'remplace' | 'enquete'> & {
  readonly dossier: string
  readonly requisition: string
}

/** Expertises asked on force requests of these territories and not given yet (RFP, COM-04, COM-11). What was taken back does not count. */
export async function listerExpertisesAttendues(
  { dept, sql }: Session,
  territoires: readonly string[],
): Promise<ExpertiseAttendue[]> {
  const actes = await sql<Ligne>`
    select a.id, a.rang, a.genre, a.le, a.donnees, a.remplace, a.enquete, a.dossier, a.requisition
    from requisition_acte a join dossier d on d.dept = ${dept} and d.id = a.dossier and d.clos_le is null and d.territoire = any (${territoires}::text[])
    where a.dept = ${dept} and exists (select 1 from requisition_acte x where x.dept = ${dept} and x.requisition = a.requisition and x.genre = 'expertise_demandee')
      and a.genre in ('expertise_demandee', 'expertise_rendue', 'retrait')
    order by a.dossier, a.rang`
  const parRequisition = Map.groupBy(actes, ({ requisition }) => requisition)
  return [...parRequisition.values()].flatMap((siens) => {
    const vivants = enVigueur(siens)
    const demandee = vivants.findLast(({ genre }) => genre === 'expertise_demandee')
    const rendue = vivants.some(({ genre }) => genre === 'expertise_rendue')
    return demandee && !rendue
      ? [{ dossier: demandee.dossier, requisition: demandee.requisition, demandee_le: demandee.le }]
      : []
  })
}

/** A force request whose expertise the State asked for, with what was rendered on it so far. */
interface Demandee {
  readonly dossier: string
  readonly requisition: string
  readonly demandee_le: Temporal.PlainDate
  readonly rendue: string | null
}

async function listerDemandees({ dept, sql }: Session): Promise<Demandee[]> {
  const actes = await sql<Ligne>`
    select a.id, a.rang, a.genre, a.le, a.donnees, a.remplace, a.enquete, a.dossier, a.requisition
    from requisition_acte a where a.dept = ${dept} and a.genre in ('expertise_demandee', 'expertise_rendue', 'retrait')
      and exists (select 1 from requisition_acte x where x.dept = ${dept} and x.requisition = a.requisition and x.genre = 'expertise_demandee')
    order by a.requisition, a.rang`
  return [...Map.groupBy(actes, ({ requisition }) => requisition).values()].flatMap((siens) => {
    const vivants = enVigueur(siens)
    const demandee = vivants.findLast(({ genre }) => genre === 'expertise_demandee')
    const rendue = vivants.findLast(({ genre }) => genre === 'expertise_rendue')
    if (!demandee) return []
    const { dossier, requisition, le } = demandee
    return [{ dossier, requisition, demandee_le: le, rendue: rendue?.id ?? null }]
  })
}

/**
 * Pulls the expertises that sessions of the commission told (COM-11) and notes each in the force request it enlightens: under its own id, so that twice is once, for the
 * secretariat that held the session. One a rectified statement took back is replaced by the one in its place. One noted by hand stays. Returns how many were noted.
 */
export async function noterExpertisesRendues(application: Application, dept: string): Promise<number> {
  return ouvrirSession(application, acteurSysteme(dept, 'expertises'), 'requisition.contribuer', async (session) => {
    const demandees = await listerDemandees(session)
    const dites = await listerExpertisesDites(
      session,
      demandees.map(({ dossier }) => dossier),
    )
    const dASession = new Set(await listerRenduesEnSession(session, demandees))
    let nombre = 0
    for (const demandee of demandees) {
      const { dossier, demandee_le, rendue } = demandee
      const dite = dites.find((une) => une.dossier === dossier && Temporal.PlainDate.compare(une.le, demandee_le) >= 0)
      if (!dite || rendue === dite.id || (rendue !== null && !dASession.has(rendue))) continue
      await noter(session, demandee, dite)
      nombre += 1
    }
    return nombre
  })
}

/** Among the expertises in force, those a session told: the others were noted by hand. */
async function listerRenduesEnSession(session: Session, demandees: readonly Demandee[]): Promise<string[]> {
  const ids = demandees.flatMap(({ rendue }) => rendue ?? [])
  if (ids.length === 0) return []
  const lignes = await session.sql<{ id: string }>`select id from requisition_acte
    where dept = ${session.dept} and id = any (${ids}::uuid[]) and donnees->>'seance' = 'oui'`
  return lignes.map(({ id }) => id)
}

/** What lists read of a request does not depend on it: they are not written again. Its reason stays where the State reads it, with what the commission addresses to it. */
async function noter(
  { dept, maintenant, sql, consigner }: Session,
  { dossier, requisition, rendue }: Demandee,
  { id, le, sens, par, organisme }: ExpertiseDite,
): Promise<void> {
  const [ecrit] =
    await sql`insert into requisition_acte (dept, id, requisition, dossier, genre, le, donnees, remplace, organisme, par, a)
    values (${dept}, ${id}, ${requisition}, ${dossier}, 'expertise_rendue', ${le}, ${JSON.stringify({ sens, seance: 'oui' })}::jsonb, ${rendue}, ${organisme}, ${par},
      ${maintenant}) on conflict (dept, id) do nothing returning id`
  if (!ecrit) return
  consigner({
    action: 'requisition.noter',
    objet: 'requisition',
    objetId: requisition,
    dossiers: [dossier],
    details: { genre: 'expertise_rendue', acte: id, ...(rendue === null ? {} : { remplace: rendue }) },
  })
}
