import { type Calendrier, estJourOuvre, jourOuvrePrecedent, jourOuvreSuivant } from './calendrier.ts'

export const UNITES = ['ans', 'mois', 'semaines', 'jours', 'jours_ouvres'] as const
export type Unite = (typeof UNITES)[number]

/** A duration keeps its unit: six weeks, 42 days and a month and a half are three different durations. */
export interface Duree {
  readonly valeur: number
  readonly unite: Unite
}

/** The day the time limit ends as counted, and the day it ends once moved off a day that is not worked. */
export interface Terme {
  readonly termeBrut: Temporal.PlainDate
  readonly termeReporte: Temporal.PlainDate
}

interface Computation {
  readonly unites: readonly Unite[]
  /** Counted after the day of departure, or backwards from it. */
  readonly sens: 'apres' | 'avant'
  /** Where a term on a Saturday, a Sunday or a public holiday goes. */
  readonly report: 'suivant' | 'precedent' | 'aucun'
}

/**
 * The ways of counting, each written once (domaine.md §0.3; C. pr. civ. art. 640 to 642). The day of departure never
 * counts. Forward limits move to the next worked day; backward ones, by prudence, to the worked day before.
 */
export const COMPUTATIONS = {
  quantieme: { unites: ['mois', 'ans'], sens: 'apres', report: 'suivant' },
  quantieme_sans_report: { unites: ['mois', 'ans'], sens: 'apres', report: 'aucun' },
  semaines: { unites: ['semaines'], sens: 'apres', report: 'suivant' },
  jours_calendaires: { unites: ['jours'], sens: 'apres', report: 'suivant' },
  jours_calendaires_sans_report: { unites: ['jours'], sens: 'apres', report: 'aucun' },
  jours_ouvres: { unites: ['jours_ouvres'], sens: 'apres', report: 'aucun' },
  quantieme_a_rebours: { unites: ['mois', 'ans'], sens: 'avant', report: 'precedent' },
  semaines_a_rebours: { unites: ['semaines'], sens: 'avant', report: 'precedent' },
  jours_calendaires_a_rebours: { unites: ['jours'], sens: 'avant', report: 'precedent' },
  jours_d_alerte_a_rebours: { unites: ['jours'], sens: 'avant', report: 'aucun' },
  jours_ouvres_a_rebours: { unites: ['jours_ouvres'], sens: 'avant', report: 'aucun' },
} as const satisfies Record<string, Computation>

export type NomComputation = keyof typeof COMPUTATIONS
export const NOMS_COMPUTATION = Object.keys(COMPUTATIONS) as NomComputation[]

/** The description of a way of counting, widened. */
export function decrireComputation(nom: NomComputation): Computation {
  return COMPUTATIONS[nom]
}

/** A way of counting in French, as shown beside what it counts. */
export function ecrireComputation(nom: NomComputation): string {
  const { unites, sens, report } = decrireComputation(nom)
  const [unite] = unites
  const pas = {
    ans: 'de date à date',
    mois: 'de date à date, ou au dernier jour du mois',
    semaines: 'en semaines entières',
    jours: 'en jours du calendrier',
    jours_ouvres: 'du lundi au vendredi, sans les jours fériés',
  }[unite ?? 'jours']
  const depuis = sens === 'apres' ? 'Compté' : 'Compté à rebours'
  const fin = {
    suivant: 'Un terme qui tombe un samedi, un dimanche ou un jour férié passe au jour ouvré suivant.',
    precedent:
      'Par prudence, un terme qui tombe un samedi, un dimanche ou un jour férié est avancé au jour ouvré précédent.',
    aucun: unite === 'jours_ouvres' ? '' : 'Le terme ne bouge pas, même un samedi, un dimanche ou un jour férié.',
  }[report]
  return `${depuis} ${pas} ; le jour de départ ne compte pas. ${fin}`.trimEnd()
}

/**
 * Counts a duration from a day. Months end on the same day of the month, or on its last day. Throws `RangeError` when the
 * way of counting does not take the unit: the loader of time limits checks it first.
 */
export function calculerTerme(
  nom: NomComputation,
  depart: Temporal.PlainDate,
  duree: Duree,
  calendrier: Calendrier,
): Terme {
  const { unites, sens, report } = decrireComputation(nom)
  if (!unites.includes(duree.unite)) throw new RangeError(`${nom} does not count in ${duree.unite}`)
  const termeBrut = deplacer(depart, duree, sens === 'apres' ? 1 : -1, calendrier)
  return { termeBrut, termeReporte: reporter(report, termeBrut, calendrier) }
}

function deplacer(depart: Temporal.PlainDate, { valeur, unite }: Duree, pas: 1 | -1, calendrier: Calendrier) {
  switch (unite) {
    case 'ans':
      return depart.add({ years: pas * valeur }, { overflow: 'constrain' })
    case 'mois':
      return depart.add({ months: pas * valeur }, { overflow: 'constrain' })
    case 'semaines':
      return depart.add({ weeks: pas * valeur })
    case 'jours':
      return depart.add({ days: pas * valeur })
    case 'jours_ouvres': {
      let jour = depart
      for (let restants = valeur; restants > 0; ) {
        jour = jour.add({ days: pas })
        if (estJourOuvre(calendrier, jour)) restants -= 1
      }
      return jour
    }
  }
}

function reporter(report: Computation['report'], terme: Temporal.PlainDate, calendrier: Calendrier) {
  switch (report) {
    case 'suivant':
      return jourOuvreSuivant(calendrier, terme)
    case 'precedent':
      return jourOuvrePrecedent(calendrier, terme)
    case 'aucun':
      return terme
  }
}
