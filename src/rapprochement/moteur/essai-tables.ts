import {
  type ChampEssai,
  choisirChamps,
  clesEnregistrement,
  comparerEnregistrements,
  type Enregistrement,
  preparerEnregistrement,
} from './essai-champs.ts'
import { creerHasard } from './hasard.ts'
import type { Table } from './lecture.ts'
import { estimerMelange, type Motif, normaliser } from './melange.ts'

/** Two lines, by rank from 0, and how likely they are the same person. */
export interface PaireEssai {
  readonly a: number
  readonly b: number
  readonly score: number
  readonly probabilite: number
}

export interface AppariementTables {
  readonly colonnes: readonly string[]
  readonly comparees: number
  readonly paires: readonly PaireEssai[]
}

/** Keys shared by more lines of one file than this are passed over. */
const PLAFOND = 60
const PAIRES_AU_HASARD = 100_000
/** Pairs below this total are not kept: they cannot win. */
const PLANCHER = -8

/**
 * Links two files whose columns are recognised by name, as any two registers: same estimation as for households, on the
 * fields the files share. No truth is used. Returns every pair that is not hopeless, best first.
 */
export function apparierTables(tableA: Table, tableB: Table, sans: readonly string[], graine = 1): AppariementTables {
  const champs = choisirChamps(tableA.colonnes, tableB.colonnes, sans)
  const as = tableA.lignes.map((ligne) => preparerEnregistrement(ligne, champs))
  const bs = tableB.lignes.map((ligne) => preparerEnregistrement(ligne, champs))
  const candidates = bloquer(as, bs, champs)
  const mAPriori = champs.map((champ) => champ.mAPriori)
  const largeur = champs.length
  const motifs = new Map<string, { niveaux: readonly number[]; effectif: number }>()
  const vecteurs = new Uint8Array(candidates.length * largeur)
  const niveaux: number[] = champs.map(() => 0)
  candidates.forEach(([i, j], rang) => {
    comparerEnregistrements(as[i] as Enregistrement, bs[j] as Enregistrement, champs, niveaux)
    vecteurs.set(niveaux, rang * largeur)
    const cle = niveaux.join('')
    const motif = motifs.get(cle)
    if (motif) motif.effectif++
    else motifs.set(cle, { niveaux: [...niveaux], effectif: 1 })
  })
  const groupes = mAPriori.map((parts) => [parts.map((_, rang) => rang).slice(1)])
  const u = normaliser(
    tirerAuHasard(as, bs, champs, graine),
    mAPriori.map(() => []),
    groupes,
    4,
    true,
  )
  const univers = as.length * bs.length
  const melange = estimerMelange([...motifs.values()] as Motif[], { mAPriori, u, force: 20, univers, tours: 60 })
  const bits = champs.map((_, champ) =>
    (mAPriori[champ] ?? []).map((_m, niveau) =>
      niveau === 0 ? 0 : Math.log2((melange.m[champ]?.[niveau] ?? 1e-6) / (u[champ]?.[niveau] ?? 1e-6)),
    ),
  )
  const rarete = champs.map((champ, i) => (champ.parFrequence ? preparerRarete(as, bs, i) : null))
  const base = Math.log2(melange.part)
  const paires: PaireEssai[] = []
  candidates.forEach(([a, b], rang) => {
    let score = base
    for (let champ = 0; champ < largeur; champ++) {
      const niveau = vecteurs[rang * largeur + champ] ?? 0
      score += bits[champ]?.[niveau] ?? 0
      if (niveau === 1) score += rarete[champ]?.(as[a]?.valeurs[champ] ?? '') ?? 0
    }
    if (score > PLANCHER) paires.push({ a, b, score, probabilite: 1 / (1 + 2 ** -score) })
  })
  paires.sort((x, y) => y.score - x.score || x.a - y.a || x.b - y.b)
  return { colonnes: champs.map(({ colonne }) => colonne), comparees: candidates.length, paires }
}

/** Keeps at most one pair by line, best first. */
export function prendreUnAUn(paires: readonly PaireEssai[]): PaireEssai[] {
  const prisA = new Set<number>()
  const prisB = new Set<number>()
  return paires.filter(({ a, b }) => {
    if (prisA.has(a) || prisB.has(b)) return false
    prisA.add(a)
    prisB.add(b)
    return true
  })
}

function bloquer(
  as: readonly Enregistrement[],
  bs: readonly Enregistrement[],
  champs: readonly ChampEssai[],
): (readonly [number, number])[] {
  const parCle = new Map<string, number[]>()
  bs.forEach((b, rang) => {
    for (const cle of clesEnregistrement(b, champs)) {
      const liste = parCle.get(cle)
      if (liste) liste.push(rang)
      else parCle.set(cle, [rang])
    }
  })
  const vus = new Int32Array(bs.length).fill(-1)
  const candidates: (readonly [number, number])[] = []
  as.forEach((a, rang) => {
    for (const cle of clesEnregistrement(a, champs)) {
      const liste = parCle.get(cle)
      if (!liste || liste.length > PLAFOND) continue
      for (const autre of liste) {
        if (vus[autre] === rang) continue
        vus[autre] = rang
        candidates.push([rang, autre])
      }
    }
  })
  return candidates
}

function tirerAuHasard(
  as: readonly Enregistrement[],
  bs: readonly Enregistrement[],
  champs: readonly ChampEssai[],
  graine: number,
): number[][] {
  const hasard = creerHasard(graine)
  const comptes = champs.map(({ mAPriori }) => mAPriori.map(() => 0))
  const niveaux: number[] = champs.map(() => 0)
  for (let k = 0; k < PAIRES_AU_HASARD; k++) {
    const a = as[Math.floor(hasard() * as.length)]
    const b = bs[Math.floor(hasard() * bs.length)]
    if (!a || !b) continue
    comparerEnregistrements(a, b, champs, niveaux)
    niveaux.forEach((niveau, champ) => {
      const ligne = comptes[champ]
      if (niveau !== 0 && ligne) ligne[niveau] = (ligne[niveau] ?? 0) + 1
    })
  }
  return comptes
}

/** Bits to add to an exact agreement, by how common its value is in both files. */
function preparerRarete(
  as: readonly Enregistrement[],
  bs: readonly Enregistrement[],
  champ: number,
): (valeur: string) => number {
  const comptes = new Map<string, number>()
  let total = 0
  for (const { valeurs } of [...as, ...bs]) {
    const valeur = valeurs[champ] ?? ''
    if (valeur === '') continue
    comptes.set(valeur, (comptes.get(valeur) ?? 0) + 1)
    total++
  }
  let moyenne = 0
  for (const nombre of comptes.values()) moyenne += (nombre / total) ** 2
  return (valeur) => {
    const part = Math.max(2, comptes.get(valeur) ?? 2) / total
    return Math.max(-3, Math.min(3, Math.log2(moyenne / part)))
  }
}
