import type { Session } from '#acces'
import { parametre } from '#referentiel'

/** Each night: notifications older than the département keeps them go, read or not, and the counts of mails of that time. Without the setting, nothing goes. */
export async function purgerNotifications({ sql, dept, jour, referentiel }: Session): Promise<number> {
  const departement = referentiel.departements.get(dept)
  const reponse = departement && parametre(departement, 'notification_garde', jour)
  if (reponse?.etat !== 'valeur') return 0
  const avant = jour.subtract({ days: reponse.valeur })
  const parties = await sql`delete from notification where dept = ${dept} and jour < ${avant} returning id`
  await sql`delete from notification_envoi where dept = ${dept} and jour < ${avant}`
  return parties.length
}
