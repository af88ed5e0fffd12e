import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { plierComptes } from '#dossiers'
import { listerDossiersDuLot, rapprocherLot } from '#rapprochement'
import { repartirDossiers } from '#repartition'
import { actualiserStatistiques, terminerLot, traiterLignes } from '#signalements'

const TAILLE_REPARTITION = 1000

/**
 * Carries a deposited file to its end: lines, recognition, dispatch. Each step is done by batches, each batch in one transaction with its progress mark, so that
 * a process killed anywhere resumes where the last commit left, without loss or duplicate.
 */
export async function traiterImport(application: Application, dept: string, lot: string): Promise<void> {
  const etat = await traiterLignes(application, dept, lot)
  if (etat !== 'rapprochement') return
  const acteur = acteurSysteme(dept, 'traiter-import')
  const actualiser = () =>
    ouvrirSession(application, acteur, 'lot.deposer', (session) => actualiserStatistiques(session, lot))
  await actualiser()
  await rapprocherLot(application, dept, lot)
  await actualiser()
  // Read from the base rather than remembered: an import that resumes must not forget what it did before it stopped.
  const ids = await ouvrirSession(application, acteur, 'dossier.consulter', (session) =>
    listerDossiersDuLot(session, lot),
  )
  for (let i = 0; i < ids.length; i += TAILLE_REPARTITION) {
    await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) =>
      repartirDossiers(session, ids.slice(i, i + TAILLE_REPARTITION)),
    )
  }
  await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) => plierComptes(session))
  await terminerLot(application, dept, lot)
}
