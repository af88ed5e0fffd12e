import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { noterChangementsRecus } from '#commission'
import { plierComptes, rangerRecherche } from '#dossiers'
import { rapprocherLot } from '#rapprochement'
import { preparerRepartition } from '#repartition'
import { annoncerDeparts } from '#requisitions'
import { actualiserStatistiques, terminerLot, traiterLignes } from '#signalements'
import { enqueue } from '#socle/queue'

/** Name of the job that copies what landlords see of their tenants. */
export const TACHE_LOCATAIRES = 'tenir-locataires'

/** Tells one task what another has written: `suite` answers whether there is more than at the last call, and waits for it until the end. */
function suivreEcritures(): { ecrite(): void; finir(): void; suite(): Promise<boolean> } {
  let [ecrites, vues, fini] = [0, 0, false]
  let reveiller = () => {}
  return {
    ecrite() {
      ecrites += 1
      reveiller()
    },
    finir() {
      fini = true
      reveiller()
    },
    async suite() {
      while (ecrites === vues && !fini) await new Promise<void>((suivre) => (reveiller = suivre))
      const davantage = ecrites > vues
      vues = ecrites
      return davantage
    },
  }
}

/**
 * Carries a deposited file to its end: lines and, by batches, recognition and dispatch together, which begin as soon as the first lines are written, so that two processors
 * work. Each batch is one transaction with its progress mark, so that a process killed anywhere resumes where the last commit left, without loss or duplicate.
 */
export async function traiterImport(application: Application, dept: string, lot: string): Promise<void> {
  const acteur = acteurSysteme(dept, 'traiter-import')
  const actualiser = () =>
    ouvrirSession(application, acteur, 'lot.deposer', (session) => actualiserStatistiques(session, lot))
  const ecritures = suivreEcritures()
  const lignes = traiterLignes(application, dept, lot, ecritures.ecrite).finally(ecritures.finir)
  // Its failure is met below, once what was written before it is recognised.
  lignes.catch(() => {})
  const commencee = await ecritures.suite()
  if (!commencee && (await lignes) !== 'rapprochement') return
  await actualiser()
  await rapprocherLot(application, dept, lot, preparerRepartition, actualiser, ecritures.suite)
  if ((await lignes) !== 'rapprochement') return
  await ouvrirSession(application, acteur, 'dossier.reaffecter', async (session) => {
    await plierComptes(session)
    await rangerRecherche(session)
    // What landlords see reads the whole département: several imports in a row ask for it once.
    await enqueue(session, TACHE_LOCATAIRES, {}, TACHE_LOCATAIRES)
  })
  await ouvrirSession(application, acteur, 'requisition.consulter', annoncerDeparts)
  await ouvrirSession(application, acteur, 'orientation.signaler', noterChangementsRecus)
  await terminerLot(application, dept, lot)
}
