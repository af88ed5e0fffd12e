import type { Session } from '#acces'
import { criteresLisibles } from '#dossiers'

/** A criterion of the charter as the list names it. */
export interface CritereConnu {
  readonly id: string
  readonly libelle: string
}

/**
 * Criteria the actor may filter by and read in a row: those of every version of the département's list, because a dossier keeps the ids of the day it
 * was derived. Those that read hidden words are left out, so that a filter cannot tell what a row hides.
 */
export function listerCriteresVisibles(
  session: Pick<Session, 'referentiel' | 'dept' | 'acteur'>,
): ReadonlyMap<string, CritereConnu> {
  const lisibles = criteresLisibles(session)
  const connus = new Map<string, CritereConnu>()
  for (const version of session.referentiel.departements.get(session.dept)?.criteres ?? []) {
    for (const groupe of version.groupes) {
      if (groupe.id === 'inscription_obligatoire') continue
      for (const { id, libelle, si } of groupe.criteres) {
        if (si && lisibles.has(id)) connus.set(id, { id, libelle })
      }
    }
  }
  return connus
}
