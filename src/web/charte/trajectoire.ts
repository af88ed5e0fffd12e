import type { Charte, Cibles, Historique } from '#referentiel'

export type Cible = Cibles['cibles'][number]

/**
 * « Five per cent a year » has two readings: each year on the one before, or each year on the first (AMB-07). A fall over the whole
 * document has one: a straight line to its end.
 */
export type LectureCible = 'composee' | 'lineaire' | 'terme'

/** One reading of one target, year by year, from the year it is counted from. */
export interface Trajectoire {
  readonly cible: Cible
  readonly lecture: LectureCible
  readonly points: readonly { readonly annee: number; readonly valeur: number }[]
  /** Whole fall at the end, as a share of the first value. */
  readonly chute: number
}

/** How many years a document lasts: what it says, or the whole years between its dates. */
export function dureeEnAnnees({ duree, du, jusqu_au }: Pick<Charte, 'duree' | 'du' | 'jusqu_au'>): number | null {
  if (duree) return duree.annees
  return jusqu_au ? du.until(jusqu_au, { largestUnit: 'years' }).years : null
}

const PARTS = {
  composee: (taux: number, rang: number) => (1 - taux) ** rang,
  lineaire: (taux: number, rang: number) => Math.max(0, 1 - taux * rang),
  terme: (taux: number, rang: number, annees: number) => 1 - (taux * rang) / annees,
} as const satisfies Record<LectureCible, (taux: number, rang: number, annees: number) => number>

/** The readings of a target from a known value. Values are not rounded. */
export function tracerCible(
  cible: Cible,
  base: { readonly annee: number; readonly valeur: number },
  annees: number,
): readonly Trajectoire[] {
  const taux = cible.baisse_pour_cent / 100
  const lectures: readonly LectureCible[] = cible.rythme === 'annuel' ? ['composee', 'lineaire'] : ['terme']
  return lectures.map((lecture) => ({
    cible,
    lecture,
    points: Array.from({ length: annees + 1 }, (_, rang) => ({
      annee: base.annee + rang,
      valeur: base.valeur * PARTS[lecture](taux, rang, annees),
    })),
    chute: 1 - PARTS[lecture](taux, annees, annees),
  }))
}

/** What a document says of one indicator, year by year: a number, or null where the figure is not known. */
export interface Serie {
  readonly points: readonly { readonly annee: number; readonly valeur: number | null }[]
}

/** Past figures of an indicator, or nothing when the document gives none. */
export function serieDe(historique: Historique | null, indicateur: string): Serie | null {
  const ligne = historique?.lignes.find((une) => une.indicateur === indicateur)
  if (!historique || !ligne) return null
  return {
    points: historique.annees.map((annee, rang) => {
      const valeur = ligne.valeurs[rang]
      return { annee, valeur: typeof valeur === 'number' ? valeur : null }
    }),
  }
}

/** Years of a series whose figure is known. */
export const anneesConnues = ({ points }: Serie): readonly { readonly annee: number; readonly valeur: number }[] =>
  points.flatMap(({ annee, valeur }) => (valeur === null ? [] : [{ annee, valeur }]))
