import { decrireEtape } from '#procedure'
import {
  AUTRES_PRODUCTEURS,
  type Charte,
  type Engagement,
  type GroupeGeneral,
  type Partenaire,
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

/** Who is known by this id: a partner of the document, or another producer of figures. */
export function nommerProducteur({ partenaires }: Pick<Charte, 'partenaires'>, id: string): string {
  const partenaire = partenaires.find((un) => un.id === id)
  if (partenaire) return partenaire.court
  return (AUTRES_PRODUCTEURS as Readonly<Record<string, string>>)[id] ?? TYPES[id] ?? id.replaceAll('_', ' ')
}

/** Kinds of bodies that may produce a figure without being a group of partners of the document. */
const TYPES: Readonly<Record<string, string>> = {
  secretariat: 'Secrétariat',
  prefecture: 'État',
  departement: 'Département',
  fsl: 'FSL',
  ccas: 'CCAS',
  caf: 'CAF',
  msa: 'MSA',
  adil: 'ADIL',
  bailleur_social: 'Bailleurs sociaux',
  ais_aivs: 'AIS et AIVS',
  union_bailleurs: 'Unions de bailleurs',
  action_logement: 'Action Logement',
  mandataire: 'Mandataires',
  surendettement: 'Commission de surendettement',
  siao: 'SIAO',
  association: 'Associations',
  commissaires_de_justice: 'Commissaires de justice',
}

/** Address of an engagement: its partner, or its group, and its number. */
export const cheminEngagement = ({ id }: Pick<Engagement, 'id'>): string => `/charte/engagements/${id}`

/** « Engagement 8 du Département ». */
export const nommerEngagement = (
  numero: number,
  { complement }: Pick<Partenaire | GroupeGeneral, 'complement'>,
): string => `Engagement ${numero} ${complement}`
