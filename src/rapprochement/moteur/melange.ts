/** A vector of levels seen some number of times. Level 0 of a field means unknown: it brings nothing. */
export interface Motif {
  readonly niveaux: readonly number[]
  readonly effectif: number
}

export interface OptionsMelange {
  /** By field then level, what is believed of pairs of one household before looking. Levels sum to 1 within a group. */
  readonly mAPriori: readonly (readonly number[])[]
  /** By field then level, measured on pairs at random. */
  readonly u: readonly (readonly number[])[]
  /** Weight of the belief, in pairs. */
  readonly force: number
  /** How many pairs of the whole base the patterns were chosen from by blocking keys. */
  readonly univers: number
  /** By field, the levels that exclude one another; a level in no group is left as it is. Default: all but 0. */
  readonly groupes?: readonly (readonly (readonly number[])[])[]
  readonly tours?: number
}

export interface Melange {
  /** Share of all pairs of the base that are of one household. */
  readonly part: number
  readonly m: readonly (readonly number[])[]
}

/**
 * Estimates `m` by expectation–maximisation on patterns of agreement. No truth is used. Patterns come from pairs that share
 * a key, but each is weighed as one pair of the whole base, with the share of households among all pairs and `u` of pairs at
 * random: a key then favours nothing, and a crowd of namesakes who share one is not taken for households. The belief keeps
 * rare levels from collapsing to zero.
 */
export function estimerMelange(motifs: readonly Motif[], options: OptionsMelange): Melange {
  const { mAPriori, u, force, univers, tours = 40 } = options
  const groupes = options.groupes ?? mAPriori.map((niveaux) => [niveaux.map((_, rang) => rang).slice(1)])
  let m: readonly (readonly number[])[] = mAPriori
  let part = Math.min(0.5, motifs.reduce((somme, { effectif }) => somme + effectif, 0) / 10 / univers)
  for (let tour = 0; tour < tours; tour++) {
    const comptes = mAPriori.map((niveaux) => niveaux.map(() => 0))
    let trouvees = 0
    for (const { niveaux, effectif } of motifs) {
      let rapport = part / (1 - part)
      for (let champ = 0; champ < niveaux.length; champ++) {
        const niveau = niveaux[champ] ?? 0
        if (niveau !== 0) rapport *= (m[champ]?.[niveau] || 1e-9) / (u[champ]?.[niveau] || 1e-9)
      }
      const poids = (effectif * rapport) / (1 + rapport)
      if (poids === 0) continue
      trouvees += poids
      for (let champ = 0; champ < niveaux.length; champ++) {
        const niveau = niveaux[champ] ?? 0
        const ligne = comptes[champ]
        if (niveau !== 0 && ligne) ligne[niveau] = (ligne[niveau] ?? 0) + poids
      }
    }
    m = normaliser(comptes, mAPriori, groupes, force)
    part = Math.min(0.5, Math.max(0.1, trouvees) / univers)
  }
  return { part, m }
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
