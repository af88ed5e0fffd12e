import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { effacerDossiersVises, proposerConservation, purgerSelonAge } from '#conservation'

/** Each morning: closed dossiers are proposed, signed lists carried out, and what has a time of its own goes at its term. */
export async function conserver(application: Application, dept: string): Promise<void> {
  await ouvrirSession(application, acteurSysteme(dept, 'conservation'), 'conservation.archiver', proposerConservation)
  await effacerDossiersVises(application, dept)
  await purgerSelonAge(application, dept)
}
