import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { effacerDossiersVises, proposerConservation, purgerSelonAge } from '#conservation'

/** Each morning: closed dossiers are proposed, signed lists carried out, and what has a time of its own goes at its term. */
export async function conserver(application: Application, dept: string): Promise<void> {
  await ouvrirSession(application, acteurSysteme(dept, 'conservation'), 'conservation.archiver', proposerConservation)
  try {
    await effacerDossiersVises(application, dept)
  } finally {
    // A dossier that cannot be erased is told, and keeps nothing else past its time.
    await purgerSelonAge(application, dept)
  }
}
