/** A vector of levels seen some number of times. Level 0 of a field means unknown: it brings nothing. */
export interface Motif {
  readonly niveaux: readonly number[]
  readonly effectif: number
}

export interface OptionsMelange {
  /** By field then level, what is believed of pairs of one household before looking. Levels sum to 1 within a group. */
  readonly mAPriori: readonly (readonly number[])[]
  /** Weight of that belief, in pairs. */
  readonly force: number
  /** By field, the levels that exclude one another; a level in no group is left as it is. Default: all but 0. */
  readonly groupes?: readonly (readonly (readonly number[])[])[]
  readonly tours?: number
  /** Share of pairs of one household to start from. */
  readonly depart?: number
}

export interface Melange {
  /** Share of the pairs that are of one household. */
  readonly part: number
  readonly m: readonly (readonly number[])[]
  /** Same for the other pairs of the sample; not pairs at random, since the sample is chosen by blocking keys. */
  readonly u: readonly (readonly number[])[]
}

/**
 * Splits patterns of agreement in two classes by expectation–maximisation, fields independent within each class. No
 * truth is used. The belief given keeps rare levels from collapsing to zero.
 */
export function estimerMelange(motifs: readonly Motif[], options: OptionsMelange): Melange {
  const { mAPriori, force, tours = 40 } = options
  const groupes = options.groupes ?? mAPriori.map((niveaux) => [niveaux.map((_, rang) => rang).slice(1)])
  let m = mAPriori.map((niveaux) => [...niveaux])
  let u = normaliser(compter(motifs, mAPriori, () => 1), mAPriori, groupes, 1)
  let part = options.depart ?? 0.05
  const total = motifs.reduce((somme, { effectif }) => somme + effectif, 0)
  for (let tour = 0; tour < tours; tour++) {
    const poids = motifs.map(({ niveaux }) => {
      let rapport = part / (1 - part)
      for (let champ = 0; champ < niveaux.length; champ++) {
        const niveau = niveaux[champ] ?? 0
        if (niveau !== 0) rapport *= (m[champ]?.[niveau] || 1e-9) / (u[champ]?.[niveau] || 1e-9)
      }
      return rapport / (1 + rapport)
    })
    const positifs = compter(motifs, mAPriori, (i) => poids[i] ?? 0)
    const negatifs = compter(motifs, mAPriori, (i) => 1 - (poids[i] ?? 0))
    m = normaliser(positifs, mAPriori, groupes, force)
    u = normaliser(negatifs, mAPriori, groupes, 1, true)
    const somme = motifs.reduce((s, { effectif }, i) => s + effectif * (poids[i] ?? 0), 0)
    part = Math.min(0.95, Math.max(1e-6, somme / Math.max(1, total)))
  }
  return { part, m, u }
}

function compter(motifs: readonly Motif[], forme: readonly (readonly number[])[], poids: (i: number) => number): number[][] {
  const comptes = forme.map((niveaux) => niveaux.map(() => 0))
  motifs.forEach(({ niveaux, effectif }, i) => {
    const valeur = effectif * poids(i)
    for (let champ = 0; champ < niveaux.length; champ++) {
      const niveau = niveaux[champ] ?? 0
      const ligne = comptes[champ]
      if (niveau !== 0 && ligne) ligne[niveau] = (ligne[niveau] ?? 0) + valeur
    }
  })
  return comptes
}

/** Counts to shares, within each group of levels, mixed with the belief (or with an even one). */
export function normaliser(
  comptes: readonly (readonly number[])[],
  aPriori: readonly (readonly number[])[],
  groupes: readonly (readonly (readonly number[])[])[],
  force: number,
  uniforme = false,
): number[][] {
  return comptes.map((ligne, champ) => {
    const parts = [...(aPriori[champ] ?? ligne)]
    for (const groupe of groupes[champ] ?? []) {
      const somme = groupe.reduce((s, niveau) => s + (ligne[niveau] ?? 0), 0)
      for (const niveau of groupe) {
        const cru = uniforme ? 1 / groupe.length : (aPriori[champ]?.[niveau] ?? 0)
        parts[niveau] = ((ligne[niveau] ?? 0) + force * cru) / (somme + force)
      }
    }
    return parts
  })
}
