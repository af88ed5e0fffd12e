import { aLeDroit } from '#acces'
import type { Attente, Seance } from '#commission'
import { listerExpertisesAttendues } from '#requisitions'
import type { Requete } from '../route.ts'

/** What waits for a session and that later modules know, from each of them. */
export async function attentesDeSeance({ session, acteur }: Requete, seance: Seance): Promise<Attente[]> {
  const expertises = aLeDroit(acteur, 'requisition.consulter')
    ? await listerExpertisesAttendues(session, seance.territoires)
    : []
  return expertises.map(({ dossier, requisition, demandee_le: depuis }) => ({
    dossier,
    origine: 'expertise',
    origine_id: requisition,
    depuis,
  }))
}
