import { type Budget, calculerBudget, sommer } from '#calculs'

/** A number of a form (cents, or a count), or null when nobody said it. */
export type Nombre = number | null

/** The first, less the others that are known; null when the first is not. */
function difference([premier = null, ...autres]: readonly Nombre[]): Nombre {
  return premier === null ? null : premier - (sommer(autres) ?? 0)
}

/** `100 × a / b`, to one decimal; null (« non calculable ») when `b` is unknown or nil, or `a` unknown. */
function taux([a = null, b = null]: readonly Nombre[]): Nombre {
  return a === null || b === null || b === 0 ? null : Math.round((a * 1000) / b) / 10
}

/** `a / b`, rounded to the unit of `a`; null (« non calculable ») when either is unknown, or `b` nil. */
function par([a = null, b = null]: readonly Nombre[]): Nombre {
  return a === null || b === null || b === 0 ? null : Math.round(a / b)
}

/** `a / b` to one decimal, for counts. */
function rapport([a = null, b = null]: readonly Nombre[]): Nombre {
  return a === null || b === null || b === 0 ? null : Math.round((a * 10) / b) / 10
}

/** The lines of the referral form, from its terms in order: (1), (2), aid, (5), A, (7). Terms that a line does not need may be left out. */
function budget(termes: readonly Nombre[]) {
  const [
    loyer = null,
    chargesBailleur = null,
    aide = null,
    autresCharges = null,
    ressources = null,
    chargesHorsLogement = null,
  ] = termes
  const a: Budget['ressources'] = { a: ressources, b: null, c: null, d: null, e: null, f: null }
  return calculerBudget({
    ressources: a,
    loyer,
    chargesBailleur,
    aide,
    aideSuspendue: null,
    autresCharges,
    chargesHorsLogement,
    personnes: null,
  })
}

/**
 * Every function a form may name. Pure: no clock, no law, no table. A value that nobody gave is null; a sum of nothing is null, never zero. What the referral form
 * computes is `#calculs`: the same code as `amont essayer calculs`.
 */
export const FONCTIONS = {
  somme: sommer,
  difference,
  taux,
  par,
  rapport,
  loyer_residuel: (termes) => budget(termes).loyerResiduel,
  charge_logement: (termes) => budget(termes).chargeLogement,
  taux_effort: (termes) => {
    const { tauxFormulaire } = budget(termes)
    return tauxFormulaire.etat === 'calcule' ? tauxFormulaire.centiemes / 100 : null
  },
  ressources_disponibles: (termes) => budget(termes).disponible,
} as const satisfies Record<string, (termes: readonly Nombre[]) => Nombre>
