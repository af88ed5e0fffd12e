import type { Database } from '#socle/db'

/** Closed months that may go: those before `avant` (« AAAA-MM »), not destroyed yet. */
export interface MoisDetruit {
  readonly mois: string
  readonly entrees: number
}

/**
 * Destroys the entries of closed months, for good, under the role that owns the tables: the application's own has no right to. Each month stays with
 * the hashes it starts and ends with, so that the chain still verifies. The caller has checked the conservation rule and journalled the act.
 */
export async function purgerJournal(
  base: Database,
  dept: string,
  avant: string,
  a: Temporal.Instant,
): Promise<MoisDetruit[]> {
  const client = await base.pool.connect()
  try {
    await client.query('begin')
    await client.query(`select set_config('app.dept', $1, true), set_config('role', 'amont_owner', true)`, [dept])
    const { rows } = await client.query('select mois, entrees from public.purger_journal($1, $2, $3)', [
      dept,
      avant,
      a.toString(),
    ])
    await client.query('commit')
    return rows as MoisDetruit[]
  } catch (erreur) {
    await client.query('rollback').catch(() => {})
    throw erreur
  } finally {
    client.release()
  }
}
