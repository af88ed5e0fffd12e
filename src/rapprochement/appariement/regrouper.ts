import { type Comparaison, comparer } from './comparer.ts'
import { clesDeBlocage, type Fiche } from './fiche.ts'
import { tirages } from './hasard.ts'
import { type Decision, decider, estimer, evaluerPaire, mesurerFrequences, type Parametres } from './modele.ts'

export interface FicheRangee {
  readonly id: string
  readonly fiche: Fiche
}

export interface Regroupement {
  /** Dossier of each fiche; null when it waits for a person. */
  readonly dossiers: ReadonlyMap<string, string | null>
  readonly decisions: ReadonlyMap<string, Decision>
}

/** Takes fiches one after the other, as an import does: attached, waiting, or opening a dossier. In memory, for measures and tests. */
export function regrouper(fiches: readonly FicheRangee[], parametres: Parametres): Regroupement {
  const parCle = new Map<string, Set<string>>()
  const membres = new Map<string, FicheRangee[]>()
  const dossiers = new Map<string, string | null>()
  const decisions = new Map<string, Decision>()
  let suivant = 1
  for (const rangee of fiches) {
    const cles = clesDeBlocage(rangee.fiche)
    const candidats = new Set<string>()
    for (const cle of cles) {
      const ensemble = parCle.get(cle)
      if (ensemble && ensemble.size <= 120) for (const dossier of ensemble) candidats.add(dossier)
    }
    const decision = decider(
      [...candidats].map((dossier) => ({
        dossier,
        evaluations: (membres.get(dossier) ?? []).map((membre) => ({
          signalement: membre.id,
          ...evaluerPaire(comparer(rangee.fiche, membre.fiche), parametres),
        })),
      })),
      parametres.seuils,
    )
    decisions.set(rangee.id, decision)
    let dossier: string | null = null
    if (decision.issue === 'nouveau') dossier = `D${suivant++}`
    else if (decision.issue === 'certain') dossier = decision.candidats[0]?.dossier ?? null
    dossiers.set(rangee.id, dossier)
    if (dossier === null) continue
    membres.set(dossier, [...(membres.get(dossier) ?? []), rangee])
    for (const cle of cles) {
      const ensemble = parCle.get(cle)
      if (ensemble) ensemble.add(dossier)
      else parCle.set(cle, new Set([dossier]))
    }
  }
  return { dossiers, decisions }
}

export interface Mesure {
  readonly precision: number
  readonly rappel: number
  readonly f1: number
  /** Share of the true pairs attached or proposed to a person. */
  readonly retrouves: number
  readonly partARevoir: number
  readonly fauxPositifs: readonly (readonly [string, string])[]
  readonly manques: readonly (readonly [string, string])[]
}

/** Measures a grouping against the truth, by pairs of fiches. */
export function mesurer(
  fiches: readonly FicheRangee[],
  resultat: Regroupement,
  verite: ReadonlyMap<string, string>,
): Mesure {
  let vraies = 0
  let justes = 0
  let trouvees = 0
  const fauxPositifs: [string, string][] = []
  const manques: [string, string][] = []
  // One pass over all pairs is enough for samples of a few thousand: only pairs that share a truth or a dossier are looked at.
  const parVerite = Map.groupBy(fiches, ({ id }) => verite.get(id) ?? id)
  const parDossier = Map.groupBy(
    fiches.filter(({ id }) => resultat.dossiers.get(id) != null),
    ({ id }) => resultat.dossiers.get(id) ?? id,
  )
  const dossierDe = (id: string) => resultat.dossiers.get(id) ?? null
  for (const membres of parVerite.values()) {
    for (let i = 0; i < membres.length; i++) {
      for (let j = i + 1; j < membres.length; j++) {
        const [a, b] = [membres[i]?.id ?? '', membres[j]?.id ?? '']
        vraies += 1
        const [da, db] = [dossierDe(a), dossierDe(b)]
        if (da !== null && da === db) {
          justes += 1
          trouvees += 1
          continue
        }
        const propose = (id: string, dossier: string | null) =>
          dossier !== null &&
          (resultat.decisions.get(id)?.candidats.some((candidat) => candidat.dossier === dossier) ?? false)
        const memeCandidat = () => {
          const deA = new Set(resultat.decisions.get(a)?.candidats.map((candidat) => candidat.dossier))
          return (
            da === null &&
            db === null &&
            (resultat.decisions.get(b)?.candidats.some((candidat) => deA.has(candidat.dossier)) ?? false)
          )
        }
        if ((da === null && propose(a, db)) || (db === null && propose(b, da)) || memeCandidat()) trouvees += 1
        else manques.push([a, b])
      }
    }
  }
  let paires = 0
  for (const membres of parDossier.values()) {
    for (let i = 0; i < membres.length; i++) {
      for (let j = i + 1; j < membres.length; j++) {
        paires += 1
        const [a, b] = [membres[i]?.id ?? '', membres[j]?.id ?? '']
        if (verite.get(a) !== verite.get(b)) fauxPositifs.push([a, b])
      }
    }
  }
  const precision = paires === 0 ? 1 : (paires - fauxPositifs.length) / paires
  const rappel = vraies === 0 ? 1 : justes / vraies
  return {
    precision,
    rappel,
    f1: precision + rappel === 0 ? 0 : (2 * precision * rappel) / (precision + rappel),
    retrouves: vraies === 0 ? 1 : trouvees / vraies,
    partARevoir:
      [...resultat.dossiers.values()].filter((dossier) => dossier === null).length / Math.max(fiches.length, 1),
    fauxPositifs,
    manques,
  }
}

/** Estimates parameters on a base: u from random pairs, m by EM on the pairs that share a key, names from their frequency. Seeded. */
export function estimerParametres(
  fiches: readonly Fiche[],
  depart: Parametres,
  options: { graine: number; version: string; pairesHasard?: number },
): Parametres {
  if (fiches.length < 200) return depart
  const hasard = tirages(options.graine)
  const tirer = () => fiches[Math.floor(hasard() * fiches.length)]
  const auHasard: Comparaison[] = []
  for (let i = 0; i < (options.pairesHasard ?? 60_000); i++) {
    const [a, b] = [tirer(), tirer()]
    if (a && b && a !== b) auHasard.push(comparer(a, b))
  }
  const parCle = new Map<string, number[]>()
  fiches.forEach((fiche, rang) => {
    for (const cle of clesDeBlocage(fiche)) {
      const liste = parCle.get(cle)
      if (liste) liste.push(rang)
      else parCle.set(cle, [rang])
    }
  })
  const vues = new Set<number>()
  const proches: Comparaison[] = []
  for (const rangs of parCle.values()) {
    if (rangs.length < 2 || rangs.length > 60) continue
    for (let i = 0; i < rangs.length && proches.length < 200_000; i++) {
      for (let j = i + 1; j < rangs.length; j++) {
        const [x, y] = [rangs[i] ?? 0, rangs[j] ?? 0]
        const cle = x * fiches.length + y
        if (vues.has(cle)) continue
        vues.add(cle)
        const [a, b] = [fiches[x], fiches[y]]
        if (a && b) proches.push(comparer(a, b))
      }
    }
  }
  return estimer(
    proches,
    auHasard,
    depart,
    options.version,
    mesurerFrequences(fiches.flatMap((fiche) => fiche.principal.noms.slice(0, 1))),
  )
}
