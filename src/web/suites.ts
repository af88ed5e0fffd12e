import { acteurSysteme, ouvrirSession } from '#acces'
import { repartirDossiers } from '#repartition'
import type { Message, Reponse, Requete } from './route.ts'

/**
 * Answers an act that changed the signals of dossiers, and decides their service before the next page is asked for. The background job written with the
 * act is the truth: when this try loses a race with it, or fails, the person's act still stands and must not be announced as failed.
 */
export function apresRepartition(
  { application, acteur }: Pick<Requete, 'application' | 'acteur'>,
  vers: string,
  message: Message,
  dossiers: readonly string[],
): Reponse {
  return {
    genre: 'redirection',
    vers,
    message,
    apres: () =>
      ouvrirSession(application, acteurSysteme(acteur.dept, 'repartir'), 'dossier.reaffecter', (session) =>
        repartirDossiers(session, dossiers),
      ).then(
        () => {},
        () => {},
      ),
  }
}
