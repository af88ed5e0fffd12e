import { aLeDroit, type Session } from '#acces'
import { EVENEMENTS_MAX, type EvenementPropose, periodeCalendrier } from '#notifications'

/** Source of calendars: sessions of the commissions where the organisme of the person sits, or that it keeps. The page says the rest. */
export async function seancesAVenir(session: Session): Promise<EvenementPropose[]> {
  const { sql, dept, jour, acteur } = session
  if (!aLeDroit(acteur, 'commission.consulter') || !acteur.organisme) return []
  const { du, au } = periodeCalendrier(session)
  const seances = await sql<{
    id: string
    nom: string
    le: Temporal.PlainDate
    debut: string
    fin: string
  }>`
    select s.id, c.nom, s.le, s.debut, s.fin from seance s join commission c on c.dept = ${dept} and c.id = s.commission
    where s.dept = ${dept} and s.etat <> 'annulee' and s.le between ${du} and ${au} and (c.secretariat = ${acteur.organisme}::uuid
      or exists (select 1 from commission_membre m where m.dept = ${dept} and m.commission = c.id and m.organisme = ${acteur.organisme}::uuid
        and m.du <= s.le and (m.jusqu_au is null or m.jusqu_au >= s.le)))
    order by s.le < ${jour}, abs(s.le - ${jour}::date), s.id limit ${EVENEMENTS_MAX}`
  return seances.map(({ id, nom, le, debut, fin }) => {
    const [commence, finit] = [Temporal.PlainTime.from(debut), Temporal.PlainTime.from(fin)]
    return {
      uid: `seance-${id}`,
      titre: `Séance, ${nom}`,
      debut: le.toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: commence }),
      minutes: commence.until(finit).total('minutes'),
      chemin: `/seances/${id}`,
      dossier: null,
    }
  })
}
