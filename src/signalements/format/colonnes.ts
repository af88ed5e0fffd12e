import { TYPES, type TypeSignalement } from './types.ts'

const DECISIONS = ['resiliation_ferme', 'delais', 'rejet', 'desistement'] as const
const SITUATIONS = ['seul', 'couple'] as const
const PARCS = ['public', 'prive'] as const
const NATURES = [
  'personne_physique',
  'sci_familiale',
  'personne_morale',
  'bailleur_social',
  'commune',
  'ais_aivs',
] as const

/** How a field is read (§1 « Valeurs » and §2). `annees` is a list of years; the other names speak for themselves. */
export type GenreColonne =
  | 'texte'
  | 'date'
  | 'montant'
  | 'booleen'
  | 'enumeration'
  | 'entier'
  | 'annee'
  | 'annees'
  | 'telephone'
  | 'courriel'
  | 'code_postal'
  | 'siret'

export interface DefinitionColonne {
  readonly genre: GenreColonne
  /** What the screens call it. */
  readonly libelle: string
  /** The values of an enumeration. */
  readonly valeurs?: readonly string[]
}

/** The columns of the format, in the order of §2: it is also the order of the reasons of a verdict. */
export const COLONNES = {
  type: {
    genre: 'enumeration',
    libelle: 'Nature du signalement',
    valeurs: Object.keys(TYPES) as readonly TypeSignalement[],
  },
  reference_source: { genre: 'texte', libelle: 'Référence chez l’émetteur' },
  date_signalement: { genre: 'date', libelle: 'Date du signalement' },
  date_acte: { genre: 'date', libelle: 'Date de l’acte' },
  date_audience: { genre: 'date', libelle: 'Date d’audience' },
  tribunal: { genre: 'texte', libelle: 'Tribunal' },
  decision: { genre: 'enumeration', libelle: 'Décision', valeurs: DECISIONS },
  civilite: { genre: 'texte', libelle: 'Civilité' },
  nom_usage: { genre: 'texte', libelle: 'Nom d’usage' },
  nom_naissance: { genre: 'texte', libelle: 'Nom de naissance' },
  prenom: { genre: 'texte', libelle: 'Prénom' },
  date_naissance: { genre: 'date', libelle: 'Date de naissance' },
  conjoint_nom: { genre: 'texte', libelle: 'Nom du conjoint ou co-titulaire' },
  conjoint_prenom: { genre: 'texte', libelle: 'Prénom du conjoint ou co-titulaire' },
  conjoint_date_naissance: { genre: 'date', libelle: 'Date de naissance du conjoint ou co-titulaire' },
  situation_familiale: { genre: 'enumeration', libelle: 'Situation familiale', valeurs: SITUATIONS },
  enfants_a_charge: { genre: 'entier', libelle: 'Enfants à charge' },
  annees_naissance_enfants: { genre: 'annees', libelle: 'Années de naissance des enfants' },
  numero_allocataire: { genre: 'texte', libelle: 'Numéro d’allocataire' },
  telephone: { genre: 'telephone', libelle: 'Téléphone' },
  courriel: { genre: 'courriel', libelle: 'Courriel' },
  adresse: { genre: 'texte', libelle: 'Adresse du logement' },
  complement_adresse: { genre: 'texte', libelle: 'Complément d’adresse' },
  code_postal: { genre: 'code_postal', libelle: 'Code postal' },
  commune: { genre: 'texte', libelle: 'Commune' },
  parc: { genre: 'enumeration', libelle: 'Parc', valeurs: PARCS },
  bailleur_nom: { genre: 'texte', libelle: 'Nom du bailleur' },
  bailleur_siret: { genre: 'siret', libelle: 'SIRET du bailleur' },
  bailleur_nature: { genre: 'enumeration', libelle: 'Nature du bailleur', valeurs: NATURES },
  bailleur_gestion_directe: { genre: 'booleen', libelle: 'Le bailleur gère lui-même' },
  bailleur_annee_naissance: { genre: 'annee', libelle: 'Année de naissance du bailleur' },
  loyer: { genre: 'montant', libelle: 'Loyer hors charges' },
  charges: { genre: 'montant', libelle: 'Charges' },
  aide_logement: { genre: 'booleen', libelle: 'Droit à une aide au logement' },
  montant_aide: { genre: 'montant', libelle: 'Montant de l’aide au logement' },
  aide_versee_au_bailleur: { genre: 'booleen', libelle: 'Aide versée au bailleur' },
  montant_dette: { genre: 'montant', libelle: 'Dette locative' },
  dette_depuis: { genre: 'date', libelle: 'Premier impayé non régularisé' },
  date_bail: { genre: 'date', libelle: 'Date du bail' },
  rsa: { genre: 'booleen', libelle: 'Bénéficiaire du RSA' },
  handicap: { genre: 'booleen', libelle: 'Situation de handicap' },
  suivi_caf: { genre: 'booleen', libelle: 'Suivi par la CAF' },
  suivi_ccas: { genre: 'booleen', libelle: 'Suivi par le CCAS' },
  suivi_departement: { genre: 'booleen', libelle: 'Suivi par le Département' },
  suivi_adil: { genre: 'booleen', libelle: 'Suivi par l’ADIL' },
  garantie_visale: { genre: 'booleen', libelle: 'Garantie Visale activée' },
  bailleur_conventionne_anah: { genre: 'booleen', libelle: 'Logement conventionné avec l’ANAH' },
  perte_autonomie: { genre: 'booleen', libelle: 'Perte d’autonomie possible' },
  cles_remises: { genre: 'booleen', libelle: 'Clés remises' },
  precision: { genre: 'texte', libelle: 'Précision' },
} as const satisfies Record<string, DefinitionColonne>

export type NomColonne = keyof typeof COLONNES

export const NOMS_COLONNES = Object.keys(COLONNES) as readonly NomColonne[]

/** Definition of a column, with its general type. */
export function definirColonne(nom: NomColonne): DefinitionColonne {
  return COLONNES[nom]
}

export function estColonne(nom: string): nom is NomColonne {
  return Object.hasOwn(COLONNES, nom)
}

/** Columns without which a file is refused; a file must also have one of the two names of `COLONNES_IDENTITE`. */
export const COLONNES_DE_BASE = ['type', 'reference_source', 'date_signalement', 'commune'] as const
export const COLONNES_IDENTITE = ['nom_usage', 'nom_naissance'] as const

type Colonnes = typeof COLONNES
type Lue<Colonne extends DefinitionColonne> = Colonne['genre'] extends 'montant' | 'entier' | 'annee'
  ? number
  : Colonne['genre'] extends 'annees'
    ? readonly number[]
    : Colonne['genre'] extends 'booleen'
      ? boolean
      : Colonne extends { readonly valeurs: readonly (infer Valeur)[] }
        ? Valeur
        : string
type Presente = (typeof COLONNES_DE_BASE)[number]

/**
 * What a line says once read, as plain JSON: one key per column of the format. Amounts are integer cents, days are AAAA-MM-JJ,
 * numbers that are names (allocataire, téléphone, code postal, SIRET) are texts, and what is absent or unreadable is null.
 */
export type ContenuSignalement = {
  readonly [Nom in NomColonne]: Nom extends Presente ? Lue<Colonnes[Nom]> : Lue<Colonnes[Nom]> | null
}
