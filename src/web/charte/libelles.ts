import { decrireEtape } from '#procedure'
import {
  AUTRES_PRODUCTEURS,
  type Charte,
  type Engagement,
  type GroupeGeneral,
  type Partenaire,
  type Producteur,
  PUBLICS_ENGAGEMENT,
  STADES_REGLES,
  type StadeRegles,
} from '#referentiel'

/** How an engagement is meant to be carried, in one or two words for lists. */
export const MODES_COURTS = {
  automatique: 'Automatique',
  tache: 'Tâche',
  information: 'Information',
  organisation: 'Organisation',
} as const satisfies Record<Engagement['mode'], string>

/** What each way of carrying means. */
export const MODES_LONGS = {
  automatique: 'Automatique : Amont le prépare ou le fait',
  tache: 'Tâche : datée, confiée à l’organisme, close par une preuve',
  information: 'Information : mise à disposition au bon moment',
  organisation: 'Organisation : hors dossier, suivie avec la charte',
} as const satisfies Record<Engagement['mode'], string>

/** Name of a step. */
export const nommerEtape = (stade: StadeRegles): string => decrireEtape(stade).libelle
/** Name of a step for columns and filters. */
export const etapeCourte = (stade: StadeRegles): string => decrireEtape(stade).court

/** Steps of a document, in the order of the procedure. */
export const etapesDe = ({ stades }: Pick<Charte, 'stades'>): readonly StadeRegles[] =>
  STADES_REGLES.filter((stade) => stades.includes(stade))

/** Whom an engagement serves: « Ménage, bailleur privé ». */
export function ecrirePublics(publics: Engagement['publics']): string {
  const noms = publics.map((un) => PUBLICS_ENGAGEMENT[un])
  return noms.map((nom, rang) => (rang === 0 ? `${nom.charAt(0).toUpperCase()}${nom.slice(1)}` : nom)).join(', ')
}

/** Who gives a figure. */
const PRODUCTEURS = {
  ...AUTRES_PRODUCTEURS,
  secretariat: 'secrétariat',
  prefecture: 'État',
  departement: 'Département',
  fsl: 'FSL',
  ccas: 'CCAS',
  caf: 'CAF',
  msa: 'MSA',
  adil: 'ADIL',
  bailleur_social: 'bailleurs sociaux',
  ais_aivs: 'AIS et AIVS',
  union_bailleurs: 'unions de bailleurs',
  agence_immobiliere: 'agences et gestionnaires de biens',
  social_du_personnel: 'services sociaux du personnel',
  action_logement: 'Action Logement',
  mandataire: 'mandataires',
  surendettement: 'commission de surendettement',
  siao: 'SIAO',
  sante_mentale: 'professionnels de santé mentale',
  association: 'associations',
  point_conseil_budget: 'points conseil budget',
  commissaires_de_justice: 'commissaires de justice',
  sous_prefecture: 'sous-préfectures',
  mairie: 'mairies',
  tribunal: 'tribunal',
  forces_de_l_ordre: 'forces de l’ordre',
} as const satisfies Record<Producteur, string>

/** Names of those who give a figure: « Tribunal, ADIL ». */
export function ecrireProducteurs(producteurs: readonly Producteur[]): string {
  const noms = producteurs.map((un) => PRODUCTEURS[un]).join(', ')
  return `${noms.charAt(0).toUpperCase()}${noms.slice(1)}`
}

/** Address of an engagement: its partner, or its group, and its number. */
export const cheminEngagement = ({ id }: Pick<Engagement, 'id'>): string => `/charte/engagements/${id}`

/** « Engagement 8 du Département ». */
export const nommerEngagement = (
  numero: number,
  { complement }: Pick<Partenaire | GroupeGeneral, 'complement'>,
): string => `Engagement ${numero} ${complement}`
