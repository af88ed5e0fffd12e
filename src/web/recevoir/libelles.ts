import type { EtatLot, LigneLot, Lot, NomColonne } from '#signalements'
import { COLONNES, libellesColonnes, libellesTypes, NOMS_COLONNES } from '#signalements'
import type { NomIcone, Ton } from '../composants/index.ts'

/** Where a deposit stands, as the lists show it. */
export const etats = {
  recu: { ton: 'neutre', icone: 'horloge', libelle: 'en attente de lecture' },
  lecture: { ton: 'info', icone: 'maj', libelle: 'lecture en cours' },
  rapprochement: { ton: 'info', icone: 'maj', libelle: 'reconnaissance en cours' },
  a_correspondre: { ton: 'bientot', icone: 'doute', libelle: 'colonnes à indiquer' },
  traite: { ton: 'tenu', icone: 'ok', libelle: 'traité' },
  refuse: { ton: 'retard', icone: 'non', libelle: 'refusé' },
  retire: { ton: 'neutre', icone: 'annuler', libelle: 'retiré' },
} as const satisfies Record<EtatLot, { ton: Ton; icone: NomIcone; libelle: string }>

/** What people call a deposit: a household typed on screen has no file. */
export const nommerLot = ({ nom }: Pick<Lot, 'nom'>): string =>
  /^saisie-[\da-f-]{36}\.csv$/.test(nom) ? 'Saisie à l’écran' : nom

const EN_COURS: readonly EtatLot[] = ['recu', 'lecture', 'rapprochement']

/** The worker still has something to do on this deposit. */
export const estEnCours = (lot: Pick<Lot, 'etat'>): boolean => EN_COURS.includes(lot.etat)

const LUS: readonly EtatLot[] = ['rapprochement', 'traite', 'retire']

/** Every line has its verdict. */
export const estLu = (lot: Pick<Lot, 'etat'>): boolean => LUS.includes(lot.etat)

/** What a line did to the signalements. */
export const effets = {
  cree: { singulier: 'signalement créé', pluriel: 'Signalements créés' },
  mis_a_jour: { singulier: 'mise à jour', pluriel: 'Mises à jour' },
  deja_connu: { singulier: 'déjà connue', pluriel: 'Déjà connues, inchangées' },
  aucun: { singulier: 'aucun signalement', pluriel: 'Sans signalement' },
} as const satisfies Record<string, { singulier: string; pluriel: string }>

export type Effet = keyof typeof effets

export const estEffet = (texte: string | undefined): texte is Effet =>
  texte !== undefined && Object.hasOwn(effets, texte)

const VERDICTS: readonly LigneLot['verdict'][] = ['acceptee', 'avertissement', 'rejetee']

export const estVerdict = (texte: string | undefined): texte is LigneLot['verdict'] =>
  VERDICTS.some((verdict) => verdict === texte)

/** How a column of the format is read and which values it takes. */
export interface DefinitionColonne {
  readonly genre: string
  readonly libelle: string
  readonly valeurs?: readonly string[]
}

export const definirColonne = (nom: NomColonne): DefinitionColonne => COLONNES[nom]

export const estColonne = (nom: string): nom is NomColonne => NOMS_COLONNES.some((connue) => connue === nom)

/** What people call a column; a column of the partner keeps its own name. */
export const nommerColonne = (nom: string): string =>
  nom === '' ? 'Toute la ligne' : estColonne(nom) ? libellesColonnes[nom] : nom

const VALEURS: Readonly<Record<string, string>> = {
  ...libellesTypes,
  resiliation_ferme: 'Résiliation ferme',
  delais: 'Délais accordés',
  rejet: 'Rejet de la demande',
  desistement: 'Désistement',
  seul: 'Personne seule',
  couple: 'Couple',
  public: 'Parc public',
  prive: 'Parc privé',
  personne_physique: 'Personne physique',
  sci_familiale: 'SCI familiale',
  personne_morale: 'Personne morale',
  bailleur_social: 'Bailleur social',
  commune: 'Commune',
  ais_aivs: 'Agence immobilière sociale',
}

/** The words for a value of an enumeration. */
export const nommerValeur = (valeur: string): string => VALEURS[valeur] ?? valeur

/** Stands for a value the reader may not see. */
export const VALEUR_RESERVEE = 'réservé au service social'

/** A reason and its remedy: the last sentence of a message says what to do. */
export function separerRemede(message: string): { raison: string; remede: string | null } {
  const phrases = message.split(/(?<=[.!?])\s+(?=\p{Lu})/u)
  const remede = phrases.length > 1 ? (phrases.pop() ?? null) : null
  return { raison: phrases.join(' '), remede }
}

/** Who a line is about, as its fields say, whatever they are worth. */
export function nommerLigne(champs: Readonly<Record<string, string>>): string {
  const nom = champs.nom_usage || champs.nom_naissance || ''
  return [nom, champs.prenom ?? ''].filter((mot) => mot !== '').join(' ')
}

/** Address of a deposit. */
export const adresseLot = (id: string, suite = ''): string => `/recevoir/${id}${suite}`
