/**
 * Jaro–Winkler similarity of two texts, between 0 and 1. Symmetric: the greedy search always starts from the same of the two. Below `minimum` the answer may be 0:
 * the search stops as soon as too many letters are missing, which spares most of the work on names that have nothing in common.
 */
export function jaroWinkler(x: string, y: string, minimum = 0): number {
  if (x === y) return 1
  const [a, b] = x.length < y.length || (x.length === y.length && x < y) ? [x, y] : [y, x]
  const n = a.length
  const m = b.length
  if (n === 0) return 0
  if (m > 30) return jaroWinkler(a.slice(0, 30), b.slice(0, 30), minimum)
  let prefixe = 0
  while (prefixe < 4 && prefixe < n && a.charCodeAt(prefixe) === b.charCodeAt(prefixe)) prefixe += 1
  // Letters of the shorter text that may be missing for the similarity to reach the minimum, were no letter out of place.
  const jaroMinimum = (minimum - prefixe * 0.1) / (1 - prefixe * 0.1)
  let manques = n - (3 * jaroMinimum - 1) / (1 / n + 1 / m) + 1e-9
  if (manques < 0) return 0
  const fenetre = Math.max(0, (m >> 1) - 1)
  let prisesA = 0
  let prisesB = 0
  let communs = 0
  for (let i = 0; i < n; i++) {
    const lettre = a.charCodeAt(i)
    const fin = Math.min(m, i + fenetre + 1)
    let j = Math.max(0, i - fenetre)
    while (j < fin && ((prisesB & (1 << j)) !== 0 || b.charCodeAt(j) !== lettre)) j += 1
    if (j < fin) {
      prisesA |= 1 << i
      prisesB |= 1 << j
      communs += 1
    } else {
      manques -= 1
      if (manques < 0) return 0
    }
  }
  if (communs === 0) return 0
  let transpositions = 0
  let j = 0
  for (let i = 0; i < n; i++) {
    if ((prisesA & (1 << i)) === 0) continue
    while ((prisesB & (1 << j)) === 0) j += 1
    if (a.charCodeAt(i) !== b.charCodeAt(j)) transpositions += 1
    j += 1
  }
  const jaro = (communs / n + communs / m + (communs - transpositions / 2) / communs) / 3
  return jaro + prefixe * 0.1 * (1 - jaro)
}

/** Number of positions where two texts of the same length differ; Infinity when lengths differ. */
export function ecarts(a: string, b: string): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  let n = 0
  for (let i = 0; i < a.length; i++) if (a.charCodeAt(i) !== b.charCodeAt(i)) n += 1
  return n
}

/** True when one edit (insertion, deletion, substitution) or one swap of neighbours turns one text into the other. */
export function aUneFaute(a: string, b: string): boolean {
  if (a === b) return true
  const [court, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length - court.length > 1) return false
  let i = 0
  while (i < court.length && court.charCodeAt(i) === long.charCodeAt(i)) i += 1
  if (court.length < long.length) return court.slice(i) === long.slice(i + 1)
  if (court.slice(i + 1) === long.slice(i + 1)) return true
  return court[i] === long[i + 1] && court[i + 1] === long[i] && court.slice(i + 2) === long.slice(i + 2)
}
