import { type Acteur, acteurSysteme, type Droit, ouvrirSession, type Session } from '#acces'
import type { Requete } from './route.ts'

/** The whole département, in the name of the person: what they did stays signed by them. */
function auNomDe(acteur: Acteur): Acteur {
  const { compte, organisme, organismeNom, libelle } = acteur
  return { ...acteurSysteme(acteur.dept, 'web'), compte, organisme, organismeNom, libelle }
}

/**
 * Runs an act whose consequences go beyond what the person sees: an organisme that takes its file back sees neither dossiers nor links, and yet they must be
 * undone. The caller has already checked that the object is within the person's own perimeter.
 */
export function avecToutLeDepartement<T>(
  requete: Pick<Requete, 'session' | 'application' | 'acteur'>,
  droit: Droit,
  travail: (session: Session) => Promise<T>,
): Promise<T> {
  const { session, application, acteur } = requete
  if (acteur.acces.portee === 'departement') return travail(session)
  return ouvrirSession(application, auNomDe(acteur), droit, travail)
}
