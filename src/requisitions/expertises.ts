import type { Session } from '#acces'
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
