import type { Session } from '#acces'
import { dansLePerimetre } from '#dossiers'

/** A grant that nobody was told of yet. */
export interface OctroiADire {
  readonly requisition: string
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly decidee_le: Temporal.PlainDate
}

/** Grants that were not told to anybody since they were decided (RFP-20, RFP-21), the oldest first. */
export async function listerOctroisADire(session: Session): Promise<OctroiADire[]> {
  const { sql, dept } = session
  const octrois = await sql<OctroiADire>`
    select r.id as requisition, d.id as dossier, d.reference, d.titulaire, r.decidee_le
    from requisition r join dossier d on d.dept = ${dept} and d.id = r.dossier and d.clos_le is null
    where r.dept = ${dept} and r.etat = 'accordee' and r.decidee_le is not null and ${dansLePerimetre(session)}
      and not exists (select 1 from diffusion x where x.dept = ${dept} and x.requisition = r.id and x.genre in ('decision', 'date')
        and (x.a at time zone 'Europe/Paris')::date >= r.decidee_le)
    order by r.decidee_le, d.nom_tri collate "C", r.id`
  session.consigner({ action: 'requisitions.lister', dossiers: octrois.map(({ dossier }) => dossier) })
  return octrois
}
