import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { projectRoot } from '#socle/config'
import { normalizeForSearch } from '#socle/text'
import { fonem } from './fonem.ts'

/** One first name, in the forms that comparisons need. */
export interface PrenomCompare {
  /** Words without accents: « marie laure ». Second first names after a comma are left out. */
  readonly mots: string
  readonly serre: string
  readonly phon: string
  /** The same with every word replaced by the head of its group of variants: Mohammed, Mouhamad → mohamed. */
  readonly canon: string
}

export type VariantesPrenoms = ReadonlyMap<string, string>

const schemaVariantes = z.strictObject({ schema: z.literal(1), groupes: z.array(z.array(z.string()).min(2)) })

/** Groups of spellings of one first name; the first of each group stands for the others. */
export function lireVariantesPrenoms(
  chemin = join(projectRoot, 'donnees/rapprochement/variantes-prenoms.yaml'),
): VariantesPrenoms {
  const { groupes } = schemaVariantes.parse(parse(readFileSync(chemin, 'utf8')))
  return new Map(groupes.flatMap((groupe) => groupe.map((prenom) => [prenom, groupe[0] ?? prenom] as const)))
}

let livrees: VariantesPrenoms | undefined

function variantesLivrees(): VariantesPrenoms {
  livrees ??= lireVariantesPrenoms()
  return livrees
}

/** A first name as every source would write it, or null when nothing is left. */
export function normaliserPrenom(texte: string, variantes = variantesLivrees()): PrenomCompare | null {
  const mots = normalizeForSearch(texte.split(/[,;(]/)[0] ?? '')
  if (!/[a-z]/.test(mots)) return null
  const canon = mots
    .split(' ')
    .map((mot) => variantes.get(mot) ?? mot)
    .join(' ')
  const serre = mots.replaceAll(' ', '')
  return { mots, serre, phon: fonem(serre), canon }
}
