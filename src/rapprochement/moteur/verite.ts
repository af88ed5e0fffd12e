import type { FicheRegroupee } from './regrouper.ts'

/** How good a regrouping is against a known truth, counted by pairs of fiches. */
export interface Mesures {
  readonly fiches: number
  readonly pairesVraies: number
  /** Pairs put together without a person. */
  readonly rattachees: number
  readonly rattacheesAtort: number
  readonly precision: number
  readonly rappel: number
  readonly f1: number
  /** Share of the true pairs put together, or that a person is asked about. */
  readonly rappelAvecRevue: number
  /** Share of the fiches sent to a person. */
  readonly partRevue: number
  /** Of the fiches sent to a person, share for which one candidate at least is right. */
  readonly revuesUtiles: number
  /** Pairs joined by mistake, and true pairs neither joined nor proposed: ranks of the fiches. */
  readonly erreurs: {
    readonly aTort: readonly (readonly [number, number])[]
    readonly manquees: readonly (readonly [number, number])[]
  }
}

const part = (n: number, sur: number, vide: number) => (sur === 0 ? vide : n / sur)

/** Precision, recall and F1 from counts of pairs. */
export function calculerMesures(
  justes: number,
  trouvees: number,
  vraies: number,
): { precision: number; rappel: number; f1: number } {
  const precision = part(justes, trouvees, 1)
  const rappel = part(justes, vraies, 1)
  return { precision, rappel, f1: precision + rappel === 0 ? 0 : (2 * precision * rappel) / (precision + rappel) }
}

/** Compares a regrouping with the true household of each fiche. */
export function evaluerVerite(resultats: readonly FicheRegroupee[], menages: readonly string[]): Mesures {
  const parMenage = Map.groupBy(resultats, ({ rang }) => menages[rang] ?? '')
  const parDossier = Map.groupBy(
    resultats.filter(({ dossier }) => dossier !== null),
    ({ dossier }) => dossier ?? '',
  )
  const aTort: (readonly [number, number])[] = []
  let rattachees = 0
  for (const groupe of parDossier.values()) {
    for (const [x, y] of listerPaires(groupe)) {
      rattachees++
      if (menages[x.rang] !== menages[y.rang]) aTort.push([x.rang, y.rang])
    }
  }
  const manquees: (readonly [number, number])[] = []
  let vraies = 0
  let retrouvees = 0
  for (const groupe of parMenage.values()) {
    for (const [x, y] of listerPaires(groupe)) {
      vraies++
      if (lister(x).some((dossier) => lister(y).includes(dossier))) retrouvees++
      else manquees.push([x.rang, y.rang])
    }
  }
  const revues = resultats.filter(({ decision }) => decision.issue === 'a_revoir')
  const utiles = revues.filter((revue) =>
    lister(revue).some((dossier) => parDossier.get(dossier)?.some(({ rang }) => menages[rang] === menages[revue.rang])),
  )
  return {
    fiches: resultats.length,
    pairesVraies: vraies,
    rattachees,
    rattacheesAtort: aTort.length,
    ...calculerMesures(rattachees - aTort.length, rattachees, vraies),
    rappelAvecRevue: part(retrouvees, vraies, 1),
    partRevue: part(revues.length, resultats.length, 0),
    revuesUtiles: part(utiles.length, revues.length, 1),
    erreurs: { aTort, manquees },
  }
}

/** Dossiers a fiche has joined, or is proposed for. */
function lister({ dossier, decision }: FicheRegroupee): readonly string[] {
  return dossier === null ? decision.candidats.map((candidat) => candidat.dossier) : [dossier]
}

function* listerPaires<T>(liste: readonly T[]): Generator<readonly [T, T]> {
  for (let i = 0; i < liste.length; i++) {
    for (let j = i + 1; j < liste.length; j++) yield [liste[i] as T, liste[j] as T]
  }
}
