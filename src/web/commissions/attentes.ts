import { aLeDroit } from '#acces'
import { type Attente, listerAReexaminer, type Seance } from '#commission'
import { listerExpertisesAttendues } from '#requisitions'
import type { Requete } from '../route.ts'

/** What waits for a session and that later modules know, from each of them. */
export async function attentesDeSeance({ session, acteur }: Requete, seance: Seance): Promise<Attente[]> {
  const expertises = aLeDroit(acteur, 'requisition.consulter')
    ? await listerExpertisesAttendues(session, seance.territoires)
    : []
  // A change a partner reported, and a return that never came (COM-16, COM-17): the file is proposed again.
  const changements = aLeDroit(acteur, 'deliberation.tenir') ? await listerAReexaminer(session, seance) : []
  const examens = expertises.map(
    ({ dossier, requisition, demandee_le: depuis }): Attente => ({
      dossier,
      origine: 'expertise',
      origine_id: requisition,
      depuis,
    }),
  )
  return [...examens, ...changements]
}
