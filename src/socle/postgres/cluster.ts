import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { totalmem, userInfo } from 'node:os'
import { join } from 'node:path'
import { SERVER_LOG_SETTINGS } from '#socle/db'
import { refus } from '#socle/errors'
import type { Major } from './binaries.ts'
import { cannotChangeAccount, changeOwner, type Layout } from './folders.ts'

/** Owner of everything in the embedded server. The application takes a lesser role in each transaction. */
export const SUPERUSER = 'amont'

/** Refuses to open data written by another major version: the binaries could not read them. */
export function verifyMajor(layout: Layout, major: Major): void {
  const file = join(layout.cluster, 'PG_VERSION')
  if (!existsSync(layout.cluster)) return
  if (!existsSync(file)) {
    throw refus(
      'postgres.donnees-incompletes',
      `Le dossier ${layout.cluster} ne contient pas une base PostgreSQL entière : le fichier PG_VERSION manque. Remettez une sauvegarde complète à sa place, ou déplacez ce dossier pour repartir d’une base vide.`,
    )
  }
  const found = readFileSync(file, 'utf8').trim().slice(0, 8)
  if (found === String(major)) return
  throw refus(
    'postgres.version-differente',
    `Les données de ${layout.cluster} ont été écrites par PostgreSQL ${found}, et cette version d’Amont embarque PostgreSQL ${major}, qui ne peut pas les ouvrir. ` +
      'Pour les garder, reprenez la version d’Amont qui les a écrites, ou transférez-les (pg_dump puis pg_restore) vers un serveur PostgreSQL désigné par la variable DATABASE_URL. ' +
      'Pour repartir d’une base vide, déplacez ce dossier ou indiquez-en un autre par la variable AMONT_DATA_DIR. Rien n’a été modifié.',
  )
}

/**
 * Creates the cluster when there is none, under a temporary name: a creation cut short leaves nothing that looks like a base.
 * The built-in locale of PostgreSQL 17 and later gives the same results on every system.
 */
export async function createCluster(layout: Layout, programs: string, major: Major): Promise<void> {
  for (const name of readdirSync(layout.data)) {
    if (name.startsWith('new-')) forget(join(layout.data, name))
  }
  if (existsSync(layout.cluster)) return
  writePassword(layout)
  const fresh = join(layout.data, `new-${randomBytes(4).toString('hex')}`)
  const builtin = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const locales = major >= 17 ? [builtin] : [['--locale=C.UTF-8'], ['--locale=C']]
  let output = ''
  for (const locale of locales) {
    const common = ['-E', 'UTF8', '--lc-messages=C', '-U', SUPERUSER, '--data-checksums']
    const access = ['--auth-local=trust', '--auth-host=scram-sha-256', `--pwfile=${layout.password}`]
    const result = await run(layout, join(programs, 'initdb'), ['-D', fresh, ...common, ...locale, ...access])
    if (result.code === 0) return renameSync(fresh, layout.cluster)
    output = result.output
    forget(fresh)
    if (!output.includes('invalid locale name')) break
  }
  throw refus(
    'postgres.creation',
    `La création de la base PostgreSQL a échoué.${hint(output)} Fin du message reçu :\n${output.trim().split('\n').slice(-4).join('\n')}`,
  )
}

/** The creation cut short may still be writing for an instant: what resists goes next time. */
function forget(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  } catch {
    // It bears a name of its own and bothers nobody.
  }
}

/** Only used over the loopback port; written in every case, so that the way in may change without touching the data. */
function writePassword(layout: Layout): void {
  rmSync(layout.password, { force: true })
  writeFileSync(layout.password, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  if (process.platform === 'win32') closeToOthersOnWindows(layout.password)
  else {
    chmodSync(layout.password, 0o600)
    if (layout.account !== undefined) changeOwner(layout.password, layout.account)
  }
}

/** Modes mean nothing there: access lists do. Best effort, since the user's own profile is already closed to others. */
function closeToOthersOnWindows(file: string): void {
  const icacls = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'icacls.exe')
  spawnSync(icacls, [file, '/inheritance:r', '/grant:r', `${userInfo().username}:F`], { stdio: 'ignore' })
}

export function readPassword(layout: Layout): string {
  try {
    return readFileSync(layout.password, 'utf8').trim()
  } catch {
    throw refus(
      'postgres.mot-de-passe',
      `Le fichier ${layout.password}, qui contient le mot de passe de la base embarquée, manque ou n’est pas lisible. Remettez-le depuis une sauvegarde, ou relancez Amont avec le compte qui l’a créé.`,
    )
  }
}

/** What a frequent failure calls for, as a French sentence preceded by a space; empty when the output says nothing known. */
export function hint(output: string): string {
  if (/No space left on device/.test(output)) return ' Le disque est plein : libérez de la place, puis recommencez.'
  if (/could not look up effective user/.test(output)) {
    return ' Ce compte n’a pas de nom sur ce système : lancez Amont avec un compte déclaré dans /etc/passwd.'
  }
  if (/Operation not permitted|Permission denied/.test(output))
    return ' Un dossier n’est pas accessible : vérifiez la variable AMONT_DATA_DIR.'
  if (/Cannot allocate memory|could not map anonymous shared memory/.test(output))
    return ' La mémoire manque : fermez d’autres programmes, puis recommencez.'
  return ''
}

const MIO = 2 ** 20

/** Pages kept by PostgreSQL itself: a sixteenth of the machine's memory, between 128 and 512 MB. A large département reads its working set of half a gigabyte over and over. */
export const sharedBuffers = (memory: number): string =>
  `${Math.min(512, Math.max(128, Math.floor(memory / 16 / MIO)))}MB`

/** Given on the command line, where nothing stored in the cluster overrides them. */
export const SETTINGS: Record<string, string> = {
  fsync: 'on',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  shared_buffers: sharedBuffers(Math.min(totalmem(), process.constrainedMemory() || totalmem())),
  max_connections: '60',
  password_encryption: 'scram-sha-256',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_checkpoints: 'off',
  log_min_messages: 'warning',
  // PostgreSQL would otherwise copy the failing row and the statement, hence personal notes, into its log.
  ...SERVER_LOG_SETTINGS,
}

/** Nothing of the caller's PG* or LC_* variables may reach the server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  if (process.platform !== 'win32') return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG|TZ)/i.test(name))
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' }
}

/** How every program of PostgreSQL is started: under its account, and from a folder that account may read. */
export function spawnOptions(layout: Layout): { uid?: number; gid?: number; cwd?: string; env: NodeJS.ProcessEnv } {
  const place = process.platform === 'win32' ? {} : { cwd: '/' }
  return { ...layout.account, ...place, env: serverEnvironment() }
}

function run(layout: Layout, program: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((done, fail) => {
    let output = ''
    const child = start(program, () =>
      spawn(program, args, { ...spawnOptions(layout), stdio: ['ignore', 'pipe', 'pipe'] }),
    )
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.on('error', (error) => fail(explainSpawn(program, error)))
    child.on('close', (code) => done({ code: code ?? 1, output }))
  })
}

/** Some refusals of the system are thrown at once, others come as an event. */
export function start(program: string, launch: () => ChildProcess): ChildProcess {
  try {
    return launch()
  } catch (error) {
    throw explainSpawn(program, error)
  }
}

/** A refusal of the system to start one of our own programs, in words that say what to do. */
export function explainSpawn(program: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EPERM' || code === 'EINVAL') return cannotChangeAccount(error)
  if (code === 'ENOENT' && existsSync(program)) {
    return refus(
      'postgres.systeme',
      'Ce système ne peut pas exécuter PostgreSQL embarqué, qui demande la bibliothèque glibc 2.27 ou plus récente (Alpine ne l’a pas). Désignez un serveur PostgreSQL par la variable DATABASE_URL.',
    )
  }
  if (code === 'EACCES') {
    return refus(
      'postgres.execution-interdite',
      `Le système interdit d’exécuter ${program}. Si ce disque est monté sans droit d’exécution, indiquez un autre dossier par la variable AMONT_DATA_DIR.`,
    )
  }
  return error as Error
}
