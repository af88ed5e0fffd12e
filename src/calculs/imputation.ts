import { type Delais, ecrireSource, resoudreValeur, type SourceDelai, trouverValeur } from '#procedure'
import { ecrireEuros, ecrireJour } from '#referentiel'
import { exigerCentimes, repartirEnProportion } from './montants.ts'

export const NATURES_DETTE = {
  loyer: 'Loyer',
  charges: 'Charges',
  indemnite: 'Indemnité d’occupation',
  frais: 'Frais',
  autre: 'Autre somme due',
} as const
export type NatureDette = keyof typeof NATURES_DETTE

export const ORIGINES_VERSEMENT = {
  menage: 'Ménage',
  aide: 'Aide au logement',
  rls: 'Réduction de loyer de solidarité',
  tiers: 'Autre payeur (FSL, garant, proche…)',
} as const
export type OrigineVersement = keyof typeof ORIGINES_VERSEMENT

/** One sum due. `terme` is the month it pays for, `AAAA-MM`: what housing aid is matched with. Rent without one is for the month of its due date. */
export interface DetteDue {
  readonly id: string
  readonly libelle: string
  readonly nature: NatureDette
  readonly terme: string | null
  readonly echeance: Temporal.PlainDate
  readonly centimes: number
  /** How much the debtor gains by paying it: the highest first. A person says it, with the reason; equal by default. */
  readonly interet?: { readonly rang: number; readonly motif: string } | undefined
}

export interface Versement {
  readonly id: string
  readonly le: Temporal.PlainDate
  readonly centimes: number
  readonly origine: OrigineVersement
  /** For aid: the month it is for, `AAAA-MM`. */
  readonly terme?: string | null | undefined
  /** Debts the debtor said were being paid, in order. */
  readonly indique?: readonly string[] | undefined
}

/** Why cents went where they went. */
export type RegleImputation = 'choix' | 'terme_aide' | 'echue' | 'interet' | 'ancienne' | 'proportion' | 'a_echoir'

export interface Imputation {
  readonly versement: string
  readonly dette: string
  readonly centimes: number
  readonly regle: RegleImputation
  readonly explication: string
}

export interface SoldeDette {
  readonly dette: string
  readonly paye: number
  readonly reste: number
}

/** Is current rent paid in full, and since which term? */
export interface ReprisePaiement {
  readonly etat: 'repris' | 'non_repris' | 'indetermine'
  /** First term of the unbroken series that is paid in full, `AAAA-MM`. */
  readonly depuisTerme: string | null
  /** Day of the payment that completed this first term. */
  readonly depuisLe: Temporal.PlainDate | null
  readonly phrase: string
}

export interface Lecture {
  readonly nom: 'indiquee' | 'legale'
  readonly libelle: string
  readonly imputations: readonly Imputation[]
  readonly soldes: readonly SoldeDette[]
  /** Cents that went nowhere, and why. */
  readonly nonImpute: readonly { readonly versement: string; readonly centimes: number; readonly motif: string }[]
  readonly restant: number
  readonly reprise: ReprisePaiement
}

export interface ResultatImputation {
  /** As the debtor said, then by law. The same when nobody said anything. */
  readonly lectures: readonly [Lecture, ...Lecture[]]
  readonly divergent: boolean
  readonly source: SourceDelai
  readonly sourceAide: SourceDelai
  readonly reserves: readonly string[]
}

/** The two rules of the law, with what must be said beside them. */
export interface ReglesImputation {
  readonly source: SourceDelai
  readonly sourceAide: SourceDelai
  readonly reserves: readonly string[]
}

/**
 * Reads in `donnees/droit/valeurs` the rules that hold for payments, each by the day it was received; `jour` when there is none. The source is that of the latest
 * one; what must be said comes from every one.
 */
export function lireReglesImputation(
  droit: Delais,
  versements: readonly Pick<Versement, 'le'>[],
  jour: Temporal.PlainDate,
): ReglesImputation {
  const jours = versements.map(({ le }) => le).toSorted(Temporal.PlainDate.compare)
  const regles = (jours.length > 0 ? jours : [jour]).map((le) => lireReglesDuJour(droit, le))
  const derniere = regles.at(-1) ?? lireReglesDuJour(droit, jour)
  return { ...derniere, reserves: [...new Set(regles.flatMap(({ reserves }) => reserves))] }
}

function lireReglesDuJour(droit: Delais, le: Temporal.PlainDate): ReglesImputation {
  const lues = (['versements.imputation', 'versements.imputation-aide'] as const).map((nom) => {
    const valeur = trouverValeur(droit, nom)
    const resultat = valeur ? resoudreValeur(valeur, { 'versement.recu': le }) : null
    if (resultat?.issue === 'valeur') {
      const [lecture] = resultat.lectures
      const reserve = resultat.aVerifier ? [`${ecrireSource(lecture.source)} : à vérifier.`] : []
      return { source: lecture.source, reserves: [...resultat.reserves, ...reserve] }
    }
    return {
      source: { titre: 'Règle d’imputation inconnue à cette date' },
      reserves: [`Imputation au ${ecrireJour(le)} : aucune règle connue à cette date, celle d’après est appliquée.`],
    }
  })
  const [imputation, aide] = lues
  if (!imputation || !aide) throw new Error('two rules are read')
  return {
    source: imputation.source,
    sourceAide: aide.source,
    reserves: [...new Set([...imputation.reserves, ...aide.reserves])],
  }
}

/**
 * Which debts payments extinguish, to the cent (civil code, art. 1342-10): the debt the debtor names; else debts due, then the one most worth
 * paying, then the oldest, then in proportion. Housing aid and the solidarity reduction extinguish their own term and nothing older; they are
 * counted before the payments of the same term, whatever the day they arrive. Both readings are given when somebody named a debt.
 * Only payments received and debts known on `jour` should be given; `jour` says which terms are due.
 */
export function imputerVersements(
  donnees: readonly DetteDue[],
  versements: readonly Versement[],
  jour: Temporal.PlainDate,
  regles: ReglesImputation,
): ResultatImputation {
  const dettes = donnees.map((dette) => ({ ...dette, terme: termeDe(dette) }))
  for (const { centimes } of [...dettes, ...versements]) {
    if (exigerCentimes('amount', centimes) < 0) throw new RangeError('an amount is not negative')
  }
  const legale = imputerSelon('legale', dettes, versements, jour)
  const choix = versements.some(({ origine, indique }) => !estAide(origine) && (indique ?? []).length > 0)
  const indiquee = choix ? imputerSelon('indiquee', dettes, versements, jour) : null
  const divergent = indiquee?.soldes.some(({ paye }, rang) => paye !== legale.soldes[rang]?.paye) ?? false
  return { lectures: indiquee ? [indiquee, legale] : [legale], divergent, ...regles }
}

const LOYERS: ReadonlySet<string> = new Set<NatureDette>(['loyer', 'charges', 'indemnite'])

/** The month a sum due is for: the one given; else, for rent, charges and indemnity, the month of the due date. */
export function termeDe({
  nature,
  terme,
  echeance,
}: Pick<DetteDue, 'terme' | 'echeance'> & { readonly nature: string }): string | null {
  return terme ?? (LOYERS.has(nature) ? echeance.toPlainYearMonth().toString() : null)
}

const estAide = (origine: OrigineVersement): boolean => origine === 'aide' || origine === 'rls'

function imputerSelon(
  nom: Lecture['nom'],
  dettes: readonly DetteDue[],
  versements: readonly Versement[],
  jour: Temporal.PlainDate,
): Lecture {
  const restes = new Map(dettes.map(({ id, centimes }) => [id, centimes]))
  // Aid is counted first whatever its day: a debt is paid off by the latest of its payments, not by the last one counted.
  const payeesLe = new Map<string, Temporal.PlainDate>()
  const imputations: Imputation[] = []
  const nonImpute: Lecture['nonImpute'][number][] = []
  const ouvertes = () => dettes.filter(({ id }) => (restes.get(id) ?? 0) > 0)

  for (const versement of ordonner(versements)) {
    let reste = versement.centimes
    const payer = (dette: DetteDue, centimes: number, regle: RegleImputation) => {
      if (centimes <= 0) return
      const solde = (restes.get(dette.id) ?? 0) - centimes
      restes.set(dette.id, solde)
      payeesLe.set(dette.id, plusTardif(versement.le, payeesLe.get(dette.id) ?? dette.echeance))
      reste -= centimes
      imputations.push({
        versement: versement.id,
        dette: dette.id,
        centimes,
        regle,
        explication: `${ecrireEuros(centimes)} sur « ${dette.libelle} » : ${RAISONS[regle](dette)}${solde === 0 ? ', soldée' : `, reste ${ecrireEuros(solde)}`}.`,
      })
    }
    if (estAide(versement.origine)) {
      const siennes = ouvertes()
        .filter(({ terme, nature }) => terme !== null && terme === versement.terme && nature !== 'frais')
        .toSorted((a, b) => ORDRE_NATURES.indexOf(a.nature) - ORDRE_NATURES.indexOf(b.nature))
      for (const dette of siennes) payer(dette, Math.min(reste, restes.get(dette.id) ?? 0), 'terme_aide')
      if (reste > 0)
        nonImpute.push({
          versement: versement.id,
          centimes: reste,
          motif: versement.terme
            ? `L’aide n’éteint que son propre terme (${ecrireTerme(versement.terme)}) : elle ne va jamais à un loyer plus ancien.`
            : 'Le mois que paie cette aide n’est pas donné : elle n’éteint que son propre terme.',
        })
      continue
    }
    const indiquees = nom === 'indiquee' ? (versement.indique ?? []) : []
    for (const id of indiquees) {
      const dette = dettes.find((une) => une.id === id)
      if (dette) payer(dette, Math.min(reste, restes.get(id) ?? 0), 'choix')
    }
    while (reste > 0) {
      const suite = choisirDettes(ouvertes(), versement.le)
      if (!suite) break
      const poids = suite.dettes.map(({ id }) => restes.get(id) ?? 0)
      const somme = poids.reduce((total, un) => total + un, 0)
      const parts = somme <= reste ? poids : repartirEnProportion(reste, poids)
      for (const [rang, dette] of suite.dettes.entries()) payer(dette, parts[rang] ?? 0, suite.regle)
    }
    if (reste > 0)
      nonImpute.push({ versement: versement.id, centimes: reste, motif: 'Plus aucune somme due : versement d’avance.' })
  }
  const soldes = dettes.map(({ id, centimes }) => {
    const reste = restes.get(id) ?? 0
    return { dette: id, paye: centimes - reste, reste }
  })
  return {
    nom,
    libelle: nom === 'indiquee' ? 'Selon ce que le ménage a indiqué' : 'Selon la loi, à défaut d’indication',
    imputations,
    soldes,
    nonImpute,
    restant: soldes.reduce((total, { reste }) => total + reste, 0),
    reprise: jugerReprise(dettes, restes, payeesLe, jour),
  }
}

const ORDRE_NATURES: readonly NatureDette[] = ['loyer', 'indemnite', 'charges', 'autre', 'frais']

/** Aid first, so that a term is known net of it; then by day, then as given. */
function ordonner(versements: readonly Versement[]): readonly Versement[] {
  return versements.toSorted(
    (a, b) => Number(estAide(b.origine)) - Number(estAide(a.origine)) || Temporal.PlainDate.compare(a.le, b.le),
  )
}

/** The debts that the law pays next, and the rule that tells them from the others; several share in proportion. */
function choisirDettes(
  ouvertes: readonly DetteDue[],
  le: Temporal.PlainDate,
): { readonly dettes: readonly DetteDue[]; readonly regle: RegleImputation } | null {
  if (ouvertes.length === 0) return null
  const echues = ouvertes.filter(({ echeance }) => Temporal.PlainDate.compare(echeance, le) <= 0)
  const bassin = echues.length > 0 ? echues : ouvertes
  const plusFort = Math.max(...bassin.map(rangInteret))
  const utiles = bassin.filter((dette) => rangInteret(dette) === plusFort)
  const [premiere] = utiles.toSorted((a, b) => Temporal.PlainDate.compare(a.echeance, b.echeance))
  const egales = utiles.filter(({ echeance }) => premiere?.echeance.equals(echeance))
  const regle =
    echues.length === 0
      ? 'a_echoir'
      : egales.length > 1
        ? 'proportion'
        : utiles.length > 1
          ? 'ancienne'
          : bassin.length > 1
            ? 'interet'
            : 'echue'
  return { dettes: egales, regle }
}

const rangInteret = ({ interet }: DetteDue): number => interet?.rang ?? 0

const RAISONS = {
  choix: () => 'dette que le ménage a indiquée',
  terme_aide: ({ terme }) => `l’aide éteint son propre terme (${ecrireTerme(terme ?? '')})`,
  echue: () => 'seule dette échue',
  interet: ({ interet }) => `dette que le ménage a le plus d’intérêt à payer${interet ? ` (${interet.motif})` : ''}`,
  ancienne: ({ echeance }) => `à intérêt égal, la plus ancienne (échue le ${ecrireJour(echeance)})`,
  proportion: () => 'même échéance et même intérêt, en proportion',
  a_echoir: ({ echeance }) => `rien d’autre n’est échu, prochaine échéance (${ecrireJour(echeance)})`,
} as const satisfies Record<RegleImputation, (dette: DetteDue) => string>

function plusTardif(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) >= 0 ? a : b
}

const moisSuivant = (terme: string): string => Temporal.PlainYearMonth.from(terme).add({ months: 1 }).toString()

/**
 * Terms of rent due on the day, oldest first: the unbroken series of paid ones up to the last says since when rent is paid again. A ledger that stops before
 * the term now due, or that lacks a month of the series, does not say it is: « indéterminé », never « repris ».
 */
function jugerReprise(
  dettes: readonly DetteDue[],
  restes: ReadonlyMap<string, number>,
  payeesLe: ReadonlyMap<string, Temporal.PlainDate>,
  jour: Temporal.PlainDate,
): ReprisePaiement {
  const loyers = dettes.filter(({ nature, terme }) => terme !== null && LOYERS.has(nature))
  const courantes = loyers.filter(({ echeance }) => Temporal.PlainDate.compare(echeance, jour) <= 0)
  const termes = [...new Set(courantes.flatMap(({ terme }) => terme ?? []))].sort()
  const indetermine = (phrase: string): ReprisePaiement => ({
    etat: 'indetermine',
    depuisTerme: null,
    depuisLe: null,
    phrase,
  })
  const dernier = termes.at(-1)
  if (dernier === undefined) return indetermine('Aucun loyer courant n’est encore échu.')
  const dues = (terme: string) => courantes.filter((dette) => dette.terme === terme)
  const paye = (terme: string) => dues(terme).every(({ id }) => (restes.get(id) ?? 0) === 0)
  const suivant = moisSuivant(dernier)
  // The next term falls due one month after the first sum of the last one, unless a later day is entered for it.
  const [premiere] = dues(dernier)
    .map(({ echeance }) => echeance)
    .toSorted(Temporal.PlainDate.compare)
  const attendue = premiere?.add({ months: 1 }) ?? jour
  const perime = Temporal.PlainDate.compare(attendue, jour) <= 0 && !loyers.some(({ terme }) => terme === suivant)
  const pasSaisi = (terme: string) => `Le loyer ${duTerme(terme)} n’est pas saisi`
  if (!paye(dernier))
    return {
      etat: 'non_repris',
      depuisTerme: null,
      depuisLe: null,
      phrase: `Le loyer courant n’est pas repris intégralement : ${ecrireTerme(dernier)} n’est pas soldé.${perime ? ` ${pasSaisi(suivant)}.` : ''}`,
    }
  if (perime)
    return indetermine(
      `${pasSaisi(suivant)} : on ne sait pas si le loyer courant est repris. Le dernier saisi, ${ecrireTerme(dernier)}, est soldé.`,
    )
  const serie = termes.slice(termes.findLastIndex((terme) => !paye(terme)) + 1)
  const trou = serie.slice(1).find((terme, rang) => terme !== moisSuivant(serie[rang] ?? terme))
  if (trou !== undefined) {
    const manquant = moisSuivant(serie[serie.indexOf(trou) - 1] ?? trou)
    return indetermine(
      `${pasSaisi(manquant)} : on ne sait pas si le loyer courant est repris. Le dernier saisi, ${ecrireTerme(dernier)}, est soldé.`,
    )
  }
  const depuis = serie[0] ?? dernier
  const le =
    dues(depuis)
      .flatMap(({ id }) => payeesLe.get(id) ?? [])
      .toSorted(Temporal.PlainDate.compare)
      .at(-1) ?? null
  return {
    etat: 'repris',
    depuisTerme: depuis,
    depuisLe: le,
    phrase: `Le loyer courant est payé intégralement depuis le terme ${duTerme(depuis)}${le ? `, soldé le ${ecrireJour(le)}` : ''}.`,
  }
}

/** `2026-10` → « d’octobre 2026 », `2026-11` → « de novembre 2026 ». */
export function duTerme(terme: string): string {
  const mois = ecrireTerme(terme)
  return `${/^[ao]/.test(mois) ? 'd’' : 'de '}${mois}`
}

/** `2026-11` → « novembre 2026 ». */
export function ecrireTerme(terme: string): string {
  const mois = /^(\d{4})-(\d{2})$/.exec(terme)
  if (!mois) return terme
  return ecrireJour(Temporal.PlainDate.from(`${terme}-02`)).replace(/^2 /, '')
}
