import { type Transaction as KyselyTransaction, type RawBuilder, sql } from 'kysely'
import type { Database } from './connect.ts'

/** A piece of SQL with its parameters. */
export type Fragment = RawBuilder<unknown>

/** Runs a tagged template and returns its rows. Every `${}` is a bound parameter or a `sql` fragment, never text. */
export type Execute = <Row = Record<string, unknown>>(
  strings: TemplateStringsArray,
  ...values: readonly unknown[]
) => Promise<Row[]>

export interface Transaction {
  readonly sql: Execute
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
}

function execute(trx: KyselyTransaction<Record<string, never>>): Execute {
  return async <Row>(strings: TemplateStringsArray, ...values: readonly unknown[]) => {
    const result = await sql<Row>(strings, ...values).execute(trx)
    return result.rows
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
  return base.kysely.transaction().execute(async (trx) => {
    // The stamp is read under the département just set: its argument is what set_config answers.
    const { rows } = await sql<{ stamp: number }>`select
      public.estampille_regles(set_config('app.dept', ${contexte.dept}, true)) as stamp,
      set_config('app.portee', ${contexte.portee}, true),
      set_config('app.organisme', ${contexte.organisme ?? ''}, true),
      set_config('app.compte', ${contexte.compte ?? ''}, true),
      set_config('app.territoires', ${(contexte.territoires ?? []).join(',')}, true),
      set_config('app.reception', ${contexte.reception ? 'oui' : ''}, true),
      set_config('role', 'amont_app', true)`.execute(trx)
    return travail({ sql: execute(trx), rulesStamp: rows[0]?.stamp ?? 0 })
  })
}
