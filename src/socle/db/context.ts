import type pg from 'pg'
import { type Database, run, send } from './connect.ts'
import { compile, type Fragment } from './sql.ts'

/** Runs a tagged template and returns its rows. Every `${}` is a bound parameter or a `sql` fragment, never text. */
export type Execute = <Row = Record<string, unknown>>(
  strings: TemplateStringsArray,
  ...values: readonly unknown[]
) => Promise<Row[]>

export interface Transaction {
  readonly sql: Execute
  /**
   * Runs a statement whose rows nobody reads without waiting for it: it leaves with what follows. It is certain once the transaction is; if it fails, so does
   * the transaction.
   */
  readonly note: (strings: TemplateStringsArray, ...values: readonly unknown[]) => void
}

/** A transaction as `dansContexte` opens it. */
export interface OpenTransaction extends Transaction {
  /** Moves when the rules of the département change (`estampille_regles`): what is kept of them in memory is then read again. */
  readonly rulesStamp: number
}

/** What row-level policies read. An absent setting gives access to nothing. */
export interface Contexte {
  readonly dept: string
  readonly portee: string
  readonly organisme?: string | null
  readonly compte?: string | null
  readonly territoires?: readonly string[] | null
  readonly reception?: boolean
  /** Civil day of the act: what is given until a day ends with it. */
  readonly jour?: Temporal.PlainDate | null
  /** Dossiers opened under an exceptional access still open. */
  readonly exceptionnels?: readonly string[] | null
  /** Circles of writings the session may open. */
  readonly cercles?: readonly string[]
}

const execute =
  (client: pg.PoolClient): Execute =>
  <Row>(strings: TemplateStringsArray, ...values: readonly unknown[]) =>
    run<Row>(client, compile(strings, values))

function setContext(client: pg.PoolClient, contexte: Contexte): Promise<{ stamp: number }[]> {
  // The stamp is read under the département just set: its argument is what set_config answers. One column for the others: nobody reads them.
  return execute(client)<{
    stamp: number
  }>`select public.estampille_regles(set_config('app.dept', ${contexte.dept}, true)) as stamp, concat(
    set_config('app.portee', ${contexte.portee}, true),
    set_config('app.organisme', ${contexte.organisme ?? ''}, true),
    set_config('app.compte', ${contexte.compte ?? ''}, true),
    set_config('app.territoires', ${(contexte.territoires ?? []).join(',')}, true),
    set_config('app.jour', ${contexte.jour?.toString() ?? ''}, true),
    set_config('app.exceptionnels', ${(contexte.exceptionnels ?? []).join(',')}, true),
    set_config('app.reception', ${contexte.reception ? 'oui' : ''}, true),
    set_config('app.cercles', ${(contexte.cercles ?? []).join(',')}, true),
    set_config('role', 'amont_app', true)) as set`
}

/** PostgreSQL answers a commit after a failure by going back, without an error of its own. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await send(client, 'commit')
  if (command !== 'COMMIT') throw new Error('the transaction had failed: nothing was written')
}

async function onClient<T>(base: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await base.pool.connect()
  let lost: Error | undefined
  try {
    return await work(client)
  } catch (error) {
    // A connection that cannot even go back is not given to anyone else.
    await send(client, 'rollback').catch((cause: Error) => {
      lost = cause
    })
    throw error
  } finally {
    client.release(lost)
  }
}

/**
 * The only way to the tables: one transaction, local settings, the application role. Nothing outlives the commit, so a pooled connection
 * never carries somebody else's perimeter.
 */
export function dansContexte<T>(
  base: Database,
  contexte: Contexte,
  travail: (trx: OpenTransaction) => Promise<T>,
): Promise<T> {
  return onClient(base, async (client) => {
    // Nothing is sent after these before both are known to hold: a statement must never run outside the perimeter.
    const [, stamps] = await Promise.all([send(client, 'begin'), setContext(client, contexte)])
    const sql = execute(client)
    const notes: Promise<unknown>[] = []
    const note: Transaction['note'] = (strings, ...values) => {
      const noted = sql(strings, ...values)
      // Heard of at the end, by `Promise.all` or because the transaction fails for something else first.
      noted.catch(() => {})
      notes.push(noted)
    }
    const resultat = await travail({ sql, note, rulesStamp: stamps[0]?.stamp ?? 0 })
    await Promise.all([...notes, commit(client)])
    return resultat
  })
}

/**
 * One reading in a transaction of its own, in one exchange with the server: for what every request asks first. Only for reading: the statement leaves before its
 * perimeter is known to be set, and its rows are given only when it was.
 */
export function lireDansContexte<Row>(
  base: Database,
  contexte: Contexte,
  { strings, values }: Fragment,
): Promise<Row[]> {
  return onClient(base, async (client) => {
    const [, , rows] = await Promise.all([
      send(client, 'begin read only'),
      setContext(client, contexte),
      run<Row>(client, compile(strings, values)),
      commit(client),
    ])
    return rows
  })
}
