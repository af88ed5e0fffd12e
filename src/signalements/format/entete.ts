import {
  COLONNES_DE_BASE,
  COLONNES_IDENTITE,
  definirColonne,
  estColonne,
  NOMS_COLONNES,
  type NomColonne,
} from './colonnes.ts'
import { montrerControles } from './controles.ts'
import type { MotifFichier } from './motifs.ts'

/**
 * How the columns of a partner's file become ours: remembered by organisme, confirmed by a person. Keys of `colonnes` are headers
 * passed through `normaliserEntete`; null leaves a column aside, as an unknown one. `constantes` gives a column the file does not
 * have one value for all its lines; `valeurs` translates the values of a column (`o` → `oui`).
 */
export interface Correspondance {
  readonly modele: string | null
  readonly colonnes: Readonly<Record<string, NomColonne | null>>
  readonly constantes: Readonly<Partial<Record<NomColonne, string>>>
  readonly valeurs: Readonly<Partial<Record<NomColonne, Readonly<Record<string, string>>>>>
}

/** The format itself: our names, nothing to translate. */
export const CORRESPONDANCE_IDENTIQUE: Correspondance = { modele: null, colonnes: {}, constantes: {}, valeurs: {} }

/**
 * The form under which two headers, or two values to translate, meet: edge spaces (`trim` takes the no-break ones too) and case are
 * indifferent.
 */
export function normaliserEntete(nom: string): string {
  return nom.trim().toLowerCase()
}

/** What the header row of a file says, once each column has been given its place. */
export interface EnteteLue {
  /** Names as written, edge spaces removed; one per field. */
  readonly entete: readonly string[]
  /** For each field, our column, or null when it is unknown. */
  readonly colonnes: readonly (NomColonne | null)[]
  /** For each field, the key under which its value is kept in the fields of a line. */
  readonly cles: readonly string[]
  readonly colonnesInconnues: readonly string[]
  readonly colonnesAbsentes: readonly NomColonne[]
  readonly correspondance: Correspondance
}

export type RefusEntete = { readonly motif: MotifFichier; readonly colonne: string | null; readonly message: string }

/**
 * Gives each header its column: the correspondance first, then the exact name, case and edge spaces aside. Decides only; whether the
 * result can be read is for `verifierEntete`.
 */
export function appliquerCorrespondance(
  noms: readonly string[],
  correspondance: Correspondance = CORRESPONDANCE_IDENTIQUE,
): EnteteLue {
  const entete = noms.map((nom) => montrerControles(nom.trim()))
  const colonnes = entete.map((nom) => {
    const normal = normaliserEntete(nom)
    if (Object.hasOwn(correspondance.colonnes, normal)) return correspondance.colonnes[normal] ?? null
    return estColonne(normal) ? normal : null
  })
  const cles = entete.map((nom, rang) => colonnes[rang] ?? cleInconnue(nom, rang))
  const presentes = new Set<string>([...cles, ...Object.keys(correspondance.constantes)])
  return {
    entete,
    colonnes,
    cles,
    colonnesInconnues: cles.filter((_, rang) => colonnes[rang] === null),
    colonnesAbsentes: NOMS_COLONNES.filter((nom) => !presentes.has(nom)),
    correspondance,
  }
}

/** A nameless column has its rank for a name; one that a person set aside must not pass for ours. */
function cleInconnue(nom: string, rang: number): string {
  if (nom === '') return `colonne ${rang + 1} (sans nom)`
  return estColonne(normaliserEntete(nom)) ? `${nom} (non reprise)` : nom
}

/** Why a header row makes the whole file unreadable; null when it does not. */
export function verifierEntete(lue: EnteteLue): RefusEntete | null {
  const reconnues = new Set(lue.colonnes.filter((colonne) => colonne !== null))
  // `commune` is also a value (of bailleur_nature): alone, it may well come from a line of data.
  if (![...reconnues].some((colonne) => colonne !== 'commune')) {
    const message =
      'La première ligne ne porte aucun nom de colonne connu. Ajouter la ligne d’en-tête, ou indiquer la correspondance des colonnes.'
    return { motif: 'entete_absente', colonne: null, message }
  }
  const double = trouverDouble(lue)
  if (double !== null) {
    const message = `La colonne « ${double} » est présente deux fois. Garder une seule des deux colonnes.`
    return { motif: 'colonne_en_double', colonne: double, message }
  }
  const donnees = new Set<string>([...reconnues, ...Object.keys(lue.correspondance.constantes)])
  const absente =
    COLONNES_DE_BASE.find((colonne) => !donnees.has(colonne)) ??
    (COLONNES_IDENTITE.some((colonne) => donnees.has(colonne)) ? null : COLONNES_IDENTITE[0])
  if (absente === null) return null
  const { libelle } = definirColonne(absente)
  const message = `La colonne « ${absente} » manque (${libelle.toLowerCase()}). L’ajouter, ou indiquer quelle colonne en tient lieu.`
  return { motif: 'colonne_de_base_absente', colonne: absente, message }
}

function trouverDouble(lue: EnteteLue): string | null {
  const vues = new Set<string>()
  for (const [rang, cle] of lue.cles.entries()) {
    const normale = lue.colonnes[rang] ?? normaliserEntete(cle)
    if (vues.has(normale)) return lue.colonnes[rang] ?? cle
    vues.add(normale)
  }
  return null
}
