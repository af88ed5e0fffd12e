import { createHash } from 'node:crypto'
import type { Transaction } from '#socle/db'

/** Hash of a token or of a key of the limiter. What it hashes is long or drawn at random, save addresses, which are not secrets. */
export function empreinte(texte: string): string {
  return createHash('sha256').update(texte).digest('base64url')
}

/** How many failures a key may have, since when. */
export interface Limite {
  readonly cle: string
  readonly max: number
  readonly fenetre: Temporal.DurationLike
}

const GARDE = { hours: 24 }

/** Counts the failures of keys since the longest of their windows, each in its own. */
export async function compterEchecs(
  { sql }: Pick<Transaction, 'sql'>,
  dept: string,
  maintenant: Temporal.Instant,
  limites: readonly Limite[],
): Promise<Map<string, number>> {
  const comptes = new Map<string, number>()
  for (const { cle, fenetre } of limites) {
    const [ligne] = await sql<{ n: number }>`select count(*)::int as n from tentative_connexion
      where dept = ${dept} and cle = ${cle} and a > ${maintenant.subtract(fenetre)}`
    comptes.set(cle, ligne?.n ?? 0)
  }
  return comptes
}

/** Remembers one failure under each key, for a day. */
export async function noterEchec(
  { sql }: Pick<Transaction, 'sql'>,
  dept: string,
  maintenant: Temporal.Instant,
  cles: readonly string[],
): Promise<void> {
  for (const cle of cles)
    await sql`insert into tentative_connexion (dept, cle, a) values (${dept}, ${cle}, ${maintenant})`
  await sql`delete from tentative_connexion where dept = ${dept} and a < ${maintenant.subtract(GARDE)}`
}
