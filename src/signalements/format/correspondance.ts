import { distance } from 'fastest-levenshtein'
import { normalizeForSearch } from '#socle/text'
import { COLONNES, estColonne, NOMS_COLONNES, type NomColonne } from './colonnes.ts'
import { appliquerCorrespondance, type Correspondance, normaliserEntete } from './entete.ts'
import type { ModeleImport } from './modeles.ts'

/** How a header found its column. A resemblance is only shown: a person must choose it. */
export type Origine = 'exacte' | 'synonyme' | 'ressemblance' | 'aucune'

export interface Proposition {
  /** The header as written. */
  readonly entete: string
  /** The column applied: exact name or synonym. */
  readonly colonne: NomColonne | null
  readonly origine: Origine
  /** A column whose name is near, to be confirmed; never applied alone. */
  readonly suggestion: NomColonne | null
}

export interface CorrespondanceProposee {
  /** What may be applied as it stands, and remembered: exact names, synonyms, constants and translations of the model. */
  readonly correspondance: Correspondance
  /** One per field of the header row, in its order. */
  readonly propositions: readonly Proposition[]
  /** Our columns that nothing in the file gives. */
  readonly absentes: readonly NomColonne[]
}

/**
 * Proposes which of our columns each header stands for: the exact name, then the names listed by the models of `donnees/imports/`, then
 * a resemblance that is only suggested. The model kept is the one that explains the most headers; models meant for the type of the
 * organisme come first. Two headers never receive the same column: the second is left to a person.
 */
export function proposerCorrespondance(
  noms: readonly string[],
  modeles: readonly ModeleImport[],
  typeOrganisme: string | null = null,
): CorrespondanceProposee {
  const entetes = noms.map(normaliserEntete)
  const ordonnes = modeles.toSorted((a, b) => Number(estPour(b, typeOrganisme)) - Number(estPour(a, typeOrganisme)))
  const modele = choisirModele(entetes, ordonnes)
  const prises = new Set<NomColonne>()
  const colonnes: Record<string, NomColonne | null> = {}

  function prendre(rang: number, colonne: NomColonne | undefined): boolean {
    const entete = entetes[rang] ?? ''
    if (colonne === undefined || prises.has(colonne) || colonnes[entete]) return false
    prises.add(colonne)
    colonnes[entete] = colonne
    return true
  }

  const origines = entetes.map((entete, rang): Origine => {
    return estColonne(entete) && prendre(rang, entete) ? 'exacte' : 'aucune'
  })
  for (const source of modele ? [modele, ...ordonnes.filter((autre) => autre !== modele)] : ordonnes) {
    for (const [rang, entete] of entetes.entries()) {
      if (origines[rang] !== 'aucune') continue
      if (prendre(rang, trouverSynonyme(source, entete))) origines[rang] = 'synonyme'
    }
  }
  const propositions = noms.map((nom, rang): Proposition => {
    const entete = entetes[rang] ?? ''
    const origine = origines[rang] ?? 'aucune'
    if (origine !== 'aucune') return { entete: nom, colonne: colonnes[entete] ?? null, origine, suggestion: null }
    const suggestion = trouverRessemblance(entete, prises)
    return { entete: nom, colonne: null, origine: suggestion ? 'ressemblance' : 'aucune', suggestion }
  })
  const correspondance: Correspondance = {
    modele: modele?.id ?? null,
    colonnes,
    constantes: sansCelles(modele?.constantes ?? {}, prises),
    valeurs: modele?.valeurs ?? {},
  }
  return { correspondance, propositions, absentes: appliquerCorrespondance(noms, correspondance).colonnesAbsentes }
}

function estPour(modele: ModeleImport, type: string | null): boolean {
  return modele.organismes.some((organisme) => organisme === type)
}

/** The model that names the most headers not already ours; none when every header is, or when no model helps. */
function choisirModele(entetes: readonly string[], modeles: readonly ModeleImport[]): ModeleImport | null {
  let meilleur: ModeleImport | null = null
  let score = 0
  for (const modele of modeles) {
    const reconnues = entetes.filter((entete) => !estColonne(entete) && trouverSynonyme(modele, entete)).length
    if (reconnues > score) {
      meilleur = modele
      score = reconnues
    }
  }
  return meilleur
}

/** Synonyms meet without accents nor punctuation: « N° allocataire » and « n allocataire » are one name. */
function trouverSynonyme(modele: ModeleImport, entete: string): NomColonne | undefined {
  if (Object.hasOwn(modele.colonnes, entete)) return modele.colonnes[entete]
  const cherche = normalizeForSearch(entete)
  if (cherche === '') return undefined
  return Object.entries(modele.colonnes).find(([nom]) => normalizeForSearch(nom) === cherche)?.[1]
}

function sansCelles(
  constantes: Correspondance['constantes'],
  prises: ReadonlySet<NomColonne>,
): Correspondance['constantes'] {
  return Object.fromEntries(Object.entries(constantes).filter(([nom]) => !prises.has(nom as NomColonne)))
}

/** The free column whose name or label is nearest, within a quarter of its length. */
function trouverRessemblance(entete: string, prises: ReadonlySet<NomColonne>): NomColonne | null {
  const cherche = normalizeForSearch(entete)
  if (cherche.length < 3) return null
  const libres = NOMS_COLONNES.filter((nom) => !prises.has(nom)).map((nom) => {
    const formes = [normalizeForSearch(nom), normalizeForSearch(COLONNES[nom].libelle)]
    const ecart = Math.min(...formes.map((forme) => distance(cherche, forme) / Math.max(cherche.length, forme.length)))
    return { nom, ecart }
  })
  const proche = libres.sort((a, b) => a.ecart - b.ecart)[0]
  return proche && proche.ecart <= 0.25 ? proche.nom : null
}
