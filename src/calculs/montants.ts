/** An amount in whole cents, or not given. */
export type Montant = number | null

/** Refuses anything but a whole number of cents: a rounding hidden in an amount is a bug, not an input. */
export function exigerCentimes(nom: string, montant: number): number {
  if (!Number.isSafeInteger(montant)) throw new RangeError(`${nom} is not a whole number of cents`)
  return montant
}

/** The sum of what is given; nothing given at all is « not known », never zero. */
export function sommer(montants: readonly Montant[]): Montant {
  const connus = montants.filter((montant) => montant !== null)
  return connus.length === 0 ? null : connus.reduce((total, montant) => total + exigerCentimes('amount', montant), 0)
}

/** `numerateur / denominateur` to the nearest whole, halves away from zero. Exact as long as both are safe integers. */
export function arrondir(numerateur: number, denominateur: number): number {
  const signe = numerateur < 0 !== denominateur < 0 ? -1 : 1
  const [n, d] = [BigInt(Math.abs(numerateur)), BigInt(Math.abs(denominateur))]
  const arrondi = Number((n * 2n + d) / (d * 2n))
  return arrondi === 0 ? 0 : signe * arrondi
}

/**
 * Splits an amount in proportion, to the cent: the parts sum to the amount, none exceeds its weight when the amount does not exceed their sum.
 * Cents left over go to the largest remainders, then to the first.
 */
export function repartirEnProportion(montant: number, poids: readonly number[]): readonly number[] {
  const total = poids.reduce((somme, un) => somme + un, 0)
  if (total === 0) return poids.map(() => 0)
  const parts = poids.map((un, rang) => {
    const exact = BigInt(montant) * BigInt(un)
    return { rang, part: Number(exact / BigInt(total)), reste: Number(exact % BigInt(total)) }
  })
  const manque = montant - parts.reduce((somme, { part }) => somme + part, 0)
  const servis = new Set(
    parts
      .toSorted((a, b) => b.reste - a.reste || a.rang - b.rang)
      .slice(0, manque)
      .map(({ rang }) => rang),
  )
  return parts.map(({ rang, part }) => part + (servis.has(rang) ? 1 : 0))
}

/** A rate kept in hundredths of a percent, as written: « 35,42 % ». */
export function ecrireTaux(centiemes: number): string {
  const entier = Math.trunc(Math.abs(centiemes) / 100)
  const reste = String(Math.abs(centiemes) % 100).padStart(2, '0')
  return `${centiemes < 0 ? '−' : ''}${entier}${reste === '00' ? '' : `,${reste}`}\u00a0%`
}
