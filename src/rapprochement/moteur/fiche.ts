import { normaliserCommune as normaliserNomCommune } from '#referentiel'
import { normalizeForSearch } from '#socle/text'
import { type AdresseCompare, normaliserAdresse } from './adresse.ts'
import {
  normaliserAllocataire,
  normaliserBailleur,
  normaliserCourriel,
  normaliserDate,
  normaliserSiret,
  normaliserTelephone,
} from './contacts.ts'
import { type NomCompare, normaliserNoms } from './noms.ts'
import { normaliserPrenom, type PrenomCompare } from './prenoms.ts'

/** One person a signalement names. */
export interface Personne {
  /** Usage and birth names, without repetition. May be empty when only a first name is known. */
  readonly noms: readonly NomCompare[]
  readonly prenom: PrenomCompare | null
  /** `AAAA-MM-JJ`, or empty when unknown or impossible. */
  readonly naissance: string
  readonly sexe: 'F' | 'M' | ''
}

/**
 * What one signalement says of a household, in the form comparisons need. Plain data: it survives JSON, so it may be
 * stored and read back. An empty text or a null means the signalement does not say.
 */
export interface Fiche {
  readonly principal: Personne
  readonly conjoint: Personne | null
  readonly adresse: AdresseCompare
  /** Commune as compared: « chalon sur saone », after old names have been replaced when the caller gives them. */
  readonly commune: string
  readonly codePostal: string
  readonly bailleur: string
  readonly siret: string
  /** Monthly rent in cents. */
  readonly loyer: number | null
  readonly dateBail: string
  readonly detteDepuis: string
  readonly enfants: number | null
  readonly anneesEnfants: readonly number[]
  readonly allocataire: string
  readonly telephone: string
  readonly courriel: string
}

export interface OptionsFiche {
  /** Current name for a commune name already normalised (old communes, local writings); unknown names come back null. */
  readonly communeActuelle?: (commune: string) => string | null
}

/** Commune in comparable form, by the rules of the import format (§4). */
export function normaliserCommune(texte: string): string {
  return normalizeForSearch(normaliserNomCommune(texte))
}

/**
 * Builds the fiche of one household from the contents of a signalement: columns of the import format, dates `AAAA-MM-JJ`
 * (or JJ/MM/AAAA), money in cents, absent columns absent or null. Never throws: what cannot be read is left out.
 */
export function ficheDepuisContenu(contenu: Readonly<Record<string, unknown>>, options: OptionsFiche = {}): Fiche {
  const texte = (colonne: string): string => {
    const valeur = contenu[colonne]
    if (typeof valeur === 'string') return valeur.trim()
    return typeof valeur === 'number' || typeof valeur === 'bigint' ? String(valeur) : ecrireObjet(valeur)
  }
  const recuLe = normaliserDate(texte('date_signalement'))
  const commune = normaliserCommune(texte('commune'))
  const conjoint: Personne = {
    noms: normaliserNoms(texte('conjoint_nom'), ''),
    prenom: normaliserPrenom(texte('conjoint_prenom')),
    naissance: normaliserDate(texte('conjoint_date_naissance'), recuLe),
    sexe: '',
  }
  return {
    principal: {
      noms: normaliserNoms(texte('nom_usage'), texte('nom_naissance')),
      prenom: normaliserPrenom(texte('prenom')),
      naissance: normaliserDate(texte('date_naissance'), recuLe),
      sexe: lireSexe(texte('civilite')),
    },
    conjoint: conjoint.noms.length > 0 || conjoint.prenom ? conjoint : null,
    adresse: normaliserAdresse(texte('adresse'), texte('complement_adresse')),
    commune: options.communeActuelle?.(commune) ?? commune,
    codePostal: /^\d{5}$/.test(texte('code_postal')) ? texte('code_postal') : '',
    bailleur: normaliserBailleur(texte('bailleur_nom')),
    siret: normaliserSiret(texte('bailleur_siret')),
    loyer: lireEntier(contenu.loyer),
    dateBail: normaliserDate(texte('date_bail')),
    detteDepuis: normaliserDate(texte('dette_depuis')),
    enfants: lireEntier(contenu.enfants_a_charge),
    anneesEnfants: lireAnnees(contenu.annees_naissance_enfants),
    allocataire: normaliserAllocataire(texte('numero_allocataire')),
    telephone: normaliserTelephone(texte('telephone')),
    courriel: normaliserCourriel(texte('courriel')),
  }
}

/** Civil dates may arrive as objects that write themselves in ISO form. */
function ecrireObjet(valeur: unknown): string {
  return valeur instanceof Temporal.PlainDate ? valeur.toString() : ''
}

function lireSexe(civilite: string): Personne['sexe'] {
  const mot = normalizeForSearch(civilite)
  if (/^(?:m|mr|monsieur)$/.test(mot)) return 'M'
  return /^(?:mme|mlle|madame|mademoiselle|f)$/.test(mot) ? 'F' : ''
}

function lireEntier(valeur: unknown): number | null {
  if (typeof valeur === 'number') return Number.isFinite(valeur) ? valeur : null
  return typeof valeur === 'string' && /^\d+$/.test(valeur.trim()) ? Number(valeur) : null
}

function lireAnnees(valeur: unknown): number[] {
  const textes = Array.isArray(valeur) ? valeur.map(String) : typeof valeur === 'string' ? valeur.split(',') : []
  return textes
    .map((annee) => Number(annee.trim()))
    .filter((annee) => annee >= 1900 && annee <= 2200)
    .sort((a, b) => a - b)
}
