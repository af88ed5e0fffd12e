import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { plierComptes, rangerRecherche } from '#dossiers'
import { rapprocherLot } from '#rapprochement'
import { preparerRepartition } from '#repartition'
import { annoncerDeparts } from '#requisitions'
import { actualiserStatistiques, terminerLot, traiterLignes } from '#signalements'
import { enqueue } from '#socle/queue'

/** Name of the job that copies what landlords see of their tenants. */
export const TACHE_LOCATAIRES = 'tenir-locataires'

/**
 * Carries a deposited file to its end: lines, then, by batches, recognition and dispatch together. Each batch is one transaction with its progress mark, so that a
 * process killed anywhere resumes where the last commit left, without loss or duplicate.
 */
export async function traiterImport(application: Application, dept: string, lot: string): Promise<void> {
  const etat = await traiterLignes(application, dept, lot)
  if (etat !== 'rapprochement') return
  const acteur = acteurSysteme(dept, 'traiter-import')
  const actualiser = () =>
    ouvrirSession(application, acteur, 'lot.deposer', (session) => actualiserStatistiques(session, lot))
  await actualiser()
  await rapprocherLot(application, dept, lot, preparerRepartition, actualiser)
  await ouvrirSession(application, acteur, 'dossier.reaffecter', async (session) => {
    await plierComptes(session)
    await rangerRecherche(session)
    // What landlords see reads the whole département: several imports in a row ask for it once.
    await enqueue(session, TACHE_LOCATAIRES, {}, TACHE_LOCATAIRES)
  })
  await ouvrirSession(application, acteur, 'requisition.consulter', annoncerDeparts)
  await terminerLot(application, dept, lot)
}
