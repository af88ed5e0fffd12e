import type { Session } from '#acces'
import { Introuvable, refus } from '#socle/errors'

/** Who acts: a person of an organisme. Background work fills nobody's diagnosis. */
export function exigerOrganisme({ acteur }: Pick<Session, 'acteur'>): {
  readonly organisme: string
  readonly compte: string
} {
  if (acteur.organisme === null || acteur.compte === null)
    throw refus('diagnostic.personne', 'Cet acte est celui d’une personne habilitée pour un organisme.')
  return { organisme: acteur.organisme, compte: acteur.compte }
}

/** What this session may read, or null when it is not for it. */
export async function siLisible<T>(lecture: Promise<T>): Promise<T | null> {
  try {
    return await lecture
  } catch (erreur) {
    if (erreur instanceof Introuvable) return null
    throw erreur
  }
}
