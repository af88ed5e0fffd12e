import { realpathSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export const DATABASE = 'amont'

/** Where a server answers. `host` is the folder of the unix socket, or 127.0.0.1 with a password. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password?: string
}

async function withClient<T>(address: Address, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    ...address,
    database: 'postgres',
    ssl: false,
    application_name: 'amont-launcher',
    connectionTimeoutMillis: 5_000,
    query_timeout: 60_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Creates the database `amont` unless it is there. Two callers may ask at once. */
export async function databaseReady(address: Address): Promise<void> {
  await withClient(address, async (client) => {
    for (let attempt = 1; ; attempt += 1) {
      const known = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
      if (known.rows.length > 0) return
      try {
        await client.query(`create database ${DATABASE}`)
        return
      } catch (error) {
        // Somebody else has just created it, or holds the template for a moment.
        const { code } = error as { code?: string }
        if (attempt === 20 || !['42P04', '23505', '55006'].includes(code ?? '')) throw error
        await sleep(100)
      }
    }
  })
}

/**
 * Asks a server which data it serves. `full` is a live server without a free connection; `silent` gives no answer, or only that it is
 * starting or stopping.
 */
export async function askWhichCluster(address: Address): Promise<{ cluster: string } | 'full' | 'silent'> {
  try {
    return await withClient(address, async (client) => {
      const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`)
      const folder = rows[0]?.folder ?? ''
      try {
        return { cluster: realpathSync(folder) }
      } catch {
        return { cluster: folder }
      }
    })
  } catch (error) {
    return (error as { code?: string }).code === '53300' ? 'full' : 'silent'
  }
}
