import { aUneFaute, ecarts, jaroWinkler } from './distance.ts'
import type { ChampEssai, LigneEssai } from './essai-lecture.ts'

/** Levels of agreement by kind of field, furthest first. A swap of given name and surname is a field of its own. */
const NIVEAUX_TEXTE = 5
const NIVEAUX_CHIFFRES = 4
const NIVEAUX_DATE = 5

export type ChampCompare = ChampEssai | 'inversion'

export const niveauxDe = (champ: ChampCompare): number =>
  champ === 'inversion'
    ? 2
    : champ === 'naissance'
      ? NIVEAUX_DATE
      : ['numero', 'code_postal', 'identifiant', 'telephone', 'courriel', 'etat'].includes(champ)
        ? NIVEAUX_CHIFFRES
        : NIVEAUX_TEXTE

function niveauTexte(a: string, b: string): number {
  if (a === b) return 4
  const ressemblance = jaroWinkler(a, b, 0.75)
  return ressemblance >= 0.94 ? 3 : ressemblance >= 0.88 ? 2 : ressemblance >= 0.75 ? 1 : 0
}

function niveauChiffres(a: string, b: string): number {
  if (a === b) return 3
  return aUneFaute(a, b) ? 2 : ecarts(a, b) <= 2 ? 1 : 0
}

function niveauDate(a: string, b: string): number {
  if (a === b) return 4
  if (
    aUneFaute(a, b) ||
    (a.slice(0, 4) === b.slice(0, 4) && a.slice(4, 6) === b.slice(6) && a.slice(6) === b.slice(4, 6))
  )
    return 3
  return ecarts(a, b) <= 2 ? 2 : a.slice(0, 4) === b.slice(0, 4) ? 1 : 0
}

function niveau(champ: ChampEssai, a: string, b: string): number {
  if (a === '' || b === '') return -1
  const niveaux = niveauxDe(champ)
  return niveaux === NIVEAUX_TEXTE ? niveauTexte(a, b) : champ === 'naissance' ? niveauDate(a, b) : niveauChiffres(a, b)
}

/** Compares two lines, field by field, into a pattern: levels + 1, 0 being unknown, read as digits of one number. */
export function composerMotif(a: LigneEssai, b: LigneEssai, champs: readonly ChampCompare[]): number {
  let motif = 0
  let inverses = false
  if (a.valeurs.prenom !== '' || a.valeurs.nom !== '') {
    const droit = niveau('nom', a.valeurs.nom, b.valeurs.nom) + niveau('prenom', a.valeurs.prenom, b.valeurs.prenom)
    if (droit <= 3)
      inverses =
        niveau('nom', a.valeurs.nom, b.valeurs.prenom) + niveau('prenom', a.valeurs.prenom, b.valeurs.nom) >=
        Math.max(5, droit + 4)
  }
  for (const champ of champs) {
    let n: number
    if (champ === 'inversion') n = inverses ? 1 : 0
    else if (inverses && champ === 'nom') n = niveau('nom', a.valeurs.nom, b.valeurs.prenom)
    else if (inverses && champ === 'prenom') n = niveau('prenom', a.valeurs.prenom, b.valeurs.nom)
    else if (champ === 'voie') n = niveauVoie(a, b)
    else n = niveau(champ, a.valeurs[champ], b.valeurs[champ])
    motif = motif * BASE + n + 1
  }
  return motif
}

/** Street and second line of address are written one for the other often enough. */
function niveauVoie(a: LigneEssai, b: LigneEssai): number {
  const droit = niveau('voie', a.valeurs.voie, b.valeurs.voie)
  if (droit >= 2) return droit
  const croise = Math.max(
    niveau('voie', a.valeurs.voie, b.valeurs.complement),
    niveau('voie', a.valeurs.complement, b.valeurs.voie),
  )
  return croise === 4 ? 3 : droit
}

const BASE = 6

/** Levels of a pattern, -1 unknown, in the order of the fields. */
export function lireMotif(motif: number, combien: number): number[] {
  const niveaux: number[] = []
  let reste = motif
  for (let i = 0; i < combien; i++) {
    niveaux.unshift((reste % BASE) - 1)
    reste = Math.floor(reste / BASE)
  }
  return niveaux
}

export interface ModeleEssai {
  readonly lambda: number
  readonly m: readonly (readonly number[])[]
  readonly u: readonly (readonly number[])[]
}

const LISSAGE = 0.5

/**
 * Fellegi–Sunter parameters without any label: u from random pairs, m and the share of matches by expectation-maximisation on the patterns of the candidate
 * pairs, all other pairs of the two files counting as non-matches.
 */
export function estimerModele(
  motifs: ReadonlyMap<number, number>,
  auHasard: ReadonlyMap<number, number>,
  champs: readonly ChampCompare[],
  pairesPossibles: number,
): ModeleEssai {
  const tables = () => champs.map((champ) => new Float64Array(niveauxDe(champ)))
  const normaliser = (comptes: Float64Array[]) =>
    comptes.map((ligne) => {
      const somme = ligne.reduce((total, n) => total + n + LISSAGE, 0)
      return Array.from(ligne, (n) => (n + LISSAGE) / somme)
    })
  const ajouter = (comptes: Float64Array[], niveaux: readonly number[], poids: number) => {
    niveaux.forEach((n, rang) => {
      const ligne = comptes[rang]
      if (n >= 0 && ligne) ligne[n] = (ligne[n] ?? 0) + poids
    })
  }
  const comptesU = tables()
  for (const [motif, n] of auHasard) ajouter(comptesU, lireMotif(motif, champs.length), n)
  const u = normaliser(comptesU)
  let m = champs.map((champ) => {
    const niveaux = niveauxDe(champ)
    if (champ === 'inversion') return [0.98, 0.02]
    return Array.from({ length: niveaux }, (_, n) => (n === niveaux - 1 ? 0.8 : 0.2 / (niveaux - 1)))
  })
  const liste = [...motifs].map(([motif, n]) => ({ niveaux: lireMotif(motif, champs.length), n }))
  let lambda = Math.min(0.001, 1000 / pairesPossibles)
  for (let tour = 0; tour < 60; tour++) {
    const comptes = tables()
    let total = 0
    const prior = Math.log(lambda / (1 - lambda))
    for (const { niveaux, n } of liste) {
      let logit = prior
      for (let i = 0; i < niveaux.length; i++) {
        const niveau = niveaux[i] ?? -1
        if (niveau >= 0) logit += Math.log((m[i]?.[niveau] ?? 0.01) / (u[i]?.[niveau] ?? 0.01))
      }
      const poids = n / (1 + Math.exp(-logit))
      total += poids
      if (poids > 1e-9) ajouter(comptes, niveaux, poids)
    }
    m = normaliser(comptes)
    const suivant = Math.max(1 / pairesPossibles, total / pairesPossibles)
    const stable = Math.abs(suivant - lambda) < lambda * 1e-6
    lambda = suivant
    if (stable) break
  }
  return { lambda, m, u }
}
