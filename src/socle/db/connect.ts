import { createHash } from 'node:crypto'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

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

function toParameter(value: unknown): unknown {
  if (value instanceof Temporal.PlainDate || value instanceof Temporal.Instant) return value.toString()
  return value
}

/**
 * Named prepared statements: planning weighs more than anything else in short queries. The name is the hash of the text, so the same
 * text meets the same plan on every connection.
 */
function usePreparedStatements(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  const names = new Map<string, string>()
  const prepared = (text: unknown, values?: unknown, ...rest: unknown[]): unknown => {
    if (typeof text !== 'string' || !Array.isArray(values)) return query(text, values, ...rest)
    const parameters = values.map(toParameter)
    if (text.length > 6000) return query(text, parameters, ...rest)
    let name = names.get(text)
    if (name === undefined) {
      // A connection forgets nothing by itself: beyond this many distinct texts the next ones go unprepared.
      if (names.size >= 400) return query(text, parameters, ...rest)
      name = `a${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`
      names.set(text, name)
    }
    return query({ name, text, values: parameters }, ...rest)
  }
  Object.defineProperty(client, 'query', { value: prepared })
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
  readonly kysely: Kysely<Record<string, never>>
  /** A pool whose values are those of `pg`, for a library that reads its own tables. Its owner ends it. */
  ordinaryPool(max: number): pg.Pool
  close(): Promise<void>
}

/** Opens a pool. A lost connection is an error of the next query, never a crash of the process. */
export function connect(settings: DatabaseSettings): Database {
  const pool = new pg.Pool({ ...settings, max: settings.max ?? 10, types, application_name: 'amont' })
  pool.on('error', () => {})
  pool.on('connect', (client) => {
    client.on('error', () => {})
    usePreparedStatements(client as pg.PoolClient)
  })
  const kysely = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool }) })
  // Kysely ends the pool only if it has used it; the pool's own timers would keep the process alive.
  const close = async () => {
    await kysely.destroy()
    if (!pool.ended) await pool.end()
  }
  const ordinaryPool = (max: number) => {
    const ordinary = new pg.Pool({ ...settings, max, application_name: 'amont' })
    ordinary.on('error', () => {})
    ordinary.on('connect', (client) => client.on('error', () => {}))
    return ordinary
  }
  return { pool, kysely, ordinaryPool, close }
}
