import { parse } from 'csv-parse/sync'
import { refus } from '#socle/errors'
import { normaliserMots, phonetiser } from './texte.ts'

/** Fields of a trial, with the columns that fill them in the formats known. */
export const COLONNES_ESSAI = {
  prenom: ['given_name', 'prenom'],
  nom: ['surname', 'nom_usage', 'nom_naissance'],
  numero: ['street_number'],
  voie: ['address_1', 'adresse'],
  complement: ['address_2', 'complement_adresse'],
  commune: ['suburb', 'commune'],
  code_postal: ['postcode', 'code_postal'],
  etat: ['state'],
  naissance: ['date_of_birth', 'date_naissance'],
  identifiant: ['soc_sec_id', 'numero_allocataire'],
  telephone: ['telephone'],
  courriel: ['courriel'],
} as const satisfies Record<string, readonly string[]>
export type ChampEssai = keyof typeof COLONNES_ESSAI

/** A line as comparable text; an empty string is unknown. */
export interface LigneEssai {
  readonly id: string
  /** What the truth says two lines share; null when the file does not tell. */
  readonly verite: string | null
  readonly valeurs: Readonly<Record<ChampEssai, string>>
  readonly phonNom: string
  readonly phonPrenom: string
}

export interface FichierEssai {
  readonly lignes: readonly LigneEssai[]
  readonly champs: readonly ChampEssai[]
}

const NUMERIQUES: ReadonlySet<ChampEssai> = new Set(['numero', 'code_postal', 'naissance', 'identifiant', 'telephone'])

function normaliser(champ: ChampEssai, brut: string): string {
  if (champ === 'courriel') return brut.trim().toLowerCase()
  if (champ === 'naissance') {
    const francaise = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(brut.trim())
    return (francaise ? `${francaise[3]}${francaise[2]}${francaise[1]}` : brut).replace(/\D/g, '')
  }
  const mots = normaliserMots(brut)
  // Blanks slip into words and out of them: letters are compared in one block.
  return NUMERIQUES.has(champ) ? mots.replace(/\D/g, '') || mots : mots.replaceAll(' ', '')
}

/** Reads one file of a trial, delimiter and columns recognised. */
export function lireFichierEssai(texte: string, sans: ReadonlySet<string>): FichierEssai {
  const entete = texte.slice(0, texte.search(/[\r\n]|$/))
  const delimiter = entete.split(';').length > entete.split(',').length ? ';' : ','
  let rangees: string[][]
  try {
    rangees = parse(texte, { delimiter, bom: true, relax_column_count: true, skip_empty_lines: true, trim: true })
  } catch {
    throw refus('essai.illisible', 'Ce fichier ne se lit pas comme un CSV : vérifier les guillemets et le séparateur.')
  }
  const colonnes = (rangees[0] ?? []).map((nom) => nom.trim().toLowerCase())
  const rangDe = (nom: string) => (sans.has(nom) ? -1 : colonnes.indexOf(nom))
  const sources = Object.entries(COLONNES_ESSAI).flatMap(([champ, noms]) => {
    const rangs = (sans.has(champ) ? [] : noms.map(rangDe)).filter((rang) => rang >= 0)
    return rangs.length > 0 ? [{ champ: champ as ChampEssai, rangs }] : []
  })
  if (!sources.some(({ champ }) => champ === 'nom' || champ === 'prenom')) {
    throw refus(
      'essai.colonnes',
      `Aucune colonne de nom reconnue. Colonnes lues : ${colonnes.join(', ') || '(aucune)'}.`,
    )
  }
  const rangId = ['rec_id', 'reference_source'].map((nom) => colonnes.indexOf(nom)).find((rang) => rang >= 0) ?? -1
  const vide = Object.fromEntries(Object.keys(COLONNES_ESSAI).map((champ) => [champ, ''])) as Record<ChampEssai, string>
  const lignes = rangees.slice(1).map((rangee, rang): LigneEssai => {
    const valeurs = { ...vide }
    for (const { champ, rangs } of sources)
      valeurs[champ] = normaliser(champ, rangs.map((r) => rangee[r] ?? '').find((valeur) => valeur !== '') ?? '')
    const id = rangee[rangId] ?? String(rang + 2)
    return {
      id,
      verite: /^rec-(\d+)-(?:org|dup-\d+)$/.exec(id)?.[1] ?? null,
      valeurs,
      phonNom: phonetiser(valeurs.nom),
      phonPrenom: phonetiser(valeurs.prenom),
    }
  })
  return { lignes, champs: sources.map(({ champ }) => champ) }
}
