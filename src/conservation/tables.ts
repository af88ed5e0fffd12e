import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ErreurDonnees, type Probleme } from '#referentiel'

/**
 * What follows each table of the database. `dossier`: erased with its household. The others have a time of their own, are proofs without names, or hold no
 * household at all.
 */
const REGLES = [
  'dossier',
  'fichier',
  'connexion',
  'notification',
  'recherche',
  'alerte',
  'journal',
  'compte',
  'preuve',
  'sans_menage',
] as const
type RegleTable = (typeof REGLES)[number]

/** How a row leads to what it hangs from: its columns, the table, the key of that table. */
interface Chemin {
  readonly colonnes: readonly string[]
  readonly parent: string
  readonly cle: readonly string[]
}

export interface LigneTable {
  readonly table: string
  readonly regles: readonly RegleTable[]
  readonly chemins: readonly Chemin[]
  readonly note: string
}

const NOM = 'conservation/tables.csv'
const COLONNES = 'table;regles;chemin;note'
const IDENTIFIANT = '[a-z][a-z0-9_]*'
const LISTE = `${IDENTIFIANT}(?:,${IDENTIFIANT})*`
const CHEMIN = new RegExp(`^(${LISTE})>(${IDENTIFIANT})(?:\\((${LISTE})\\))?$`)

const mots = (texte: string): string[] => texte.split(/\s+/).filter((mot) => mot !== '')

/** Reads `donnees/conservation/tables.csv`, or refuses with every problem of the file: names go in statements, so only plain ones pass. */
export function chargerTables(racine: string): readonly LigneTable[] {
  const chemin = join(racine, NOM)
  const problemes: Probleme[] = []
  const signaler = (ligne: number, message: string) =>
    problemes.push({ chemin: `donnees/${NOM}`, ligne, colonne: 1, message })
  const [entete = '', ...lignes] = existsSync(chemin) ? readFileSync(chemin, 'utf8').trimEnd().split(/\r?\n/) : []
  if (entete !== COLONNES) signaler(1, `En-tête attendu : ${COLONNES}.`)
  const lues = lignes.map((texte, rang): LigneTable => {
    const ligne = rang + 2
    const [table = '', regles = '', chemins = '', note = '', ...reste] = texte.split(';')
    if (reste.length > 0) signaler(ligne, `Quatre cellules attendues : ${COLONNES}.`)
    if (!new RegExp(`^${IDENTIFIANT}$`).test(table)) signaler(ligne, `« ${table} » n’est pas un nom de table.`)
    const siennes = mots(regles).flatMap((mot): RegleTable[] => {
      const connue = REGLES.find((une) => une === mot)
      if (!connue) signaler(ligne, `Règle inconnue « ${mot} ». Règles admises : ${REGLES.join(', ')}.`)
      return connue ? [connue] : []
    })
    if (siennes.length === 0) signaler(ligne, `Dire quelle règle suit « ${table} ».`)
    return {
      table,
      regles: siennes,
      note,
      chemins: mots(chemins).flatMap((mot): Chemin[] => {
        const [, colonnes = '', parent = '', cle = 'id'] = CHEMIN.exec(mot) ?? []
        if (parent === '') signaler(ligne, `« ${mot} » ne se lit pas : colonne>table, ou colonnes>table(colonnes).`)
        return parent === '' ? [] : [{ colonnes: colonnes.split(','), parent, cle: cle.split(',') }]
      }),
    }
  })
  const parNom = new Map(lues.map((une) => [une.table, une]))
  for (const [rang, { table, chemins }] of lues.entries()) {
    if (parNom.get(table) !== lues[rang]) signaler(rang + 2, `« ${table} » a deux lignes.`)
    for (const { parent } of chemins)
      if (!parNom.get(parent)?.regles.includes('dossier')) signaler(rang + 2, `« ${parent} » ne suit pas un dossier.`)
  }
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return lues
}

/**
 * Which rows of a table go with the dossiers `$2` and the signalements `$3` of the département `$1`. Null: none by a path of its own. Names were checked by
 * `chargerTables`.
 */
export function conditionDe(tables: ReadonlyMap<string, LigneTable>, table: string): string | null {
  if (table === 'dossier') return 'id = any ($2::uuid[])'
  if (table === 'signalement') return 'id = any ($3::uuid[])'
  const voies = (tables.get(table)?.chemins ?? []).flatMap(({ colonnes, parent, cle }) => {
    if (parent === 'dossier') return [`${colonnes[0]} = any ($2::uuid[])`]
    if (parent === 'signalement') return [`${colonnes[0]} = any ($3::uuid[])`]
    const dessus = conditionDe(tables, parent)
    if (dessus === null) return []
    return [
      `(${colonnes.join(', ')}) in (select ${cle.join(', ')} from public.${parent} where dept = $1 and (${dessus}))`,
    ]
  })
  return voies.length === 0 ? null : voies.join(' or ')
}

/** Tables in the order they are erased: what refers to another goes before it. `liens`: the foreign keys of the database. */
export function ordonner(
  tables: readonly string[],
  liens: readonly { readonly enfant: string; readonly parent: string }[],
): string[] {
  const restantes = new Set(tables)
  const ordre: string[] = []
  while (restantes.size > 0) {
    const libres = [...restantes].filter(
      (table) => !liens.some(({ enfant, parent }) => parent === table && enfant !== table && restantes.has(enfant)),
    )
    if (libres.length === 0) throw new Error(`tables that refer to one another: ${[...restantes].join(', ')}`)
    for (const table of libres.sort()) {
      ordre.push(table)
      restantes.delete(table)
    }
  }
  return ordre
}
