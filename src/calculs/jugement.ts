import {
  calculerEcheance,
  type DECISIONS,
  type Delais,
  ecrireSource,
  resoudreValeur,
  type SourceDelai,
  trouverDelai,
  trouverValeur,
} from '#procedure'
import { ecrireEuros, ecrireJour } from '#referentiel'
import { exigerCentimes, type Montant } from './montants.ts'
import type { EcheancePlan } from './plan.ts'

type Decision = keyof typeof DECISIONS

/** The operative part of a judgment, as it is written. null: not given. */
export interface Dispositif {
  readonly decision: Decision
  readonly rendu: Temporal.PlainDate
  readonly signifie: Temporal.PlainDate | null
  readonly refere: boolean | null
  /** What the judge says is owed. */
  readonly somme: Montant
  readonly mensualite: Montant
  readonly dureeMois: number | null
  readonly premiere: Temporal.PlainDate | null
  readonly partirAvant: Temporal.PlainDate | null
}

/** One thing the judgment says, told to both alike. */
export interface PointJugement {
  readonly id: 'decision' | 'somme' | 'plan' | 'loyer' | 'consequence' | 'partir' | 'appel'
  readonly titre: string
  readonly texte: string
  readonly source: string | null
  readonly reserve: string | null
}

export interface JugementLu {
  readonly resultat: 'lu' | 'incomplet' | 'incoherent'
  readonly points: readonly PointJugement[]
  /** To the cent: the last one takes what the others leave. */
  readonly echeances: readonly EcheancePlan[]
  readonly manquants: readonly string[]
  /** What does not add up in what was typed: to check on the judgment. */
  readonly ecarts: readonly string[]
}

const point = (
  id: PointJugement['id'],
  titre: string,
  texte: string,
  source: SourceDelai | null = null,
  reserve: string | null = null,
): PointJugement => ({ id, titre, texte, source: source && ecrireSource(source), reserve })

const PHRASES: Readonly<Record<Decision, string>> = {
  delais:
    'Le juge laisse du temps pour payer la dette. Le bail continue tant que le loyer et les mensualités sont payés.',
  resiliation_ferme: 'Le juge met fin au bail. Il ordonne de quitter le logement.',
  rejet: 'Le juge ne met pas fin au bail.',
  desistement: 'Le bailleur retire sa demande : le juge ne décide rien sur le bail.',
}

/**
 * A judgment read together by the household and its landlord (OUT-12): the same words for both, dates and amounts to the cent, what happens when something is missed. It
 * says what is written, and what the law of its day makes of it; never what is to be done about it.
 */
export function lireJugement(dispositif: Dispositif, droit: Delais): JugementLu {
  const { decision, rendu, signifie, somme, partirAvant } = dispositif
  const delais = decision === 'delais'
  const { echeances, manquants, ecarts } = delais ? etaler(dispositif) : { echeances: [], manquants: [], ecarts: [] }
  const points: PointJugement[] = [
    point('decision', 'Ce que le juge décide', `${PHRASES[decision]} Décision du ${ecrireJour(rendu)}.`),
    ...(somme === null
      ? []
      : [point('somme', 'Ce qui est dû', `Le juge fixe la dette à ${ecrireEuros(exigerCentimes('debt', somme))}.`)]),
    ...(delais ? [...direPlan(echeances), ...direConsequences(droit, rendu)] : []),
    ...(partirAvant
      ? [point('partir', 'Quitter le logement', `Le juge laisse jusqu’au ${ecrireJour(partirAvant)} pour partir.`)]
      : []),
    ...direAppel(dispositif, droit),
  ]
  return {
    resultat: ecarts.length > 0 ? 'incoherent' : manquants.length > 0 ? 'incomplet' : 'lu',
    points,
    echeances,
    manquants: [...manquants, ...(signifie === null ? ['date de la signification, d’où court le délai d’appel'] : [])],
    ecarts,
  }
}

/** The schedule as written: the same amount each month, and the last takes the rest. What does not add up is said, never mended. */
function etaler({ somme, mensualite, dureeMois, premiere }: Dispositif) {
  const manquants = [
    ...(somme === null ? ['somme due'] : []),
    ...(mensualite === null ? ['mensualité'] : []),
    ...(dureeMois === null ? ['nombre de mois'] : []),
    ...(premiere === null ? ['date de la première mensualité'] : []),
  ]
  const rien = { echeances: [] as EcheancePlan[], manquants, ecarts: [] as string[] }
  if (somme === null || mensualite === null || dureeMois === null || premiere === null) return rien
  const reste = exigerCentimes('debt', somme) - exigerCentimes('instalment', mensualite) * (dureeMois - 1)
  if (reste <= 0)
    return {
      ...rien,
      ecarts: [
        `${dureeMois} mensualités de ${ecrireEuros(mensualite)} dépassent la somme due, ${ecrireEuros(somme)} : relire le jugement.`,
      ],
    }
  const echeances = Array.from({ length: dureeMois }, (_, n) => ({
    rang: n + 1,
    le: premiere.add({ months: n }),
    centimes: n === dureeMois - 1 ? reste : mensualite,
  }))
  return { ...rien, echeances }
}

function direPlan(echeances: readonly EcheancePlan[]): PointJugement[] {
  const [premiere] = echeances
  const derniere = echeances.at(-1)
  if (!premiere || !derniere) return []
  const soldee = derniere.centimes !== premiere.centimes
  return [
    point(
      'plan',
      'Payer la dette',
      echeances.length === 1
        ? `${ecrireEuros(premiere.centimes)} le ${ecrireJour(premiere.le)}.`
        : `${soldee ? echeances.length - 1 : echeances.length} mensualités de ${ecrireEuros(premiere.centimes)}, la première le ${ecrireJour(premiere.le)}${
            soldee
              ? `, puis une dernière de ${ecrireEuros(derniere.centimes)} le ${ecrireJour(derniere.le)}`
              : `, la dernière le ${ecrireJour(derniere.le)}`
          }.`,
    ),
    point('loyer', 'Payer le loyer', 'En plus, le loyer et les charges du mois se paient en entier, à leur date.'),
  ]
}

/** What the law of the day of the judgment makes of a missed payment, and of a debt paid in time: its words come from the data. */
function direConsequences(droit: Delais, rendu: Temporal.PlainDate): PointJugement[] {
  const valeur = trouverValeur(droit, 'jugement.suspension-clause')
  const lue = valeur ? resoudreValeur(valeur, { 'jugement.rendu': rendu }) : null
  const titre = 'Si un paiement manque, ou si tout est payé'
  const conseil = 'Prévenir avant la date quand un paiement ne sera pas possible, et demander de l’aide.'
  if (lue?.issue !== 'valeur')
    return [
      point(
        'consequence',
        titre,
        conseil,
        null,
        'Le texte en vigueur à la date de ce jugement n’est pas renseigné : à vérifier.',
      ),
    ]
  const [lecture] = lue.lectures
  return [
    point(
      'consequence',
      titre,
      `Fin du bail suspendue : ${lecture.texte}. ${conseil}`,
      lecture.source,
      lue.reserves.join(' ') || null,
    ),
  ]
}

function direAppel({ rendu, signifie, refere }: Dispositif, droit: Delais): PointJugement[] {
  const delai = trouverDelai(droit, 'jugement.appel')
  if (!delai || signifie === null) return []
  const lu = calculerEcheance(
    delai,
    { 'jugement.rendu': rendu, 'jugement.signifie': signifie },
    droit.calendrier,
    refere === null ? {} : { decision_en_refere: refere },
  )
  if (lu.issue !== 'calculee')
    return [
      point(
        'appel',
        'Contester',
        'Le délai d’appel n’est pas le même pour une ordonnance de référé et pour un jugement au fond : regarder le titre de la décision.',
      ),
    ]
  return [
    point(
      'appel',
      'Contester',
      `L’appel se forme au plus tard le ${ecrireJour(lu.le)}, avec un avocat ou un conseil.`,
      lu.lectures[0]?.source ?? null,
      lu.reserves.join(' ') || null,
    ),
  ]
}
