import { createHash } from 'node:crypto'
import type { Execute } from '#socle/db'

/** A session, as far as this module needs one. */
export interface Lecteur {
  readonly dept: string
  readonly sql: Execute
}

/** Entries chained by one transaction: short enough for nobody to wait, long enough to keep up with an import. */
const LIMITE = 2000

/**
 * Chains what may be, once: entries of transactions that are over, those of the oldest first. Returns how many, whether some may be left, and the
 * month closed by the way.
 */
export async function scellerJournal(
  { sql, dept }: Lecteur,
  a: Temporal.Instant,
): Promise<{ scelles: number; encore: boolean; moisClos: string | null }> {
  const [ligne] = await sql<{ scelles: number; mois_clos: string | null }>`
    select scelles, mois_clos from public.sceller_journal(${dept}, ${a.toString()}::timestamptz, ${LIMITE})`
  const scelles = ligne?.scelles ?? 0
  return { scelles, encore: scelles === LIMITE, moisClos: ligne?.mois_clos ?? null }
}

/** Where the chain of a département stands. */
export interface Tete {
  readonly numero: number
  /** SHA-256 in hexadecimal. */
  readonly empreinte: string
}

/** The last sealed entry, or nothing while none is. */
export async function lireTete({ sql, dept }: Lecteur): Promise<Tete | null> {
  const [tete] = await sql<Tete>`select numero, encode(empreinte, 'hex') as empreinte from journal_tete
    where dept = ${dept} and numero > 0`
  return tete ?? null
}

/** What the chain starts from: nothing yet, for this département. */
export const empreinteInitiale = (dept: string): Buffer => createHash('sha256').update(`amont:journal:${dept}`).digest()

/** What the hash covers: each field as its length in bytes and its text, `-` when absent. The database writes the same (`journal_contenu`). */
export const ecrireContenu = (champs: readonly (string | null)[]): string =>
  champs.map((champ) => (champ === null ? '-' : `${Buffer.byteLength(champ)}:${champ}`)).join(',')

/** Hash of an entry: SHA-256 of the previous hash followed by the content. */
export const chainer = (avant: Buffer, contenu: string): Buffer =>
  createHash('sha256').update(avant).update(contenu).digest()
