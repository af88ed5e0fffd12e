import { aLeDroit, type Session } from '#acces'
import { dansLePerimetre } from '#dossiers'
import { EVENEMENTS_MAX, type EvenementPropose, periodeCalendrier } from '#notifications'

/** Source of calendars: what partners asked the organisme of the person, by the day it is expected. Not a word of what is asked. */
export async function demandesARepondre(session: Session): Promise<EvenementPropose[]> {
  const { sql, dept, jour, acteur } = session
  if (!aLeDroit(acteur, 'echange.lire') || !acteur.organisme) return []
  const { du, au } = periodeCalendrier(session)
  const demandes = await sql<{ id: string; dossier: string; reference: string; avant: Temporal.PlainDate }>`
    select q.id, q.dossier, d.reference, q.avant from demande q join dossier d on d.dept = ${dept} and d.id = q.dossier
    where q.dept = ${dept} and q.destinataire = ${acteur.organisme}::uuid and q.etat = 'ouverte' and q.avant between ${du} and ${au}
      and d.clos_le is null and ${dansLePerimetre(session)}
    order by q.avant < ${jour}, abs(q.avant - ${jour}::date), q.id limit ${EVENEMENTS_MAX}`
  return demandes.map(({ id, dossier, reference, avant }) => ({
    uid: `demande-${id}`,
    titre: `Réponse attendue, dossier ${reference}`,
    debut: avant,
    chemin: `/dossiers/${reference}/echanges/demandes/${id}`,
    dossier,
  }))
}
