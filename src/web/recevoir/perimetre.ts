import { type Acteur, acteurSysteme, aLeDroit, type Droit, ouvrirSession, porteeParRole, type Session } from '#acces'
import { Refus } from '#socle/errors'
import { lireNavigation } from '../navigation.ts'
import type { Requete } from '../route.ts'

/** The whole département, in the name of the person: what they did stays signed by them. */
function auNomDe(acteur: Acteur): Acteur {
  const { compte, organisme, organismeNom, libelle } = acteur
  return { ...acteurSysteme(acteur.dept, 'recevoir'), compte, organisme, organismeNom, libelle }
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
  if (porteeParRole[acteur.role] === 'departement') return travail(session)
  return ouvrirSession(application, auNomDe(acteur), droit, travail)
}

/** A refusal to show in its own page; anything else goes on. Nothing was written before it was thrown. */
export async function ouRefus<T>(travail: () => Promise<T>): Promise<T | Refus> {
  try {
    return await travail()
  } catch (erreur) {
    if (erreur instanceof Refus) return erreur
    throw erreur
  }
}

/** A form that comes back with its errors is a whole page: its banner needs its figures. */
export async function avecNavigation(requete: Requete): Promise<Requete> {
  return { ...requete, navigation: { ...(await lireNavigation(requete.session)), message: null } }
}

/** The reader may follow a line to its dossier. */
export const peutLireDossiers = (acteur: Acteur): boolean => aLeDroit(acteur.role, 'dossier.consulter')
