import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { projectRoot } from '#socle/config'
import { CHAMPS, NOMS_CHAMPS, RANG, rangNiveau } from './champs.ts'
import { clesDeBlocage, PLAFOND_CLE } from './cles.ts'
import { comparer } from './comparer.ts'
import { citeAutreOccupant, scorerPaire } from './evaluer.ts'
import type { Fiche } from './fiche.ts'
import { creerHasard } from './hasard.ts'
import { estimerMelange, type Motif, normaliser } from './melange.ts'
import { type Frequences, lireParametres, type Parametres } from './parametres.ts'

export interface OptionsEstimation {
  readonly graine: number
  readonly version?: string
  readonly origine?: string
  /** What is believed before looking; the shipped a priori by default. */
  readonly aPriori?: Parametres
  /** Pairs at random drawn for `u`, and pairs sharing a key kept for `m`. */
  readonly pairesAuHasard?: number
  readonly pairesBloquees?: number
}

/** Weight of the beliefs, in pairs, against what is observed. */
const FORCE_M = 200
const FORCE_U = 5000

/** Levels that exclude one another. « meme_immeuble » is set, never estimated. */
const GROUPES: readonly (readonly (readonly number[])[])[] = NOMS_CHAMPS.map((champ) => {
  const rangs = (codes: readonly string[]) => codes.map((code) => rangNiveau(champ, code))
  if (champ === 'adresse') {
    return [
      rangs(['identique', 'voie_proche', 'numero_proche', 'autre_numero', 'different']),
      rangs(['autre_commune', 'hors_commune']),
    ]
  }
  if (champ === 'bailleur') return [rangs(['identique', 'proche', 'different'])]
  return [rangs(CHAMPS[champ].niveaux.slice(1).map(({ code }) => code))]
})

/** Shipped beliefs, from `donnees/rapprochement/a-priori.yaml`. */
export function lireAPriori(): Parametres {
  return lireParametres(parse(readFileSync(join(projectRoot, 'donnees/rapprochement/a-priori.yaml'), 'utf8')))
}

function tabuler(parametres: Parametres, quoi: 'm' | 'u'): number[][] {
  return NOMS_CHAMPS.map((champ) => {
    const niveaux = CHAMPS[champ].niveaux.map(() => 0)
    for (const [code, valeurs] of Object.entries(parametres.champs[champ]))
      niveaux[rangNiveau(champ, code)] = valeurs[quoi]
    return niveaux
  })
}

/**
 * Estimates the parameters of recognition on the fiches of a base, without any truth: `u` on pairs at random (those that
 * look like one household are left out), `m` by expectation–maximisation on the patterns of pairs that share a blocking
 * key, frequencies of names by counting. Same fiches and same seed, same parameters. Thresholds and starting point come
 * from the a priori. With fewer than a hundred fiches, returns the a priori with frequencies left alone.
 */
export function estimerParametres(fiches: readonly Fiche[], options: OptionsEstimation): Parametres {
  const aPriori = options.aPriori ?? lireAPriori()
  if (fiches.length < 100) return aPriori
  const hasard = creerHasard(options.graine)
  const u = estimerU(fiches, hasard, aPriori, options.pairesAuHasard ?? 200_000)
  const { motifs, part } = releverMotifs(fiches, aPriori, hasard, options.pairesBloquees ?? 200_000)
  const univers = (part * (fiches.length * (fiches.length - 1))) / 2
  const { m } = estimerMelange(motifs, {
    mAPriori: tabuler(aPriori, 'm'),
    u,
    force: FORCE_M,
    univers,
    groupes: GROUPES,
  })
  const champs = Object.fromEntries(
    NOMS_CHAMPS.map((champ, rang) => [
      champ,
      Object.fromEntries(
        CHAMPS[champ].niveaux
          .slice(1)
          .map(({ code }, i) => [
            code,
            { m: arrondirPart(m[rang]?.[i + 1] ?? 0), u: arrondirPart(u[rang]?.[i + 1] ?? 0) },
          ]),
      ),
    ]),
  ) as Parametres['champs']
  return {
    ...aPriori,
    version: options.version ?? `base-${fiches.length}-${options.graine}`,
    origine: options.origine ?? `Estimés sur ${fiches.length} fiches, graine ${options.graine}`,
    depart: arrondir(Math.min(aPriori.depart, -Math.log2(fiches.length))),
    champs,
    frequences: {
      noms: compterFrequences(fiches, (fiche) => noms(fiche)),
      prenoms: compterFrequences(fiches, (fiche) => prenoms(fiche)),
      communes: compterFrequences(fiches, (fiche) => [fiche.commune]),
      bailleurs: compterFrequences(fiches, (fiche) => [fiche.bailleur]),
    },
  }
}

const arrondir = (n: number) => Number(n.toPrecision(4))
/** A share written with four digits, never 0 nor 1: nothing is impossible, nothing is sure. */
const arrondirPart = (n: number) => Math.min(0.999999, Math.max(1e-12, arrondir(n)))

function noms(fiche: Fiche): string[] {
  return fiche.principal.noms.map(({ serre }) => serre)
}

function prenoms(fiche: Fiche): string[] {
  return fiche.principal.prenom ? [fiche.principal.prenom.canon] : []
}

function estimerU(fiches: readonly Fiche[], hasard: () => number, aPriori: Parametres, nombre: number): number[][] {
  const comptes = NOMS_CHAMPS.map((champ) => CHAMPS[champ].niveaux.map(() => 0))
  for (let i = 0; i < nombre; i++) {
    const a = fiches[Math.floor(hasard() * fiches.length)]
    const b = fiches[Math.floor(hasard() * fiches.length)]
    if (!a || !b || a === b) continue
    const comparaison = comparer(a, b)
    if (scorerPaire(comparaison, aPriori) > 0) continue
    comparaison.niveaux.forEach((niveau, champ) => {
      const ligne = comptes[champ]
      if (niveau !== 0 && ligne) ligne[niveau] = (ligne[niveau] ?? 0) + 1
    })
  }
  return normaliser(comptes, tabuler(aPriori, 'u'), GROUPES, FORCE_U)
}

/** Patterns of agreement of the pairs that share a key, and the share of them that was looked at when they are many. */
function releverMotifs(
  fiches: readonly Fiche[],
  aPriori: Parametres,
  hasard: () => number,
  nombre: number,
): { readonly motifs: Motif[]; readonly part: number } {
  const parCle = new Map<string, number[]>()
  fiches.forEach((fiche, rang) => {
    for (const cle of clesDeBlocage(fiche)) {
      const liste = parCle.get(cle)
      if (liste) liste.push(rang)
      else parCle.set(cle, [rang])
    }
  })
  const groupes = [...parCle.values()].filter(({ length }) => length > 1 && length <= PLAFOND_CLE)
  const possibles = groupes.reduce((somme, { length }) => somme + (length * (length - 1)) / 2, 0)
  const part = Math.min(1, nombre / Math.max(1, possibles))
  const vues = new Set<number>()
  const motifs = new Map<string, { niveaux: readonly number[]; effectif: number }>()
  for (const groupe of groupes) {
    for (let i = 0; i < groupe.length; i++) {
      for (let j = i + 1; j < groupe.length; j++) {
        if (part < 1 && hasard() > part) continue
        const x = groupe[i] ?? 0
        const y = groupe[j] ?? 0
        const paire = x * fiches.length + y
        const [a, b] = [fiches[x], fiches[y]]
        if (!a || !b || vues.has(paire)) continue
        vues.add(paire)
        const comparaison = comparer(a, b)
        if (citeAutreOccupant(comparaison, aPriori)) continue
        // The landlord of an address already identical follows from it: it is left out of the estimate.
        const niveaux = comparaison.niveaux.map((niveau, champ) =>
          champ === RANG.bailleur && niveau === 2 ? 0 : niveau,
        )
        const cle = niveaux.join()
        const motif = motifs.get(cle)
        if (motif) motif.effectif++
        else motifs.set(cle, { niveaux, effectif: 1 })
      }
    }
  }
  return { motifs: [...motifs.values()], part }
}

/** At most this many values are listed by kind: the others are all rare. */
const VALEURS_MAX = 3000

function compterFrequences(fiches: readonly Fiche[], lire: (fiche: Fiche) => readonly string[]): Frequences {
  const comptes = new Map<string, number>()
  for (const fiche of fiches)
    for (const valeur of lire(fiche)) if (valeur !== '') comptes.set(valeur, (comptes.get(valeur) ?? 0) + 1)
  const minimum = Math.max(2, fiches.length * 0.00005)
  const frequents = [...comptes]
    .filter(([, nombre]) => nombre >= minimum)
    .sort(([x, n], [y, o]) => o - n || (x < y ? -1 : 1))
    .slice(0, VALEURS_MAX)
  return {
    defaut: arrondir(1.5 / fiches.length),
    valeurs: Object.fromEntries(
      frequents.map(([valeur, nombre]) => [valeur, arrondir(Math.min(0.9, nombre / fiches.length))]),
    ),
  }
}
