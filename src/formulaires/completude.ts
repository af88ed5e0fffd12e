import type { Modele } from './modele.ts'
import { estRemplie, type Invalides, retenir, type Valeurs } from './valeurs.ts'

/** A field that waits. */
export interface Manque {
  readonly champ: string
  readonly libelle: string
}

/** How far a group is filled, among the questions that apply. */
export interface EtatGroupe {
  readonly code: string
  readonly titre: string
  readonly remplis: number
  readonly total: number
  readonly invalides: number
  readonly manque: readonly Manque[]
  /** False when the condition of the group says it does not apply. */
  readonly applicable: boolean
}

/** How far a form is filled. Nothing here blocks a draft. */
export interface Completude {
  readonly groupes: readonly EtatGroupe[]
  readonly remplis: number
  readonly total: number
  readonly invalides: number
  /** What is asked for and missing, at the level. */
  readonly manque: readonly Manque[]
}

/** Counts what is filled, and says what a level (`requis_pour`) still asks for. Questions that do not apply count for nothing. */
export function completude(
  modele: Pick<Modele, 'groupes'>,
  { valeurs: donnees, invalides }: { readonly valeurs: Valeurs; readonly invalides: Invalides },
  niveau?: string,
): Completude {
  const valeurs = retenir(modele, donnees)
  const groupes = modele.groupes.map((groupe): EtatGroupe => {
    const applicable = estRemplie(groupe.si, valeurs)
    const utiles = applicable
      ? groupe.champs.filter((champ) => champ.genre !== 'calcul' && estRemplie(champ.si, valeurs))
      : []
    const vides = utiles.filter(({ code }) => valeurs[code] === undefined)
    return {
      code: groupe.code,
      titre: groupe.titre,
      applicable,
      total: utiles.length,
      remplis: utiles.length - vides.length,
      invalides: Object.keys(invalides).filter((nom) => utiles.some(({ code }) => code === nom.split('.')[0])).length,
      manque: vides
        .filter(({ requis_pour: requis }) => niveau !== undefined && requis?.includes(niveau))
        .filter(({ ou = [] }) => !ou.some((autre) => valeurs[autre] !== undefined))
        .map(({ code, libelle }) => ({ champ: code, libelle })),
    }
  })
  const compter = (cle: 'remplis' | 'total' | 'invalides') => groupes.reduce((total, groupe) => total + groupe[cle], 0)
  return {
    groupes,
    remplis: compter('remplis'),
    total: compter('total'),
    invalides: compter('invalides'),
    manque: groupes.flatMap(({ manque }) => manque),
  }
}
