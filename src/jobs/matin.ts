import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { plierComptes, rafraichirEcheances } from '#dossiers'
import { listerDossiersPerimes, redeciderDossiers } from '#rapprochement'
import { escaladerSansReponse, repartirDossiers } from '#repartition'

/** Brings a département to the day: what depends on the date is derived again, deadlines move, silent services hand over. */
export async function preparerLeJour(application: Application, dept: string): Promise<void> {
  const acteur = acteurSysteme(dept, 'chaque-matin')
  const perimes = await ouvrirSession(application, acteur, 'dossier.consulter', (session) =>
    listerDossiersPerimes(session),
  )
  await redeciderDossiers(application, dept, perimes)
  for (let i = 0; i < perimes.length; i += 1000) {
    await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) =>
      repartirDossiers(session, perimes.slice(i, i + 1000)),
    )
  }
  await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) => rafraichirEcheances(session))
  await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) => escaladerSansReponse(session))
  await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) => plierComptes(session))
}
