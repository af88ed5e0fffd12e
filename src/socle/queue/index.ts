import {
  type LogFunctionFactory,
  type Logger,
  type ParsedCronItem,
  type Runner,
  run,
  runMigrations,
  type TaskList,
  Logger as WorkerLogger,
} from 'graphile-worker'
import type { Database, Transaction } from '../db/index.ts'

export { parseCronItems } from 'graphile-worker'
export type { ParsedCronItem, TaskList }

/** Only failures are written: progress is in the database, and job payloads hold identifiers only. */
const quietLog: LogFunctionFactory = () => (level, message) => {
  if (level === 'error') process.stderr.write(`${message}\n`)
}
const logger: Logger = new WorkerLogger(quietLog)

/** Installs or upgrades the queue's own schema. Run by the migration role before our migrations. */
export async function installQueue(base: Database): Promise<void> {
  await runMigrations({ pgPool: base.pool, logger })
}

/**
 * Adds a job inside the business transaction: it exists only if the transaction commits. `cle` replaces a waiting job of the same key.
 * The payload holds identifiers only.
 */
export async function enqueue(
  trx: Pick<Transaction, 'sql'>,
  tache: string,
  charge: Record<string, string>,
  cle?: string,
  quand?: Temporal.Instant,
): Promise<void> {
  await trx.sql`select public.enfiler(${tache}, ${JSON.stringify(charge)}::json, ${cle ?? null}, ${quand ?? null})`
}

/**
 * Starts the worker loop. `stop()` lets running jobs end. The queue compares the dates of its own tables as `Date`, hence a pool without our types.
 */
export async function startWorker(
  base: Database,
  taskList: TaskList,
  parsedCronItems: ParsedCronItem[],
  concurrency = 2,
): Promise<Runner> {
  const pgPool = base.ordinaryPool(concurrency + 4)
  const runner = await run({
    pgPool,
    taskList,
    parsedCronItems,
    concurrency,
    noHandleSignals: true,
    logger,
    pollInterval: 2000,
  })
  const stop = runner.stop
  return Object.assign(runner, {
    stop: async () => {
      await stop()
      await pgPool.end()
    },
  })
}
