import { aLeDroit } from '#acces'
import { type Attente, aRegulariser, type Seance } from '#commission'
import { listerExpertisesAttendues } from '#requisitions'
import type { Requete } from '../route.ts'

/** What waits for a session and that later modules know, from each of them. */
export async function attentesDeSeance({ session, acteur }: Requete, seance: Seance): Promise<Attente[]> {
  const expertises = aLeDroit(acteur, 'requisition.consulter')
    ? await listerExpertisesAttendues(session, seance.territoires)
    : []
  // Every decision of the technical cell goes to the commission that follows it (CEL-11).
  const provisoires = aLeDroit(acteur, 'cellule.consulter')
    ? await aRegulariser(session, { territoires: seance.territoires, concluesAvant: seance.le })
    : []
  return [
    ...expertises.map(
      ({ dossier, requisition, demandee_le: depuis }): Attente => ({
        dossier,
        origine: 'expertise',
        origine_id: requisition,
        depuis,
      }),
    ),
    ...provisoires.map(
      ({ dossier, consultation, conclue_le: depuis }): Attente => ({
        dossier,
        origine: 'cellule',
        origine_id: consultation,
        depuis,
      }),
    ),
  ]
}
