import {
  type Delais,
  ecrireSource,
  etalerDette,
  type FaitDate,
  type Faits,
  resoudreValeur,
  type Situation,
  type SourceDelai,
  trouverValeur,
} from '#procedure'
import { ecrireEuros, ecrireJour } from '#referentiel'
import { exigerCentimes, type Montant } from './montants.ts'

/** Where a plan comes from. CAF apart, these are the six kinds of the referral form. */
export const ORIGINES_PLAN = {
  bailleur: 'Plan conclu avec le bailleur',
  caf: 'Plan fixé par l’organisme payeur, à défaut d’accord',
  juge: 'Délais de paiement accordés par le juge',
  protocole_1: 'Plan du protocole de cohésion sociale n° 1',
  protocole_2: 'Plan du protocole de cohésion sociale n° 2',
  surendettement: 'Plan de la commission de surendettement',
  volontaire: 'Paiement volontaire, sans accord du bailleur',
} as const
export type OriginePlan = keyof typeof ORIGINES_PLAN

/** Which value of `donnees/droit/valeurs` bounds a plan, and the date that selects its version. */
const CADRES = {
  bailleur: ['plan-apurement.duree-usage', 'impaye.constitue'],
  caf: ['plan-apurement.defaut-duree', 'impaye.constitue'],
  juge: ['jugement.delais-de-paiement', 'jugement.rendu'],
  protocole_1: ['protocole.duree', 'protocole.signe'],
  protocole_2: ['protocole.avenant', 'protocole.signe'],
  surendettement: null,
  volontaire: null,
} as const satisfies Record<OriginePlan, readonly [string, FaitDate] | null>

/** The dated fact that selects the frame of a plan; null where no law bounds it. */
export const dateDuCadre = (origine: OriginePlan): FaitDate | null => CADRES[origine]?.[1] ?? null

/** How long a plan may last. `moisMax` null: no bound is known, and `motif` says why. */
export interface Cadre {
  readonly origine: OriginePlan
  readonly moisMax: number | null
  readonly texte: string
  readonly source: SourceDelai | null
  readonly reserves: readonly string[]
}

/**
 * The frame of a plan, from the law of the right day. The date that selects the version is a fact of the dossier, and the condition on the landlord too: without them
 * the bound is unknown, and this is said; no other day takes its place. An origin without a bound in the data has none.
 */
export function lireCadre(droit: Delais, origine: OriginePlan, faits: Faits, situation: Situation = {}): Cadre {
  const cadre = CADRES[origine]
  if (cadre === null) {
    const texte =
      origine === 'surendettement'
        ? 'La durée est celle de la décision de la commission de surendettement.'
        : 'Aucune durée n’encadre un paiement volontaire.'
    return { origine, moisMax: null, texte, source: null, reserves: [] }
  }
  const [nom] = cadre
  const valeur = trouverValeur(droit, nom)
  const resultat = valeur ? resoudreValeur(valeur, faits, situation) : null
  if (resultat?.issue !== 'valeur') {
    const pourquoi = resultat === null ? 'aucune règle' : resultat.issue === 'aucune' ? resultat.aucune : resultat.texte
    const texte = `Durée maximale inconnue : ${pourquoi.replace(/^Indéterminé : /, '').replace(/\.$/, '')}.`
    return { origine, moisMax: null, texte, source: null, reserves: ['À vérifier avant de conclure.'] }
  }
  const [lecture] = resultat.lectures
  const { contenu } = lecture
  const duree = contenu.genre === 'duree' ? contenu.duree : contenu.genre === 'intervalle' ? contenu.a : null
  const moisMax = duree?.unite === 'mois' ? duree.valeur : duree?.unite === 'ans' ? duree.valeur * 12 : null
  return {
    origine,
    moisMax,
    texte: `Durée maximale : ${moisMax === null ? lecture.texte : `${moisMax} mois`} (${ecrireSource(lecture.source)}).`,
    source: lecture.source,
    reserves: [...resultat.reserves, ...(resultat.aVerifier ? ['À vérifier.'] : [])],
  }
}

export interface EcheancePlan {
  readonly rang: number
  readonly le: Temporal.PlainDate
  readonly centimes: number
}

export interface DemandePlan {
  readonly dette: number
  /** One of the two. */
  readonly nombre?: number | undefined
  readonly mensualite?: number | undefined
  readonly premiere: Temporal.PlainDate
  /** Day of the month from the second instalment on; the last day of shorter months. The first one's by default. */
  readonly jourDuMois?: number | undefined
  /** Which instalment takes what rounding leaves. */
  readonly arrondi: 'premiere' | 'derniere'
  readonly cadre: Cadre
  /** What the household can pay each month once current rent is paid. */
  readonly disponible?: Montant | undefined
  /** Day the plan is made; not given, it is made now, after whatever is known. */
  readonly concluLe?: Temporal.PlainDate | undefined
  /** Day the over-indebtedness file was declared admissible, when the debt is in it. */
  readonly surendettementDepuis?: Temporal.PlainDate | null | undefined
  /** Source of the prohibition, from the law. */
  readonly sourceSurendettement?: SourceDelai | null | undefined
}

/** Beyond, nothing is spread: no frame of the law goes that far, and a schedule is built row by row. */
const ECHEANCES_MAX = 600

/**
 * `possible`; `non_tenable`: more than the household has left, shown as such; `refuse`: it may not be made so; `bloque`: over-indebtedness forbids
 * paying this debt. A refused or blocked plan has no schedule. Delays of the judge, and a plan made before the file was admissible, are facts: they are not
 * blocked, and the prohibition is said beside them.
 */
export interface ResultatPlan {
  readonly etat: 'possible' | 'non_tenable' | 'refuse' | 'bloque'
  readonly echeances: readonly EcheancePlan[]
  readonly total: number
  readonly nombre: number
  readonly mensualite: number
  readonly fin: Temporal.PlainDate | null
  readonly motifs: readonly string[]
  readonly reserves: readonly string[]
  readonly cadre: Cadre
}

/**
 * A repayment plan in whole cents, whose instalments sum to the debt exactly (domaine §7.3). Months keep their own length: the 31st falls on the last
 * day of a shorter month. Throws `RangeError` when amounts are not whole cents.
 */
export function calculerPlan(demande: DemandePlan): ResultatPlan {
  const { dette, premiere, cadre, arrondi } = demande
  exigerCentimes('debt', dette)
  const rien = { echeances: [], total: 0, nombre: 0, mensualite: 0, fin: null, reserves: cadre.reserves, cadre }
  const refuser = (etat: 'refuse' | 'bloque', motif: string): ResultatPlan => ({ ...rien, etat, motifs: [motif] })

  if (dette <= 0) return refuser('refuse', 'Aucune dette à apurer.')
  const interdit = direInterdiction(demande)
  if (interdit?.bloque) return refuser('bloque', interdit.texte)
  const etale = etaler(demande)
  if (typeof etale === 'string') return refuser('refuse', etale)
  const { nombre, mensualite, solde } = etale
  if (cadre.moisMax !== null && nombre > cadre.moisMax)
    return refuser('refuse', `${nombre} mensualités : c’est plus que le cadre. ${cadre.texte}`)
  const jour = demande.jourDuMois ?? premiere.day
  const echeances = Array.from({ length: nombre }, (_, rang) => ({
    rang: rang + 1,
    le: rang === 0 ? premiere : dansLeMois(premiere.toPlainYearMonth().add({ months: rang }), jour),
    centimes: rang === (arrondi === 'premiere' ? 0 : nombre - 1) ? solde : mensualite,
  }))
  const plusForte = Math.max(mensualite, solde)
  const { disponible } = demande
  const tenable = disponible == null || plusForte <= disponible
  return {
    etat: tenable ? 'possible' : 'non_tenable',
    echeances,
    total: echeances.reduce((total, { centimes }) => total + centimes, 0),
    nombre,
    mensualite,
    fin: echeances.at(-1)?.le ?? null,
    motifs:
      tenable || disponible == null
        ? []
        : [
            `Plan non tenable : la mensualité la plus forte, ${ecrireEuros(plusForte)}, dépasse le disponible, ${ecrireEuros(disponible)}.`,
          ],
    reserves: [
      ...(interdit ? [interdit.texte] : []),
      ...cadre.reserves,
      ...(disponible == null ? ['Disponible du ménage non donné : le plan n’est pas comparé à ses moyens.'] : []),
    ],
    cadre,
  }
}

/** What the admissibility of an over-indebtedness file makes of a plan; null when nothing. */
function direInterdiction({
  cadre,
  concluLe,
  surendettementDepuis: depuis,
  sourceSurendettement,
}: DemandePlan): { readonly bloque: boolean; readonly texte: string } | null {
  if (!depuis || cadre.origine === 'surendettement') return null
  const source = sourceSurendettement ? ` (${ecrireSource(sourceSurendettement)})` : ''
  return {
    bloque: cadre.origine !== 'juge' && !(concluLe && Temporal.PlainDate.compare(concluLe, depuis) < 0),
    texte: `Dette déclarée en surendettement, dossier recevable le ${ecrireJour(depuis)} : l’arriéré ne peut plus être payé, le loyer courant reste dû${source}.`,
  }
}

const tropDEcheances = (nombre: number): string =>
  `${nombre} mensualités : c’est trop. Au plus ${ECHEANCES_MAX}, soit cinquante ans ; augmenter la mensualité.`

function etaler({
  dette,
  nombre,
  mensualite,
  arrondi,
}: DemandePlan): string | { nombre: number; mensualite: number; solde: number } {
  if (mensualite !== undefined) {
    if (exigerCentimes('instalment', mensualite) <= 0) return 'La mensualité doit être supérieure à 0,00 €.'
    const voulu = Math.ceil(dette / mensualite)
    if (voulu > ECHEANCES_MAX) return tropDEcheances(voulu)
    const solde = dette - mensualite * (voulu - 1)
    if (nombre !== undefined && nombre !== voulu)
      return `À ${ecrireEuros(mensualite)} par mois, la dette demande ${voulu} mensualités, pas ${nombre}.`
    return { nombre: voulu, mensualite: voulu === 1 ? solde : mensualite, solde }
  }
  if (nombre === undefined || !Number.isSafeInteger(nombre) || nombre < 1)
    return 'Donner un nombre de mensualités, au moins une, ou le montant d’une mensualité.'
  if (nombre > ECHEANCES_MAX) return tropDEcheances(nombre)
  if (nombre > dette) return `${nombre} mensualités pour ${ecrireEuros(dette)} : moins d’un centime par mois.`
  const proche = etalerDette(dette, nombre)
  // Rounded up, the last instalment may come to nothing: rounding down keeps one for each month.
  const juste = proche.derniere > 0 && proche.mensualite > 0
  const part = juste ? proche.mensualite : Math.floor(dette / nombre)
  const solde = dette - part * (nombre - 1)
  return { nombre, mensualite: arrondi === 'premiere' && nombre === 1 ? solde : part, solde }
}

function dansLeMois(mois: Temporal.PlainYearMonth, jour: number): Temporal.PlainDate {
  return mois.toPlainDate({ day: Math.min(jour, mois.daysInMonth) })
}

export interface ApurementSupportable {
  readonly etat: 'possible' | 'trop_long' | 'impossible' | 'bloque'
  /** The most the household can pay each month. */
  readonly mensualiteMax: number
  /** Months that takes; null when it never ends. */
  readonly duree: number | null
  readonly plan: ResultatPlan | null
  /** Beyond the frame: what another help (FSL…) would have to cover. */
  readonly resteACouvrir: number
  readonly explication: string
  readonly motifs: readonly string[]
}

/**
 * The most a household can repay: what is available, less what it keeps to live on beyond its charges (`aGarder`, per month). When the frame is too
 * short, the plan that fits and what remains to be covered otherwise are given (OUT-01, OUT-02). Nothing nominative is needed.
 */
export function calculerApurementSupportable({
  dette,
  disponible,
  aGarder,
  ...reste
}: Omit<DemandePlan, 'nombre' | 'mensualite' | 'disponible'> & {
  readonly disponible: number
  readonly aGarder: number
}): ApurementSupportable {
  const mensualiteMax = Math.max(0, exigerCentimes('available', disponible) - exigerCentimes('kept', aGarder))
  const explication = `${ecrireEuros(disponible)} disponibles − ${ecrireEuros(aGarder)} gardés pour vivre = ${ecrireEuros(Math.max(0, disponible - aGarder))} par mois au plus.`
  const { moisMax } = reste.cadre
  const borne = Math.min(moisMax ?? ECHEANCES_MAX, ECHEANCES_MAX)
  const commun = { mensualiteMax, explication }
  if (mensualiteMax === 0 || dette <= 0)
    return {
      ...commun,
      etat: 'impossible',
      duree: null,
      plan: null,
      resteACouvrir: Math.max(0, dette),
      motifs: [
        dette <= 0
          ? 'Aucune dette à apurer.'
          : 'Rien ne peut être remboursé chaque mois : voir une aide (FSL, Action Logement), les droits, ou le surendettement.',
      ],
    }
  const duree = Math.ceil(dette / mensualiteMax)
  const tropLong = duree > borne
  const couvert = tropLong ? mensualiteMax * borne : dette
  const plan = calculerPlan({
    ...reste,
    dette: couvert,
    disponible,
    mensualite: mensualiteMax,
  })
  if (plan.etat === 'bloque')
    return { ...commun, etat: 'bloque', duree, plan, resteACouvrir: dette, motifs: plan.motifs }
  return {
    ...commun,
    etat: tropLong ? 'trop_long' : 'possible',
    duree,
    plan,
    resteACouvrir: dette - couvert,
    motifs: tropLong
      ? [
          borne === moisMax
            ? `Plan non tenable dans le cadre : ${duree} mois seraient nécessaires. ${reste.cadre.texte}`
            : `Plan non tenable : ${duree} mois seraient nécessaires, et ${ECHEANCES_MAX} au plus sont étalés.`,
          `${aGarder > 0 ? 'Plan réaliste' : 'Au plus, sans rien garder'} : ${borne} mensualités de ${ecrireEuros(mensualiteMax)}, et ${ecrireEuros(dette - couvert)} à couvrir par le FSL ou une autre aide.`,
        ]
      : [],
  }
}
