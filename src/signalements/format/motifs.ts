import { NOMS_COLONNES, type NomColonne } from './colonnes.ts'

/** Reasons why one line is rejected or accepted with a reserve, in the order of §5, and what the screens call them. */
export const MOTIFS = {
  nombre_de_champs: 'Nombre de champs différent de l’en-tête',
  type_absent: 'Nature du signalement absente',
  type_inconnu: 'Nature du signalement inconnue',
  reference_absente: 'Référence absente',
  reference_trop_longue: 'Référence trop longue',
  reference_en_double: 'Référence déjà employée dans le fichier',
  identite_absente: 'Nom absent',
  commune_absente: 'Commune absente',
  ligne_trop_longue: 'Ligne trop longue',
  caractere_interdit: 'Caractère interdit',
  date_invalide: 'Date illisible',
  date_absente: 'Date absente',
  date_incoherente: 'Date incohérente',
  prenom_absent: 'Prénom absent',
  commune_inconnue: 'Commune inconnue',
  code_postal_invalide: 'Code postal illisible',
  montant_invalide: 'Montant illisible',
  montant_negatif: 'Montant négatif',
  montant_hors_bornes: 'Montant trop élevé',
  telephone_invalide: 'Téléphone illisible',
  courriel_invalide: 'Courriel illisible',
  siret_invalide: 'SIRET illisible',
  valeur_inconnue: 'Valeur inconnue',
  decision_absente: 'Décision absente',
  entier_invalide: 'Nombre illisible',
  annee_invalide: 'Année illisible',
  nir_ecarte: 'Numéro de sécurité sociale écarté',
  doublon_identique: 'Ligne déjà présente dans le fichier',
  formule_neutralisee: 'Formule neutralisée',
} as const satisfies Record<string, string>

export type CodeMotif = keyof typeof MOTIFS

const CODES = Object.keys(MOTIFS) as readonly CodeMotif[]

/** Reasons why a whole file is refused, in the order of §5. */
export const MOTIFS_FICHIER = {
  fichier_vide: 'Fichier vide',
  encodage_refuse: 'Encodage non lu',
  format_refuse: 'Format non lu',
  entete_absente: 'Ligne d’en-tête absente',
  colonne_de_base_absente: 'Colonne de base absente',
  colonne_en_double: 'Colonne en double',
  guillemets_non_fermes: 'Guillemets non fermés',
} as const satisfies Record<string, string>

export type MotifFichier = keyof typeof MOTIFS_FICHIER

/** One reason of a verdict. `colonne` is empty when the whole line is at fault; `valeur` is what was read, masked if need be. */
export interface Motif {
  readonly code: CodeMotif
  readonly colonne: string
  readonly valeur: string
  /** French sentence: what is wrong, then what to do. */
  readonly message: string
}

/**
 * Puts reasons in the order of the columns of §2 (the whole line first, the unknown columns last, as they come), and within one
 * column in the order of §5.
 */
export function ordonnerMotifs(motifs: readonly Motif[]): readonly Motif[] {
  return motifs.toSorted((a, b) => rang(a.colonne) - rang(b.colonne) || CODES.indexOf(a.code) - CODES.indexOf(b.code))
}

function rang(colonne: string): number {
  if (colonne === '') return -1
  const place = NOMS_COLONNES.indexOf(colonne as NomColonne)
  return place === -1 ? NOMS_COLONNES.length : place
}
