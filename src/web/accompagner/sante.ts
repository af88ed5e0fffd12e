import { type Acteur, aLeDroit, type Session } from '#acces'

/** Words of the rules that come near health. What reads one is shown only to those entitled. */
const MOTS_DE_SANTE = ['menage.handicap', 'menage.souffrance_psychique_reperee']

/** True for such a word and for its companion (« … est connu »). */
export const estMotDeSante = (mot: string): boolean =>
  MOTS_DE_SANTE.some((sensible) => mot === sensible || mot.startsWith(`${sensible}_conn`))

export const peutLireSante = (acteur: Pick<Acteur, 'role'>): boolean => aLeDroit(acteur.role, 'sante.consulter')

/** A criterion of the charter as the list names it. */
export interface CritereConnu {
  readonly id: string
  readonly libelle: string
}

/**
 * Criteria the actor may filter by and read in a row: those of every version of the département's list, because a dossier keeps the ids of the day it
 * was derived. Health-adjacent ones are left out for whoever is not entitled, so that a filter cannot tell what a row hides.
 */
export function listerCriteresVisibles(
  session: Pick<Session, 'referentiel' | 'dept' | 'acteur'>,
): ReadonlyMap<string, CritereConnu> {
  const entitled = peutLireSante(session.acteur)
  const connus = new Map<string, CritereConnu>()
  for (const version of session.referentiel.departements.get(session.dept)?.criteres ?? []) {
    for (const groupe of version.groupes) {
      if (groupe.id === 'inscription_obligatoire') continue
      for (const { id, libelle, si } of groupe.criteres) {
        if (si && (entitled || !si.mots.some(estMotDeSante))) connus.set(id, { id, libelle })
      }
    }
  }
  return connus
}
