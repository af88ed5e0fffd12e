import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the system says of a live process. `started` tells two processes apart when the system gives the same number again. */
export interface ProcessFacts {
  readonly started: string
  readonly command: string
  /** Current folder, when the system shows it; PostgreSQL works from its data directory. */
  readonly folder: string | undefined
}

/** Facts about a live process; undefined when there is none, or only a zombie that nobody has reaped. */
export function inspectProcess(pid: number): ProcessFacts | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  if (process.platform === 'win32') return inspectBySignal(pid)
  return existsSync('/proc/self/stat') ? inspectThroughProc(pid) : inspectThroughPs(pid)
}

function inspectThroughProc(pid: number): ProcessFacts | undefined {
  try {
    // The name, between parentheses, may hold spaces and parentheses: fields are counted from the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return { started: fields[19] ?? '', command, folder: readFolder(pid) }
  } catch {
    return undefined
  }
}

function readFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

/** Same answer where there is no /proc (macOS). */
export function inspectThroughPs(pid: number): ProcessFacts | undefined {
  try {
    const options = ['-ww', '-o', 'stat=', '-o', 'lstart=', '-o', 'command=', '-p', String(pid)]
    const line = execFileSync('ps', options, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }).trim()
    const [, state, started, command] = /^(\S+)\s+((?:\S+\s+){4}\d{4})\s+(.*)$/.exec(line) ?? []
    if (state === undefined || started === undefined || state.startsWith('Z')) return undefined
    return { started, command: command ?? '', folder: undefined }
  } catch {
    return undefined
  }
}

function inspectBySignal(pid: number): ProcessFacts | undefined {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined
  }
  return { started: '', command: '', folder: undefined }
}

/**
 * Is this process the PostgreSQL of that cluster? A number written in a file may since have gone to any program, which must never receive
 * our signals. Undefined where the system shows nothing (Windows).
 */
export function runsCluster(facts: ProcessFacts, cluster: string): boolean | undefined {
  if (facts.folder !== undefined) return facts.folder === cluster
  if (facts.command === '') return undefined
  return facts.command.includes('postgres') && facts.command.includes(cluster)
}

/** Polls until `condition` holds; false when `patience` milliseconds have passed. */
export async function waitUntil(condition: () => boolean, patience: number): Promise<boolean> {
  const deadline = performance.now() + patience
  while (!condition()) {
    if (performance.now() > deadline) return false
    await sleep(15)
  }
  return true
}

/** The lines of `postmaster.pid`. While the server starts, the last ones are not there yet. */
export interface PidFile {
  readonly pid: number
  readonly port: number
  readonly socketFolder: string
  readonly state: 'starting' | 'ready' | 'stopping'
}

/** Reads the text of `postmaster.pid`; undefined when it does not even hold a number. */
export function parsePidFile(text: string): PidFile | undefined {
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Math.abs(Number(lines[0]))
  if (!Number.isSafeInteger(pid) || pid === 0) return undefined
  const state = lines[7] === 'ready' || lines[7] === 'stopping' ? lines[7] : 'starting'
  return { pid, port: Number(lines[3] ?? 0), socketFolder: lines[4] ?? '', state }
}
