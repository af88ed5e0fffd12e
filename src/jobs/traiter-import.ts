import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { plierComptes } from '#dossiers'
import { listerDossiersDuLot, rapprocherLot } from '#rapprochement'
import { repartirDossiers } from '#repartition'
import { terminerLot, traiterLignes } from '#signalements'

const TAILLE_REPARTITION = 1000

/**
 * Carries a deposited file to its end: lines, recognition, dispatch. Each step is done by batches, each batch in one transaction with its progress mark, so that
 * a process killed anywhere resumes where the last commit left, without loss or duplicate.
 */
export async function traiterImport(application: Application, dept: string, lot: string): Promise<void> {
  const etat = await traiterLignes(application, dept, lot)
  if (etat === 'refuse' || etat === 'retire' || etat === 'traite') return
  await rapprocherLot(application, dept, lot)
  const acteur = acteurSysteme(dept, 'repartir')
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
