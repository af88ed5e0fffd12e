import { aLeDroit, type Session } from '#acces'
import { dansLePerimetre } from '#dossiers'
import { EVENEMENTS_MAX, type EvenementPropose, periodeCalendrier } from '#notifications'

/** Source of calendars: interviews proposed by the organisme of the person and not held yet. The page says the rest. */
export async function entretiensAVenir(session: Session): Promise<EvenementPropose[]> {
  const { sql, dept, jour, acteur } = session
  if (!aLeDroit(acteur, 'diagnostic.consulter') || !acteur.organisme) return []
  const { du, au } = periodeCalendrier(session)
  const entretiens = await sql<{ id: string; dossier: string; reference: string; pour_le: Temporal.PlainDate }>`
    select e.id, e.dossier, d.reference, e.pour_le
    from diagnostic_entretien e
    join diagnostic x on x.dept = ${dept} and x.id = e.diagnostic and x.organisme = ${acteur.organisme}::uuid
    join dossier d on d.dept = ${dept} and d.id = e.dossier
    where e.dept = ${dept} and e.issue is null and e.pour_le between ${du} and ${au}
      and d.clos_le is null and ${dansLePerimetre(session)}
    order by e.pour_le < ${jour}, abs(e.pour_le - ${jour}::date), e.id limit ${EVENEMENTS_MAX}`
  return entretiens.map(({ id, dossier, reference, pour_le }) => ({
    uid: `rendez-vous-${id}`,
    titre: `Rendez-vous, dossier ${reference}`,
    debut: pour_le,
    chemin: `/dossiers/${reference}/diagnostics`,
    dossier,
  }))
}
