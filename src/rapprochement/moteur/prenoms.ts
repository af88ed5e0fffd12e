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
  /** Every word is a common first name: a first name that merely resembles it is then another one, not a slip. */
  readonly courant: boolean
}

interface Lexique {
  readonly variantes: ReadonlyMap<string, string>
  readonly courants: ReadonlySet<string>
}

const schemaVariantes = z.strictObject({ schema: z.literal(1), groupes: z.array(z.array(z.string()).min(2)) })
const schemaPrenoms = z.strictObject({ schema: z.literal(1), prenoms: z.string() })

let lexique: Lexique | undefined

/** The shipped lists, read once: groups of spellings of one first name, and common first names. */
function lireLexique(): Lexique {
  if (lexique) return lexique
  const lire = (nom: string): unknown => parse(readFileSync(join(projectRoot, 'donnees/rapprochement', nom), 'utf8'))
  const { groupes } = schemaVariantes.parse(lire('variantes-prenoms.yaml'))
  const { prenoms } = schemaPrenoms.parse(lire('prenoms.yaml'))
  lexique = {
    variantes: new Map(groupes.flatMap((groupe) => groupe.map((prenom) => [prenom, groupe[0] ?? prenom] as const))),
    courants: new Set(prenoms.split(' ')),
  }
  return lexique
}

/** A first name as every source would write it, or null when nothing is left. */
export function normaliserPrenom(texte: string): PrenomCompare | null {
  const { variantes, courants } = lireLexique()
  const mots = normalizeForSearch(texte.split(/[,;(]/)[0] ?? '')
  if (!/[a-z]/.test(mots)) return null
  const liste = mots.split(' ')
  const serre = mots.replaceAll(' ', '')
  return {
    mots,
    serre,
    phon: fonem(serre),
    canon: liste.map((mot) => variantes.get(mot) ?? mot).join(' '),
    courant: liste.every((mot) => courants.has(mot)),
  }
}
