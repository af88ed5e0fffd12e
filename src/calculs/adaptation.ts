import { ecrireSource, type SourceDelai } from '#procedure'
import { type AvecParametres, ecrireEuros, parametre, type ReponseParametre } from '#referentiel'
import type { ResultatBudget, Taux } from './budget.ts'
import { arrondir, ecrireTaux, type Montant } from './montants.ts'

/** The scale of a département on a day: each value with its source and reserve, or why there is none. */
export interface Bareme {
  readonly tauxEffort: ReponseParametre<number>
  readonly effortEnergie: ReponseParametre<number>
  /** Cents per person (or per unit) and per day. */
  readonly restePourVivre: ReponseParametre<number>
  /** Hundredths of a consumption unit for another person from `ageUnite` on, and below it. */
  readonly uniteAdulte: ReponseParametre<number>
  readonly uniteEnfant: ReponseParametre<number>
  readonly ageUnite: ReponseParametre<number>
  /** Hundredths of a person per room. */
  readonly personnesParPiece: ReponseParametre<number>
}

/** Reads the dated settings of a département that the indicators compare with. */
export function lireBareme(departement: AvecParametres, jour: Temporal.PlainDate): Bareme {
  return {
    tauxEffort: parametre(departement, 'seuil_taux_effort', jour),
    effortEnergie: parametre(departement, 'seuil_effort_energie', jour),
    restePourVivre: parametre(departement, 'reste_pour_vivre_par_jour', jour),
    uniteAdulte: parametre(departement, 'unite_consommation_adulte', jour),
    uniteEnfant: parametre(departement, 'unite_consommation_enfant', jour),
    ageUnite: parametre(departement, 'unite_consommation_age', jour),
    personnesParPiece: parametre(departement, 'personnes_par_piece', jour),
  }
}

/** Who lives there. Without the split by age, no consumption unit. */
export interface Foyer {
  readonly personnes: number | null
  /** Of them, those under the age of the scale. */
  readonly jeunesEnfants: number | null
}

export interface RestePourVivre {
  readonly disponible: Montant
  readonly joursDuMois: number
  readonly personnes: number | null
  readonly parPersonne: Montant
  readonly parPersonneEtParJour: Montant
  /** Hundredths. */
  readonly unites: number | null
  readonly parUnite: Montant
  readonly parUniteEtParJour: Montant
  readonly explication: string
  readonly reserves: readonly string[]
}

/**
 * What remains to live on, per person and per consumption unit, per month and per day, in cents to the nearest. The divisor, the days of the month and
 * whether aid is counted are always said: no national threshold exists (domaine §7.2). The scale is the département's.
 */
export function calculerRestePourVivre(
  disponible: Montant,
  { personnes, jeunesEnfants }: Foyer,
  joursDuMois: number,
  bareme: Bareme,
  /** Which aid the available income counts, said beside the result. */
  aide = 'aide au logement comptée comme dans le disponible donné',
): RestePourVivre {
  const diviser = (diviseur: number | null, fois = 1): Montant =>
    disponible === null || diviseur === null || diviseur <= 0 ? null : arrondir(disponible * fois, diviseur)
  const unites = compterUnites(personnes, jeunesEnfants, bareme)
  const reserves = [bareme.ageUnite, bareme.uniteAdulte, bareme.uniteEnfant].flatMap((reponse) =>
    reponse.etat === 'valeur'
      ? reponse.reserve === null
        ? []
        : [`Unités de consommation : ${reponse.reserve}.`]
      : [reponse.motif],
  )
  return {
    disponible,
    joursDuMois,
    personnes,
    parPersonne: diviser(personnes),
    parPersonneEtParJour: diviser(personnes === null ? null : personnes * joursDuMois),
    unites,
    parUnite: diviser(unites, 100),
    parUniteEtParJour: diviser(unites === null ? null : unites * joursDuMois, 100),
    explication:
      disponible === null
        ? 'Le disponible n’est pas calculable.'
        : `Disponible ${ecrireEuros(disponible)}, ${aide}${
            personnes === null ? '' : `, divisé par ${personnes} personne${personnes > 1 ? 's' : ''}`
          }${unites === null ? '' : ` ou ${ecrireUnites(unites)} UC`}, mois de ${joursDuMois} jours.`,
    reserves: [...new Set(reserves)],
  }
}

/** Hundredths of consumption units: one for the first person, then the scale. Null when an age or the scale is not given. */
function compterUnites(personnes: number | null, jeunes: number | null, bareme: Bareme): number | null {
  const { valeur: adulte } = bareme.uniteAdulte
  const { valeur: enfant } = bareme.uniteEnfant
  if (personnes === null || personnes < 1 || adulte === null || enfant === null) return null
  const jeunesEnfants = personnes === 1 ? 0 : jeunes
  // Who is young is the scale's to say: without its age, a number of young children means nothing.
  if (bareme.ageUnite.valeur === null && jeunesEnfants !== 0) return null
  if (jeunesEnfants === null || jeunesEnfants > personnes - 1) return null
  return 100 + (personnes - 1 - jeunesEnfants) * adulte + jeunesEnfants * enfant
}

/** « 1,8 ». */
export function ecrireUnites(centiemes: number): string {
  return String(centiemes / 100).replace('.', ',')
}

/** What an indicator says, for people to appreciate: never a decision. */
export interface Indicateur {
  readonly id:
    | 'taux_effort'
    | 'taux_effort_reel'
    | 'taux_effort_brut'
    | 'effort_energie'
    | 'reste_pour_vivre'
    | 'occupation'
  readonly libelle: string
  readonly valeur: string | null
  readonly seuil: string | null
  readonly constat: 'dans_le_seuil' | 'hors_du_seuil' | 'sans_seuil' | 'non_calculable'
  /** How the value is obtained, or why there is none. */
  readonly calcul: string
  /** Why there is no threshold to compare with; null when there is one. */
  readonly sansSeuil: string | null
  readonly source: string
  readonly reserve: string | null
}

/**
 * Is the dwelling suited to the means and the size of the household: each measure beside the département's scale. A threshold the département has not
 * given leaves the value alone (OUT-05); the two effort rates are both shown (OUT-06).
 */
export function evaluerAdaptation({
  budget,
  reste,
  pieces,
  bareme,
  formule,
}: {
  readonly budget: ResultatBudget
  readonly reste: RestePourVivre
  /** Rooms, without kitchen, bathroom and toilets. */
  readonly pieces: number | null
  readonly bareme: Bareme
  /** Where the formulas are written. */
  readonly formule: SourceDelai
}): readonly Indicateur[] {
  const mesurer = (demande: Omit<Parameters<typeof comparer>[0], 'formule'>) =>
    comparer({ ...demande, formule: ecrireSource(formule) })
  const taux = (id: Indicateur['id'], libelle: string, lu: Taux, seuil: ReponseParametre<number>) =>
    mesurer({
      id,
      libelle,
      mesure: lu.etat === 'calcule' ? lu.centiemes : null,
      motif: lu.etat === 'calcule' ? lu.explication : lu.motif,
      seuil,
      facteur: 100,
      ecrire: ecrireTaux,
      ecrireSeuil: (centiemes) => `au plus ${ecrireTaux(centiemes)}`,
      depasse: (mesure, borne) => mesure > borne,
    })
  const occupation =
    pieces === null || pieces < 1 || reste.personnes === null ? null : arrondir(reste.personnes * 100, pieces)
  return [
    taux('taux_effort', 'Taux d’effort du formulaire, aide déduite', budget.tauxFormulaire, bareme.tauxEffort),
    taux('taux_effort_reel', 'Taux d’effort réel, aide effectivement versée', budget.tauxReel, bareme.tauxEffort),
    taux('taux_effort_brut', 'Taux d’effort brut, sans aide', budget.tauxBrut, bareme.tauxEffort),
    taux('effort_energie', 'Part des ressources pour l’énergie', budget.tauxEnergie, bareme.effortEnergie),
    mesurer({
      id: 'reste_pour_vivre',
      libelle: 'Reste pour vivre, par personne et par jour',
      mesure: reste.parPersonneEtParJour,
      motif:
        reste.parPersonneEtParJour === null ? 'Le disponible ou le nombre de personnes manque.' : reste.explication,
      seuil: bareme.restePourVivre,
      facteur: 1,
      ecrire: ecrireEuros,
      ecrireSeuil: (centimes) => `au moins ${ecrireEuros(centimes)}`,
      depasse: (mesure, borne) => mesure < borne,
    }),
    mesurer({
      id: 'occupation',
      libelle: 'Occupation, personnes par pièce',
      mesure: occupation,
      motif:
        occupation === null
          ? 'Le nombre de pièces ou de personnes manque.'
          : `${reste.personnes} personne${(reste.personnes ?? 0) > 1 ? 's' : ''} pour ${pieces} pièce${(pieces ?? 0) > 1 ? 's' : ''}, hors cuisine, salle de bains et toilettes`,
      seuil: bareme.personnesParPiece,
      facteur: 1,
      ecrire: ecrireUnites,
      ecrireSeuil: (centiemes) => `au plus ${ecrireUnites(centiemes)}`,
      depasse: (mesure, borne) => mesure > borne,
    }),
  ]
}

function comparer({
  id,
  libelle,
  mesure,
  motif,
  seuil,
  facteur,
  ecrire,
  ecrireSeuil,
  depasse,
  formule,
}: {
  readonly id: Indicateur['id']
  readonly libelle: string
  readonly mesure: number | null
  readonly motif: string
  readonly seuil: ReponseParametre<number>
  readonly facteur: number
  readonly ecrire: (mesure: number) => string
  readonly ecrireSeuil: (borne: number) => string
  readonly depasse: (mesure: number, borne: number) => boolean
  readonly formule: string
}): Indicateur {
  const borne = seuil.valeur === null ? null : seuil.valeur * facteur
  const constat =
    mesure === null
      ? 'non_calculable'
      : borne === null
        ? 'sans_seuil'
        : depasse(mesure, borne)
          ? 'hors_du_seuil'
          : 'dans_le_seuil'
  return {
    id,
    libelle,
    valeur: mesure === null ? null : ecrire(mesure),
    seuil: borne === null ? null : ecrireSeuil(borne),
    constat,
    calcul: motif,
    sansSeuil: seuil.etat === 'valeur' ? null : seuil.motif,
    source:
      seuil.etat === 'valeur'
        ? [seuil.source.titre, seuil.source.reference].filter((morceau) => morceau !== null).join(', ')
        : formule,
    reserve: seuil.etat === 'valeur' ? seuil.reserve : null,
  }
}
