import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import pg from 'pg'
import type { Keyring } from '../cipher/index.ts'
import type { Statement } from './sql.ts'

const DATE = 1082
const TIMESTAMPTZ = 1184
const INT8 = 20

/** Values as the application reads them: civil dates and instants are Temporal, 64-bit integers are exact numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary')
    if (oid === DATE) return (value: string) => Temporal.PlainDate.from(value)
    if (oid === TIMESTAMPTZ) return (value: string) => Temporal.Instant.from(value.replace(' ', 'T'))
    if (oid === INT8) {
      return (value: string) => {
        const number = Number(value)
        if (!Number.isSafeInteger(number)) throw new Error('integer beyond the safe range')
        return number
      }
    }
    return pg.types.getTypeParser(oid, 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

/** A connection forgets nothing by itself: beyond this many distinct texts the next ones go unprepared. */
const MOST_PREPARED = 400
const LONGEST_PREPARED = 6000

const names = new Map<string, string>()

/** The same text has the same name on every connection: the hash of the text. */
function nameOf(text: string): string {
  let name = names.get(text)
  if (name === undefined) {
    name = `a${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`
    if (names.size >= 10 * MOST_PREPARED) names.clear()
    names.set(text, name)
  }
  return name
}

const prepared = new WeakMap<pg.PoolClient, Set<string>>()

/** Sends a statement. Those sent before the answer to any of them is waited for leave in one packet, and run in the order they are sent. */
export function send(client: pg.PoolClient, query: pg.QueryConfig | string): Promise<pg.QueryResult> {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  stream.cork()
  process.nextTick(() => stream.uncork())
  return client.query(query)
}

/** Runs a statement, under a name so that it is planned once per connection: planning weighs more than anything else in short queries. */
export async function run<Row>(client: pg.PoolClient, { text, parameters }: Statement): Promise<Row[]> {
  const query: pg.QueryConfig = { text, values: [...parameters] }
  if (text.length <= LONGEST_PREPARED) {
    let known = prepared.get(client)
    if (known === undefined) {
      known = new Set()
      prepared.set(client, known)
    }
    const name = nameOf(text)
    if (known.size < MOST_PREPARED) known.add(name)
    if (known.has(name)) query.name = name
  }
  return (await send(client, query)).rows as Row[]
}

export interface DatabaseSettings {
  readonly connectionString?: string
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly max?: number
}

/** One PostgreSQL database. Only `dansContexte`, the migrations and the job worker may use what is inside. */
export interface Database {
  readonly pool: pg.Pool
  /** A pool whose values are those of `pg`, for a library that reads its own tables. Its owner ends it. */
  ordinaryPool(max: number): pg.Pool
  /** Keys of a database opened without the settings of an installation: those of tests. */
  readonly keyring?: Keyring | undefined
  close(): Promise<void>
}

/**
 * A connection that nobody asks anything of is kept this long. It holds plans that weigh far more than what they answer: a département that clicks twice a minute would
 * have them made again at each page.
 */
const IDLE_MS = 10 * 60_000

/** Opens a pool. A lost connection is an error of the next query, never a crash of the process. */
export function connect(settings: DatabaseSettings): Database {
  const pool = new pg.Pool({
    ...settings,
    max: settings.max ?? 10,
    idleTimeoutMillis: IDLE_MS,
    types,
    pipeline: true,
    application_name: 'amont',
  })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const ordinaryPool = (max: number) => {
    const ordinary = new pg.Pool({ ...settings, max, application_name: 'amont' })
    ordinary.on('error', () => {})
    ordinary.on('connect', (client) => client.on('error', () => {}))
    return ordinary
  }
  const close = async () => {
    if (!pool.ended) await pool.end()
  }
  return { pool, ordinaryPool, close }
}
