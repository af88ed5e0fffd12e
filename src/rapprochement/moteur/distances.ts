const LONGUEUR = 64
const dejaA = new Uint8Array(LONGUEUR)
const dejaB = new Uint8Array(LONGUEUR)

/**
 * Jaro–Winkler resemblance from 0 to 1, without allocation: letters in common near one place, with a bonus for a common
 * beginning. Only the first 64 characters count.
 */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return a === '' ? 0 : 1
  const n = Math.min(a.length, LONGUEUR)
  const m = Math.min(b.length, LONGUEUR)
  if (n === 0 || m === 0) return 0
  const fenetre = Math.max(0, (Math.max(n, m) >> 1) - 1)
  dejaA.fill(0, 0, n)
  dejaB.fill(0, 0, m)
  let communs = 0
  for (let i = 0; i < n; i++) {
    const lettre = a.charCodeAt(i)
    const fin = Math.min(m - 1, i + fenetre)
    for (let j = Math.max(0, i - fenetre); j <= fin; j++) {
      if (dejaB[j] === 0 && b.charCodeAt(j) === lettre) {
        dejaA[i] = 1
        dejaB[j] = 1
        communs++
        break
      }
    }
  }
  if (communs === 0) return 0
  let deplaces = 0
  let j = 0
  for (let i = 0; i < n; i++) {
    if (dejaA[i] === 0) continue
    while (dejaB[j] === 0) j++
    if (a.charCodeAt(i) !== b.charCodeAt(j)) deplaces++
    j++
  }
  const jaro = (communs / n + communs / m + (communs - deplaces / 2) / communs) / 3
  let debut = 0
  while (debut < 4 && debut < n && debut < m && a.charCodeAt(debut) === b.charCodeAt(debut)) debut++
  return jaro + debut * 0.1 * (1 - jaro)
}

/** How one text becomes the other with a single slip of the pen. */
export type Faute = 'lettre_manquante' | 'lettre_de_trop' | 'lettre_changee' | 'lettres_inversees'

/**
 * The single slip that turns `a` into `b`: one character left out, added or changed, or two neighbours exchanged. Null
 * when they are equal or further apart. Linear and without allocation.
 */
export function trouverFaute(a: string, b: string): Faute | null {
  const ecart = b.length - a.length
  if (ecart > 1 || ecart < -1) return null
  const court = Math.min(a.length, b.length)
  let i = 0
  while (i < court && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (ecart === 0) {
    if (i === court) return null
    if (finEgale(a, b, i + 1, i + 1)) return 'lettre_changee'
    const inversees = a.charCodeAt(i) === b.charCodeAt(i + 1) && a.charCodeAt(i + 1) === b.charCodeAt(i)
    return inversees && finEgale(a, b, i + 2, i + 2) ? 'lettres_inversees' : null
  }
  if (ecart === 1) return finEgale(a, b, i, i + 1) ? 'lettre_de_trop' : null
  return finEgale(a, b, i + 1, i) ? 'lettre_manquante' : null
}

function finEgale(a: string, b: string, depuisA: number, depuisB: number): boolean {
  let i = depuisA
  let j = depuisB
  while (i < a.length) {
    if (a.charCodeAt(i) !== b.charCodeAt(j)) return false
    i++
    j++
  }
  return j >= b.length
}
