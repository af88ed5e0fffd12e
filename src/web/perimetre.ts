import { type Acteur, acteurSysteme, type Droit, ouvrirSession, type Session } from '#acces'
import type { Requete } from './route.ts'

/** The whole département, in the name of the person: what they did stays signed by them. The archive opens only for what must be undone there too. */
function auNomDe(acteur: Acteur, archive: boolean): Acteur {
  const { compte, organisme, organismeNom, libelle } = acteur
  const systeme = acteurSysteme(acteur.dept, 'web')
  const droits = new Map(systeme.acces.droits)
  if (!archive) droits.delete('archive.consulter')
  return { ...systeme, acces: { ...systeme.acces, droits }, compte, organisme, organismeNom, libelle }
}

/**
 * Runs an act whose consequences go beyond what the person sees: an organisme that takes its file back sees neither dossiers nor links, and yet they must be
 * undone. The caller has already checked that the object is within the person's own perimeter.
 */
export function avecToutLeDepartement<T>(
  requete: Pick<Requete, 'session' | 'application' | 'acteur'>,
  droit: Droit,
  travail: (session: Session) => Promise<T>,
  { archive = false }: { readonly archive?: boolean } = {},
): Promise<T> {
  const { session, application, acteur } = requete
  if (acteur.acces.portee === 'departement') return travail(session)
  return ouvrirSession(application, auNomDe(acteur, archive), droit, travail)
}
