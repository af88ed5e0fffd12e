import { aLeDroit } from '#acces'
import { type Attente, aRegulariser, lireExpertisesDites, listerAReexaminer, type Seance } from '#commission'
import { listerComplexesPourCommission, voitToujours } from '#dossiers'
import { listerExpertisesAttendues } from '#requisitions'
import type { Requete } from '../route.ts'

/** What waits for a session and that later modules know, from each of them. */
export async function attentesDeSeance({ session, acteur }: Requete, seance: Seance): Promise<Attente[]> {
  const demandees = aLeDroit(acteur, 'requisition.consulter')
    ? await listerExpertisesAttendues(session, seance.territoires)
    : []
  // Told to the State by a session, an expertise is given, whether or not its service noted it (COM-11).
  const dites = await lireExpertisesDites(
    session,
    demandees.map(({ dossier }) => dossier),
  )
  const expertises = demandees.filter(({ dossier, demandee_le }) => {
    const dite = dites.get(dossier)
    return dite === undefined || Temporal.PlainDate.compare(dite, demandee_le) < 0
  })
  // A change a partner reported, and a return that never came (COM-16, COM-17): the file is proposed again.
  const changements = aLeDroit(acteur, 'deliberation.tenir') ? await listerAReexaminer(session, seance) : []
  // Every decision of the technical cell goes to the commission that follows it (CEL-11).
  const provisoires = aLeDroit(acteur, 'cellule.consulter')
    ? await aRegulariser(session, { territoires: seance.territoires, concluesAvant: seance.le })
    : []
  // Marked as complex by a partner, for the commission (DOS-27).
  const complexes = voitToujours(session, 'criteres')
    ? await listerComplexesPourCommission(session, seance.territoires)
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
    ...complexes.map(
      ({ dossier, marque, depuis }): Attente => ({ dossier, origine: 'complexe', origine_id: marque, depuis }),
    ),
    ...changements,
  ]
}
