import { existsSync } from 'node:fs'
import { findPackage, installBinaries, type Major, programsFolder } from './binaries.ts'
import { createCluster, verifyMajor } from './cluster.ts'
import { type Address, DATABASE, databaseReady } from './database.ts'
import { type Layout, prepareFolders } from './folders.ts'
import { attach, countAttached, detach, withLock } from './lock.ts'
import { findRunning, launchServer, type Means, requestStop, stopServer } from './server.ts'

export interface EmbeddedPostgresOptions {
  /** Folder of Amont's data; the base goes into its subfolder `postgres`. Created when missing. */
  readonly dataDir: string
  /** 18 by default; 15, the oldest version served, is there for tests on Linux x64. */
  readonly major?: Major
  /** Receives French sentences about what takes time. */
  readonly log?: (message: string) => void
}

/** A running server. Whoever opens connections listens to their `error` events: stopping the server cuts them. */
export interface EmbeddedPostgres extends Address {
  readonly database: typeof DATABASE
  /** The server was already running. */
  readonly adopted: boolean
  /** Ends this use. The last use to end stops the server, whoever started it. Calling again does nothing more. */
  stop(): Promise<void>
}

interface Use {
  readonly layout: Layout
  readonly means: Means
  readonly programs: string
  readonly attachment: string
}

const MEANS: Means =
  process.platform === 'win32'
    ? { transport: 'loopback', launcher: 'pg_ctl' }
    : { transport: 'socket', launcher: 'direct' }

/**
 * Starts the PostgreSQL delivered with Amont on the data of `dataDir`, or joins the one that already serves them, and returns once the
 * database `amont` accepts connections. Throws a French `Refus` that says what to change.
 */
export function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return startWith(options, MEANS)
}

/** Same, with chosen means. */
export async function startWith(options: EmbeddedPostgresOptions, means: Means): Promise<EmbeddedPostgres> {
  const { major = 18, log = () => {} } = options
  const layout = prepareFolders(options.dataDir)
  const source = findPackage(major)
  return withLock(layout.lock, async () => {
    verifyMajor(layout, major)
    const use: Use = {
      layout,
      means,
      programs: programsFolder(layout.base, source),
      attachment: attach(layout.attached),
    }
    try {
      const running = await findRunning(layout, means, use.programs)
      if (running === undefined) {
        log(
          existsSync(layout.cluster)
            ? `Démarrage de la base (PostgreSQL ${major})…`
            : `Création de la base (PostgreSQL ${major})…`,
        )
        installBinaries(layout.base, source)
        await createCluster(layout, use.programs, major)
      } else log('La base tourne déjà : elle est reprise telle quelle.')
      const address = running ?? (await launchServer(layout, means, use.programs))
      await databaseReady(address)
      return handle(use, address, running !== undefined)
    } catch (error) {
      detach(use.attachment)
      throw error
    }
  })
}

const uses = new Set<Use>()

function handle(use: Use, address: Address, adopted: boolean): EmbeddedPostgres {
  if (uses.size === 0) process.on('exit', leaveAtExit)
  uses.add(use)
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopped ??= leave(use)
    return stopped
  }
  return { ...address, database: DATABASE, adopted, stop }
}

function forget(use: Use): void {
  uses.delete(use)
  if (uses.size === 0) process.off('exit', leaveAtExit)
}

async function leave(use: Use): Promise<void> {
  forget(use)
  // Data removed while in use: the server sees it by itself and stops.
  if (!existsSync(use.layout.base)) return
  await withLock(use.layout.lock, async () => {
    detach(use.attachment)
    if (countAttached(use.layout.attached) === 0) await stopServer(use.layout, use.means, use.programs)
  })
}

/** A process that ends without `stop` must not leave a server behind it. A held lock means that somebody is arriving, and will stop it. */
function leaveAtExit(): void {
  for (const { layout, means, programs, attachment } of uses) {
    try {
      detach(attachment)
      if (countAttached(layout.attached) === 0 && !existsSync(layout.lock)) requestStop(layout, means, programs)
    } catch {
      // Nobody is left to hear of it: the next start adopts or clears what remains.
    }
  }
}
