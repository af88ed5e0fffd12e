import { ecrireEuros } from '#referentiel'
import { arrondir, ecrireTaux, exigerCentimes, type Montant, sommer } from './montants.ts'

/**
 * What the resources and charges tables of the referral form ask, in cents per month. `null`: not given.
 * `a` to `c` are the resources of the occupant, of the spouse and of the others; `d` to `f` their other resources, housing aid excluded.
 */
export interface Budget {
  readonly ressources: Readonly<Record<LettreRessource, Montant>>
  /** (1) rent or occupation indemnity, without charges, before any aid. */
  readonly loyer: Montant
  /** (2) charges paid to the landlord with the rent. */
  readonly chargesBailleur: Montant
  /** Housing aid to which the household is entitled, even when its payment is suspended. */
  readonly aide: Montant
  readonly aideSuspendue: boolean | null
  /** What is really paid of it; not given, it is all of it, or nothing while suspended. */
  readonly aideVersee?: Montant | undefined
  /** (5) other housing charges, not paid to the landlord. */
  readonly autresCharges: Montant
  /** Of (2) and (5), what pays for energy. */
  readonly energie?: Montant | undefined
  /** (7) charges that are not for housing. */
  readonly chargesHorsLogement: Montant
  /** People living in the dwelling. */
  readonly personnes: number | null
}

export const LETTRES_RESSOURCES = ['a', 'b', 'c', 'd', 'e', 'f'] as const
export type LettreRessource = (typeof LETTRES_RESSOURCES)[number]

export type NumeroLigne = 'A' | '(1)' | '(2)' | '(3)' | '(4)' | '(5)' | '(6)' | '(7)'
export interface LigneBudget {
  readonly numero: NumeroLigne
  readonly libelle: string
  /** How it is obtained; null when it is typed. */
  readonly formule: string | null
  readonly centimes: Montant
}

/** A rate in hundredths of a percent, or why there is none: never 0 %, never infinite. */
export type Taux =
  | { readonly etat: 'calcule'; readonly centiemes: number; readonly texte: string; readonly explication: string }
  | { readonly etat: 'non_calculable'; readonly motif: string }

export interface ResultatBudget {
  readonly lignes: readonly LigneBudget[]
  readonly ressources: Montant
  /** (4) and (6) as the form has them, with the aid due. */
  readonly loyerResiduel: Montant
  readonly chargeLogement: Montant
  /** (6) × 100 / A: the rate of the form. */
  readonly tauxFormulaire: Taux
  /** The same with the aid really paid. */
  readonly tauxReel: Taux
  /** Without any aid. */
  readonly tauxBrut: Taux
  /** Energy alone. */
  readonly tauxEnergie: Taux
  /** A − ((6) + (7)); negative when charges exceed resources. */
  readonly disponible: Montant
  /** The same with the aid really paid. */
  readonly disponibleReel: Montant
  readonly personnes: number | null
  /** « 312,00 € pour 3 personnes ». */
  readonly disponibleEnMots: string
  /** Given nowhere, and without which nothing can be computed. */
  readonly manquants: readonly string[]
  /** Given nowhere, counted as 0: said beside the result. */
  readonly comptesPourZero: readonly string[]
  readonly reserves: readonly string[]
}

const LIBELLES = {
  A: 'Total des ressources mensuelles, hors aide au logement',
  '(1)': 'Loyer ou indemnité d’occupation hors charges, avant déduction de l’aide',
  '(2)': 'Charges payées au bailleur',
  '(3)': 'Loyer et charges',
  '(4)': 'Loyer résiduel : loyer et charges moins l’aide, même suspendue',
  '(5)': 'Autres charges de logement, non payées au bailleur',
  '(6)': 'Charge de logement totale',
  '(7)': 'Charges mensuelles hors logement',
} as const satisfies Record<NumeroLigne, string>

/**
 * The lines (1) to (7) and A of the referral form, the effort rates and the available income, in cents.
 * (4) takes the aid off even when suspended and never goes below 0; `tauxReel` and `disponibleReel` count the aid really paid.
 * Without resources, or with none, a rate is « non calculable ». Source: annex 6 of the charter (SAI-13 to SAI-24), AMB-12 to AMB-14.
 */
export function calculerBudget(budget: Budget): ResultatBudget {
  const { loyer, aide, aideSuspendue, personnes } = budget
  const ressources = sommer(LETTRES_RESSOURCES.map((lettre) => budget.ressources[lettre]))
  const zero: string[] = []
  const ou0 = (montant: Montant | undefined, nom: string): number => {
    if (montant === null || montant === undefined) {
      zero.push(nom)
      return 0
    }
    return exigerCentimes(nom, montant)
  }
  const chargesBailleur = ou0(budget.chargesBailleur, 'charges payées au bailleur')
  const aideDue = ou0(aide, 'aide au logement')
  const autres = ou0(budget.autresCharges, 'autres charges de logement')
  const horsLogement = ou0(budget.chargesHorsLogement, 'charges hors logement')
  const versee =
    budget.aideVersee ?? (aideSuspendue === true ? 0 : aideSuspendue === null && aideDue > 0 ? null : aideDue)

  const loyerEtCharges = loyer === null ? null : exigerCentimes('rent', loyer) + chargesBailleur
  const residuel = (deduite: Montant): Montant =>
    loyerEtCharges === null || deduite === null ? null : Math.max(0, loyerEtCharges - deduite)
  const plus = (montant: Montant, ajoute: number): Montant => (montant === null ? null : montant + ajoute)
  const loyerResiduel = residuel(aideDue)
  const chargeLogement = plus(loyerResiduel, autres)
  const chargeReelle = plus(residuel(versee), autres)
  const reste = (charge: Montant): Montant =>
    ressources === null || charge === null ? null : ressources - (charge + horsLogement)
  const disponible = reste(chargeLogement)
  const inconnueSuspension = 'On ne sait pas si le paiement de l’aide est suspendu.'

  return {
    lignes: [
      ligne('A', 'a + b + c + d + e + f', ressources),
      ligne('(1)', null, loyer),
      ligne('(2)', null, budget.chargesBailleur),
      ligne('(3)', '(1) + (2)', loyerEtCharges),
      ligne('(4)', '(3) − aide au logement, au moins 0', loyerResiduel),
      ligne('(5)', null, budget.autresCharges),
      ligne('(6)', '(4) + (5)', chargeLogement),
      ligne('(7)', null, budget.chargesHorsLogement),
    ],
    ressources,
    loyerResiduel,
    chargeLogement,
    tauxFormulaire: calculerTaux(chargeLogement, ressources, '(6) × 100 / A'),
    tauxReel:
      versee === null
        ? { etat: 'non_calculable', motif: inconnueSuspension }
        : calculerTaux(chargeReelle, ressources, '((3) − aide versée + (5)) × 100 / A'),
    tauxBrut: calculerTaux(plus(loyerEtCharges, autres), ressources, '((3) + (5)) × 100 / A'),
    tauxEnergie:
      budget.energie == null
        ? { etat: 'non_calculable', motif: 'Les dépenses d’énergie ne sont pas données.' }
        : calculerTaux(budget.energie, ressources, 'énergie × 100 / A'),
    disponible,
    disponibleReel: reste(chargeReelle),
    personnes,
    disponibleEnMots: ecrireDisponible(disponible, personnes),
    manquants: [
      ...(ressources === null ? ['ressources mensuelles (A)'] : []),
      ...(loyer === null ? ['loyer ou indemnité d’occupation (1)'] : []),
    ],
    comptesPourZero: zero,
    reserves: [
      ...(aideSuspendue === true
        ? ['Le paiement de l’aide est suspendu : le taux du formulaire la déduit quand même, le taux réel non.']
        : []),
      ...(aideSuspendue === null && aideDue > 0 ? [inconnueSuspension] : []),
      ...(loyerEtCharges !== null && aideDue > loyerEtCharges
        ? ['L’aide dépasse le loyer et les charges : le loyer résiduel est compté pour 0,00 €.']
        : []),
      ...(zero.length > 0 ? [`Non donné, compté pour 0,00 € : ${zero.join(', ')}.`] : []),
    ],
  }
}

function ligne(numero: NumeroLigne, formule: string | null, centimes: Montant): LigneBudget {
  return { numero, libelle: LIBELLES[numero], formule, centimes }
}

/** `charge × 100 / ressources`, in hundredths of a percent, to the nearest. */
export function calculerTaux(charge: Montant, ressources: Montant, formule: string): Taux {
  if (ressources === null) return { etat: 'non_calculable', motif: 'Les ressources ne sont pas données.' }
  if (ressources <= 0) return { etat: 'non_calculable', motif: 'Les ressources sont nulles.' }
  if (charge === null) return { etat: 'non_calculable', motif: 'Le loyer n’est pas donné.' }
  const centiemes = arrondir(charge * 10_000, ressources)
  return {
    etat: 'calcule',
    centiemes,
    texte: ecrireTaux(centiemes),
    explication: `${formule} = ${ecrireEuros(charge)} × 100 / ${ecrireEuros(ressources)} = ${ecrireTaux(centiemes)}`,
  }
}

/** The available income always says for how many people. */
function ecrireDisponible(disponible: Montant, personnes: number | null): string {
  if (disponible === null) return 'non calculable'
  if (personnes === null) return `${ecrireEuros(disponible)}, pour un nombre de personnes non donné`
  return `${ecrireEuros(disponible)} pour ${personnes} personne${personnes > 1 ? 's' : ''}`
}
