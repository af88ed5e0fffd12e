import { type Application, acteurSysteme, fermerComptesInactifs, ouvrirSession } from '#acces'
import { plierComptes, rafraichirEcheances } from '#dossiers'
import { tenirLocataires } from '#echanges'
import { listerDossiersPerimes, redeciderDossiers } from '#rapprochement'
import { escaladerSansReponse, listerIdsOuverts, repartirDossiers } from '#repartition'
import { annoncerDeparts } from '#requisitions'

/** Derives again the dossiers given and dispatches them: a service asked or in charge keeps its household, with the version it was chosen under. */
async function reprendre(application: Application, dept: string, tache: string, ids: readonly string[]): Promise<void> {
  await redeciderDossiers(application, dept, ids)
  for (let i = 0; i < ids.length; i += 1000) {
    await ouvrirSession(application, acteurSysteme(dept, tache), 'dossier.reaffecter', (session) =>
      repartirDossiers(session, ids.slice(i, i + 1000)),
    )
  }
}

/** Brings every open dossier under the rules in force now. */
export async function appliquerRegles(application: Application, dept: string): Promise<void> {
  const ouverts = await ouvrirSession(
    application,
    acteurSysteme(dept, 'appliquer-regles'),
    'dossier.consulter',
    (session) => listerIdsOuverts(session),
  )
  await reprendre(application, dept, 'appliquer-regles', ouverts)
}

/** Brings a département to the day: what depends on the date is derived again, deadlines move, silent services hand over. */
export async function preparerLeJour(application: Application, dept: string): Promise<void> {
  const acteur = acteurSysteme(dept, 'chaque-matin')
  const perimes = await ouvrirSession(application, acteur, 'dossier.consulter', (session) =>
    listerDossiersPerimes(session),
  )
  await reprendre(application, dept, 'chaque-matin', perimes)
  await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) => rafraichirEcheances(session))
  await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) => escaladerSansReponse(session))
  await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) => plierComptes(session))
  await ouvrirSession(application, acteur, 'dossier.consulter', (session) => tenirLocataires(session))
  // Signals a person attached since: their import is over.
  await ouvrirSession(application, acteur, 'requisition.consulter', annoncerDeparts)
  await ouvrirSession(application, acteur, 'compte.gerer', (session) => fermerComptesInactifs(session))
}
