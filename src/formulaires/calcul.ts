/**
 * What a form computes. Pure and alone in its file: no clock, no law, no table. A value that nobody gave is null; a sum of nothing is null, never zero.
 */

/** A number of a form (cents, or a count), or null when nobody said it. */
export type Nombre = number | null

/** Adds what is known; null when nothing is. */
export function somme(termes: readonly Nombre[]): Nombre {
  const connus = termes.filter((terme) => terme !== null)
  return connus.length === 0 ? null : connus.reduce((total, terme) => total + terme, 0)
}

/** The first, less the others that are known; null when the first is not. */
export function difference([premier = null, ...autres]: readonly Nombre[]): Nombre {
  return premier === null ? null : premier - (somme(autres) ?? 0)
}

/** `100 × a / b`, to one decimal; null (« non calculable ») when `b` is unknown or nil, or `a` unknown. */
export function taux([a = null, b = null]: readonly Nombre[]): Nombre {
  return a === null || b === null || b === 0 ? null : Math.round((a * 1000) / b) / 10
}

/** Every function a form may name. */
export const FONCTIONS = { somme, difference, taux } as const satisfies Record<
  string,
  (termes: readonly Nombre[]) => Nombre
>
