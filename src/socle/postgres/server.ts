import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, fchownSync, openSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { refus } from '#socle/errors'
import { explainSpawn, hint, readPassword, SETTINGS, SUPERUSER, spawnOptions, start } from './cluster.ts'
import { type Address, askWhichCluster } from './database.ts'
import { type Layout, prepareSocketFolder, SOCKET_PORT } from './folders.ts'
import { countAttached } from './lock.ts'
import { inspectProcess, type PidFile, parsePidFile, runsCluster, waitUntil } from './processes.ts'

/** How to reach the server and to start it; tests exercise the means of Windows on Linux. */
export interface Means {
  readonly transport: 'socket' | 'loopback'
  readonly launcher: 'direct' | 'pg_ctl'
}

const LOOPBACK = '127.0.0.1'

/** A ready server that gives no answer for so long is taken for lost. */
const PATIENCE_TO_ANSWER = 3_000

/** Recovery after a kill replays the journal: minutes, at worst. */
const PATIENCE_TO_START = 180_000

function readPidFile(layout: Layout): PidFile | undefined {
  try {
    return parsePidFile(readFileSync(join(layout.cluster, 'postmaster.pid'), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function addressOf(layout: Layout, file: PidFile): Address {
  if (file.socketFolder !== '') return { host: file.socketFolder, port: file.port, user: SUPERUSER }
  return { host: LOOPBACK, port: file.port, user: SUPERUSER, password: readPassword(layout) }
}

/**
 * The server that already runs on these data, once it answers; undefined when there is none. What a killed server left behind is cleared;
 * a process that only bears an old number is left in peace; a server that no longer answers is stopped, unless somebody uses it.
 */
export async function findRunning(layout: Layout, means: Means, programs: string): Promise<Address | undefined> {
  const deadline = performance.now() + PATIENCE_TO_START
  let silentSince: number | undefined
  for (;;) {
    const file = readPidFile(layout)
    if (file === undefined) return undefined
    const facts = inspectProcess(file.pid)
    const ours = facts && runsCluster(facts, layout.cluster)
    if (file.state === 'ready') {
      // Asked before looking at numbers: a server of another container shares the folder, not the numbers.
      const address = addressOf(layout, file)
      const answer = await askWhichCluster(address)
      if (answer === 'full' ? ours : answer !== 'silent' && answer.cluster === layout.cluster) return address
      silentSince ??= performance.now()
    }
    if (facts === undefined || ours === false) {
      rmSync(join(layout.cluster, 'postmaster.pid'), { force: true })
      return undefined
    }
    if (silentSince !== undefined && performance.now() - silentSince > PATIENCE_TO_ANSWER) {
      refuseIfUsed(layout, file)
      await stopServer(layout, means, programs)
      return undefined
    }
    if (performance.now() > deadline) throw tooLong(file)
    await sleep(100)
  }
}

function refuseIfUsed(layout: Layout, file: PidFile): void {
  // The caller has declared itself: one use is its own.
  if (countAttached(layout.attached) <= 1) return
  throw refus(
    'postgres.muette',
    `La base tourne (processus ${file.pid}) et un autre programme Amont s’en sert, mais elle ne répond pas ici. Relancez dans le même environnement que lui (même compte, même conteneur), ou arrêtez-le d’abord.`,
  )
}

function tooLong(file: PidFile): Error {
  return refus(
    'postgres.trop-long',
    `La base (processus ${file.pid}) n’a pas fini de démarrer ou de s’arrêter après trois minutes. Attendez encore, puis recommencez ; si rien ne change, arrêtez ce processus.`,
  )
}

/** Starts a server on these data and returns once it accepts connections. */
export async function launchServer(layout: Layout, means: Means, programs: string): Promise<Address> {
  const deadline = performance.now() + 20_000
  // Two logs at most: this start's, and the one before, which tells why the server fell.
  if (existsSync(layout.log)) renameSync(layout.log, `${layout.log}.1`)
  for (;;) {
    const socketFolder = means.transport === 'socket' ? await prepareSocketFolder(layout) : undefined
    const settings = socketFolder === undefined ? await loopbackSettings() : socketSettings(socketFolder)
    const failure =
      means.launcher === 'direct'
        ? await launchDirectly(layout, programs, settings)
        : await launchThroughPgCtl(layout, programs, settings)
    const file = readPidFile(layout)
    if (failure === undefined && file !== undefined) return addressOf(layout, file)
    const output = existsSync(layout.log) ? readFileSync(layout.log, 'utf8') : ''
    // The children of a killed server take a moment to notice; a free port may be taken between choice and use.
    const passing = /pre-existing shared memory block|could not bind|Address already in use/.test(output)
    if (!passing || performance.now() > deadline) throw launchFailed(layout, failure ?? '', output)
    await sleep(300)
  }
}

function launchFailed(layout: Layout, failure: string, output: string): Error {
  const lines = output.trim().split('\n').slice(-12).join('\n')
  return refus(
    'postgres.demarrage',
    `PostgreSQL n’a pas démarré (${failure}).${hint(output)} Fin de son journal, ${layout.log} :\n${lines}`,
  )
}

function socketSettings(folder: string): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: folder,
    unix_socket_permissions: '0700',
    port: String(SOCKET_PORT),
  }
}

async function loopbackSettings(): Promise<Record<string, string>> {
  return { listen_addresses: LOOPBACK, unix_socket_directories: '', port: String(await findFreePort()) }
}

function findFreePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, LOOPBACK, () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Empty at each start, and never opened through a link. */
function openLog(layout: Layout): number {
  rmSync(layout.log, { force: true })
  const log = openSync(layout.log, 'ax', 0o600)
  if (layout.account !== undefined) fchownSync(log, layout.account.uid, layout.account.gid)
  return log
}

function settingArguments(settings: Record<string, string>): string[] {
  return Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Returns why it failed, or undefined when the server is ready. In its own session: Ctrl+C in a terminal is for Amont, which then stops it. */
async function launchDirectly(
  layout: Layout,
  programs: string,
  settings: Record<string, string>,
): Promise<string | undefined> {
  const program = join(programs, 'postgres')
  const log = openLog(layout)
  try {
    let ended: string | undefined
    let refused: unknown
    const child = start(program, () =>
      spawn(program, ['-D', layout.cluster, ...settingArguments(settings)], {
        ...spawnOptions(layout),
        detached: true,
        stdio: ['ignore', log, log],
      }),
    )
    child.on('error', (error) => {
      refused = error
    })
    child.on('exit', (code, signal) => {
      ended = signal === null ? `code ${code}` : `signal ${signal}`
    })
    const isReady = (): boolean => {
      const file = readPidFile(layout)
      return file?.state === 'ready' && file.pid === child.pid
    }
    const settled = await waitUntil(() => refused !== undefined || ended !== undefined || isReady(), PATIENCE_TO_START)
    child.unref()
    if (refused !== undefined) throw explainSpawn(program, refused)
    if (ended !== undefined) return ended
    return settled ? undefined : 'délai dépassé'
  } finally {
    closeSync(log)
  }
}

/** On Windows `pg_ctl` alone can drop the rights of an administrator and ask for a clean stop. */
function runPgCtl(layout: Layout, programs: string, args: readonly string[]): Promise<number> {
  const program = join(programs, 'pg_ctl')
  return new Promise((done, fail) => {
    // The server inherits what its parent has open: a pipe would never close.
    const child = start(program, () =>
      spawn(program, [...args, '-D', layout.cluster], { ...spawnOptions(layout), stdio: 'ignore', windowsHide: true }),
    )
    child.on('error', (error) => fail(explainSpawn(program, error)))
    child.on('exit', (code) => done(code ?? 1))
  })
}

async function launchThroughPgCtl(
  layout: Layout,
  programs: string,
  settings: Record<string, string>,
): Promise<string | undefined> {
  closeSync(openLog(layout))
  const options = settingArguments(settings).join(' ')
  const code = await runPgCtl(layout, programs, [
    'start',
    '-w',
    '-t',
    String(PATIENCE_TO_START / 1000),
    '-l',
    layout.log,
    '-o',
    options,
  ])
  return code === 0 ? undefined : `code ${code}`
}

/** Stops the server of these data, if it runs: first letting transactions roll back, then at once. Returns when it is gone. */
export async function stopServer(layout: Layout, means: Means, programs: string): Promise<void> {
  const file = readPidFile(layout)
  if (file === undefined) return
  if (means.launcher === 'pg_ctl') {
    const code = await runPgCtl(layout, programs, ['stop', '-m', 'fast', '-w', '-t', '30'])
    if (code !== 0) await runPgCtl(layout, programs, ['stop', '-m', 'immediate', '-w', '-t', '10'])
  } else {
    for (const [signal, patience] of [
      ['SIGINT', 30_000],
      ['SIGQUIT', 10_000],
    ] as const) {
      if (!send(layout, file.pid, signal)) break
      if (await waitUntil(() => inspectProcess(file.pid) === undefined, patience)) break
    }
  }
  const facts = inspectProcess(file.pid)
  if (facts !== undefined && runsCluster(facts, layout.cluster) !== false && readPidFile(layout)?.pid === file.pid) {
    throw refus(
      'postgres.arret',
      `La base (processus ${file.pid}) ne s’arrête pas. Arrêtez ce processus, puis recommencez.`,
    )
  }
  removeSocketFolder(layout, file)
}

/** Only to the PostgreSQL of these data. False when there is nobody to receive it. */
function send(layout: Layout, pid: number, signal: NodeJS.Signals): boolean {
  const facts = inspectProcess(pid)
  if (facts === undefined || runsCluster(facts, layout.cluster) !== true) return false
  try {
    process.kill(pid, signal)
    return true
  } catch {
    return false
  }
}

/** The folder made under the temporary one has no further use once its socket is gone. */
function removeSocketFolder(layout: Layout, file: PidFile): void {
  if (file.socketFolder === '' || dirname(file.socketFolder) === layout.data) return
  try {
    rmdirSync(file.socketFolder)
  } catch {
    // Left behind, it is empty and closed, and serves again next time.
  }
}

/** For a process that is ending and can no longer wait: asks for the stop and leaves. */
export function requestStop(layout: Layout, means: Means, programs: string): void {
  if (means.launcher === 'pg_ctl') {
    spawnSync(join(programs, 'pg_ctl'), ['stop', '-m', 'fast', '-W', '-D', layout.cluster], {
      ...spawnOptions(layout),
      stdio: 'ignore',
    })
    return
  }
  const file = readPidFile(layout)
  if (file !== undefined) send(layout, file.pid, 'SIGINT')
}
