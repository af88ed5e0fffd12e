/** Small seeded generator (mulberry32): the same seed gives the same département on every machine. */
export interface Hasard {
  /** In [0, 1). */
  nombre(): number
  entier(min: number, max: number): number
  parmi<T>(liste: readonly T[]): T
  chance(probabilite: number): boolean
}

export function creerHasard(graine: number): Hasard {
  let etat = graine >>> 0
  const nombre = () => {
    etat = (etat + 0x6d2b79f5) >>> 0
    let t = etat
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    nombre,
    entier: (min, max) => min + Math.floor(nombre() * (max - min + 1)),
    parmi: (liste) => {
      const choisi = liste[Math.floor(nombre() * liste.length)]
      if (choisi === undefined) throw new Error('empty list')
      return choisi
    },
    chance: (probabilite) => nombre() < probabilite,
  }
}
