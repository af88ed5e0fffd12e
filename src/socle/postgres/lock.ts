import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { refus } from '#socle/errors'
import { inspectProcess } from './processes.ts'

const queues = new Map<string, Promise<unknown>>()

/**
 * Runs `work` while holding a lock file, so that two launchers take turns. The file holds the number of its process: a lock left by a dead
 * one is taken over. `patience` is in milliseconds.
 */
export function withLock<T>(file: string, work: () => Promise<T>, patience = 180_000): Promise<T> {
  // Within one process callers queue in memory: a lock file bearing our own number is then always a leftover.
  const turn = (queues.get(file) ?? Promise.resolve()).then(async () => {
    await acquire(file, patience)
    try {
      return await work()
    } finally {
      rmSync(file, { force: true })
    }
  })
  queues.set(
    file,
    turn.catch(() => {}),
  )
  return turn
}

async function acquire(file: string, patience: number): Promise<void> {
  const deadline = performance.now() + patience
  while (!create(file)) {
    const holder = readOwner(file)
    if (holder === 'dead') takeOver(file)
    else if (performance.now() > deadline) {
      throw refus(
        'postgres.verrou-tenu',
        `Un autre programme Amont prépare la base depuis trop longtemps. Attendez qu’il finisse ou arrêtez-le ; s’il n’y en a aucun, supprimez le fichier ${file}, puis recommencez.`,
      )
    } else await sleep(25)
  }
}

/** Creates the file only if it does not exist, never through a link. */
function create(file: string): boolean {
  try {
    writeFileSync(file, describeOwner(), { flag: 'wx' })
    chmodSync(file, 0o644)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function describeOwner(): string {
  return `${process.pid}\n${inspectProcess(process.pid)?.started ?? ''}\n`
}

function readOwner(file: string): 'alive' | 'dead' | 'gone' {
  try {
    const [pid, started] = readFileSync(file, 'utf8').split('\n')
    // Creation and writing are two steps: an empty file is a lock being taken, unless it has stayed so.
    if (pid === '' || pid === undefined) return Date.now() - statSync(file).mtimeMs > 5_000 ? 'dead' : 'alive'
    if (Number(pid) === process.pid) return 'dead'
    return isAlive(Number(pid), started ?? '') ? 'alive' : 'dead'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone'
    throw error
  }
}

function isAlive(pid: number, started: string): boolean {
  const facts = inspectProcess(pid)
  return facts !== undefined && (started === '' || facts.started === '' || started === facts.started)
}

/** Renaming is atomic: of several processes that saw the same dead owner, one alone removes the file. */
function takeOver(file: string): void {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  // Between reading and renaming, another process may have taken the lock: what was taken by mistake goes back.
  try {
    if (readOwner(aside) === 'alive') linkSync(aside, file)
  } finally {
    rmSync(aside, { force: true })
  }
}

/** Declares that this process uses the server; returns the file to hand to `detach`. */
export function attach(folder: string): string {
  const file = join(folder, `${process.pid}-${randomBytes(6).toString('hex')}`)
  create(file)
  return file
}

export function detach(file: string): void {
  rmSync(file, { force: true })
}

/** How many uses of the server belong to live processes; forgets the others. */
export function countAttached(folder: string): number {
  let count = 0
  for (const name of readdirSync(folder)) {
    const [pid, started] = readFileSync(join(folder, name), 'utf8').split('\n')
    if (isAlive(Number(pid || name.split('-')[0]), started ?? '')) count += 1
    else detach(join(folder, name))
  }
  return count
}
