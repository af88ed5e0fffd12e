import type { Session } from '#acces'
import { DERNIER_CONTACT, INCHANGE, SANS_REUNION } from './conditions.ts'
import { dureeAu, dureesDe } from './durees.ts'

/** What a pass moved. */
export interface BilanProposition {
  readonly repris: number
  readonly proposes: number
  readonly aEliminer: number
}

/**
 * Brings the retention of closed dossiers to the day (ACC-14): what was opened again or met again comes back, what was left alone long enough is proposed to the
 * archive, then to elimination. It proposes: nothing is archived nor erased here. Under the actor of background work; running it again changes nothing.
 */
export async function proposerConservation(session: Session): Promise<BilanProposition> {
  const { sql, dept, jour } = session
  const durees = dureesDe(session.referentiel.racine)
  const active = dureeAu(durees, 'dossier_actif', jour)
  const archive = dureeAu(durees, 'dossier_archive', jour)
  // Opened again, met or joined since: out of the archive and of the lists, whatever was signed. What is signed leaves its list first: proofs are not deleted.
  await sql`update conservation_dossier c set etat = 'a_eliminer', bordereau = null from dossier d
    where c.dept = ${dept} and c.etat = 'vise' and d.dept = c.dept and d.id = c.dossier and not ${INCHANGE}`
  const repris = await sql<{ dossier: string }>`
    delete from conservation_dossier c using dossier d
    where c.dept = ${dept} and c.etat in ('a_archiver', 'archive', 'a_eliminer') and d.dept = c.dept and d.id = c.dossier
      and not ${INCHANGE}
    returning c.dossier`
  await sql`update dossier set archive_le = null where dept = ${dept} and archive_le is not null
    and not exists (select 1 from conservation_dossier c where c.dept = ${dept} and c.dossier = dossier.id)`
  if (active === null) return { repris: repris.length, proposes: 0, aEliminer: 0 }
  const proposes = await sql<{ dossier: string }>`
    insert into conservation_dossier (dept, dossier, reference, territoire, clos_le, issue, dernier_contact_le, archivable_le, etat)
    select d.dept, d.id, d.reference, d.territoire, d.clos_le, d.motif_cloture, d.contact, (d.contact + ${active.toString()}::interval)::date, 'a_archiver'
    from (select d.dept, d.id, d.reference, d.territoire, d.clos_le, d.motif_cloture, ${DERNIER_CONTACT} as contact
      from dossier d where d.dept = ${dept} and d.clos_le is not null and d.archive_le is null and ${SANS_REUNION}
        and d.clos_le <= ${jour.subtract(active)}
        and not exists (select 1 from conservation_dossier c where c.dept = ${dept} and c.dossier = d.id)) d
    where (d.contact + ${active.toString()}::interval)::date <= ${jour}
    on conflict (dept, dossier) do nothing returning dossier`
  const aEliminer =
    archive === null
      ? []
      : await sql`update conservation_dossier set etat = 'a_eliminer'
          where dept = ${dept} and etat = 'archive' and eliminable_le <= ${jour} returning dossier`
  if (repris.length + proposes.length + aEliminer.length > 0)
    session.consigner({
      action: 'conservation.proposer',
      dossiers: [...repris, ...proposes].map(({ dossier }) => dossier),
      details: { repris: repris.length, proposes: proposes.length, a_eliminer: aEliminer.length },
    })
  return { repris: repris.length, proposes: proposes.length, aEliminer: aEliminer.length }
}
