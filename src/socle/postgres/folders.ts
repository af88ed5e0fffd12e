import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { refus } from '#socle/errors'

/** `nobody`: PostgreSQL refuses to run as root and demands an account that has a name; this one exists everywhere useful. */
const NOBODY = { uid: 65_534, gid: 65_534 }

/** Linux allows 107 bytes and macOS 103 for the path of a socket. */
const LONGEST_SOCKET = 100
export const SOCKET_PORT = 5432

export interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * Where everything lives. `base` belongs to the launcher and holds what it writes; `data` belongs to the account that runs PostgreSQL and
 * holds what PostgreSQL writes. Root thus never writes where another account could lay a link.
 */
export interface Layout {
  readonly base: string
  readonly data: string
  readonly cluster: string
  readonly lock: string
  readonly attached: string
  readonly log: string
  readonly password: string
  /** Account to take before running PostgreSQL; undefined when it is already ours. */
  readonly account: Account | undefined
}

const isRoot = (): boolean => process.getuid?.() === 0

/** Creates or checks the folders under `dataDir`. Every refusal says what to change. */
export function prepareFolders(dataDir: string): Layout {
  try {
    return layOut(dataDir)
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error
    throw dataDirRefused(`le compte qui lance Amont ne peut pas écrire dans ${path ?? dataDir}`)
  }
}

function layOut(dataDir: string): Layout {
  const top = prepareTop(resolve(dataDir))
  const base = join(top, 'postgres')
  const data = join(base, 'data')
  const account = isRoot() ? accountFor(data) : undefined
  if (account !== undefined) verifyReachable(top, account)
  if (!createFolder(base, isRoot() ? 0o711 : 0o700)) adjustBase(base)
  createFolder(data, 0o700, account)
  adjustData(data, account)
  const { uid, gid } = lstatSync(base)
  const attached = join(base, 'attached')
  createFolder(attached, 0o755, isRoot() ? { uid, gid } : undefined)
  return {
    base,
    data,
    cluster: join(data, 'cluster'),
    lock: join(base, 'launcher.lock'),
    attached,
    log: join(base, 'postgres.log'),
    password: join(base, 'password'),
    account,
  }
}

function prepareTop(path: string): string {
  createMissing(path)
  const top = realpathSync(path)
  const stats = statSync(top)
  if (!stats.isDirectory()) throw dataDirRefused(`${top} n’est pas un dossier`)
  if (process.platform !== 'win32' && (stats.mode & 0o002) !== 0) {
    throw dataDirRefused(`tous les comptes peuvent écrire dans ${top}, où se trouveraient les données`)
  }
  return top
}

/** Folders made by root must let the account of PostgreSQL through, whatever the umask. */
function createMissing(path: string): void {
  if (existsSync(path)) return
  createMissing(dirname(path))
  createFolder(path, isRoot() ? 0o711 : 0o700)
}

/** False when something of that name is already there, perhaps since an instant: the caller then checks it. */
function createFolder(path: string, mode: number, account?: Account): boolean {
  try {
    mkdirSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  if (process.platform === 'win32') return true
  chmodSync(path, mode)
  if (account !== undefined) changeOwner(path, account)
  return true
}

export function changeOwner(path: string, account: Account): void {
  try {
    lchownSync(path, account.uid, account.gid)
  } catch (error) {
    throw cannotChangeAccount(error)
  }
}

/** Root without the right to take another account: a container with its capabilities removed. */
export function cannotChangeAccount(cause: unknown): Error {
  return refus(
    'postgres.compte-impossible',
    `PostgreSQL refuse de tourner sous root, et ce système interdit à root de prendre un autre compte (${(cause as Error).message}). Lancez Amont avec un compte ordinaire, ou désignez un serveur PostgreSQL par DATABASE_URL.`,
  )
}

function dataDirRefused(reason: string): Error {
  return refus(
    'postgres.dossier-refuse',
    `Le dossier des données ne convient pas : ${reason}. Indiquez-en un autre par la variable AMONT_DATA_DIR, par exemple AMONT_DATA_DIR=/var/lib/amont.`,
  )
}

/** Existing data keep their account, so that root may serve what an ordinary account created. */
function accountFor(data: string): Account {
  const stats = lstatSync(data, { throwIfNoEntry: false })
  if (stats !== undefined && stats.uid !== 0) return { uid: stats.uid, gid: stats.gid }
  if (process.platform === 'linux') return NOBODY
  throw refus(
    'postgres.sans-root',
    'PostgreSQL refuse de tourner sous root. Lancez Amont avec un compte ordinaire, sans « sudo ».',
  )
}

function adjustBase(base: string): void {
  const stats = lstatSync(base)
  verifyOwner(base, stats)
  if (isRoot() && stats.uid === 0) chmodSync(base, 0o711)
}

function verifyOwner(path: string, stats: Stats): void {
  if (!stats.isDirectory()) throw dataDirRefused(`${path} n’est pas un dossier`)
  const uid = process.getuid?.()
  if (uid === undefined || uid === 0 || stats.uid === uid) return
  throw refus(
    'postgres.autre-compte',
    `La base de ${path} appartient à un autre compte (uid ${stats.uid}). Lancez Amont avec le compte qui l’a créée, ou indiquez un autre dossier par la variable AMONT_DATA_DIR.`,
  )
}

function adjustData(data: string, account: Account | undefined): void {
  if (process.platform === 'win32') return
  const stats = lstatSync(data)
  verifyOwner(data, stats)
  // A copy put back by root comes under root's name: PostgreSQL could not read it.
  if (account !== undefined) changeOwnerOfTree(data, account)
  for (const folder of [data, join(data, 'cluster')]) {
    if (existsSync(folder) && (lstatSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700)
  }
}

function changeOwnerOfTree(path: string, account: Account): void {
  const roots = [path, join(path, 'cluster')].filter((folder) => existsSync(folder))
  if (roots.every((folder) => lstatSync(folder).uid === account.uid)) return
  changeOwner(path, account)
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    changeOwner(join(entry.parentPath, entry.name), account)
  }
}

/** First folder, from the root down to `path`, that the account may not cross; undefined when it reaches `path`. */
export function findBarrier(path: string, account: Account): string | undefined {
  const parents: string[] = [path]
  while (dirname(path) !== path) {
    path = dirname(path)
    parents.unshift(path)
  }
  return parents.find((folder) => {
    const { mode, uid, gid } = statSync(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    return (mode & bit) === 0
  })
}

function verifyReachable(path: string, account: Account): void {
  const barrier = findBarrier(path, account)
  if (barrier === undefined) return
  throw refus(
    'postgres.dossier-ferme',
    `Sous root, PostgreSQL tourne avec le compte « nobody » (uid ${account.uid}), qui ne peut pas traverser le dossier ${barrier}. Indiquez un dossier de données accessible par la variable AMONT_DATA_DIR, par exemple AMONT_DATA_DIR=/var/lib/amont, ou lancez Amont avec un compte ordinaire.`,
  )
}

/**
 * A folder of mode 0700 for the unix socket: the folder is the lock, since the socket itself asks for no password. Beside the data when
 * the path is short enough, so that it follows them everywhere; else under the temporary folder. Undefined when neither will do.
 */
export async function prepareSocketFolder(layout: Layout): Promise<string | undefined> {
  const inside = join(layout.data, 'socket')
  if (fits(inside)) {
    claimFolder(inside, layout.account)
    emptyFolder(inside)
    if (await acceptsSockets(inside)) return inside
  }
  const name = `amont-${createHash('sha256').update(layout.cluster).digest('hex').slice(0, 16)}`
  for (const parent of new Set([tmpdir(), '/tmp'])) {
    const folder = join(parent, name)
    if (!fits(folder) || !existsSync(parent)) continue
    if (layout.account !== undefined && findBarrier(realpathSync(parent), layout.account) !== undefined) continue
    claimFolder(folder, layout.account)
    emptyFolder(folder)
    if (await acceptsSockets(folder)) return folder
  }
  return undefined
}

/** PostgreSQL reads a list: a comma or a quote in the path would split it. */
function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${SOCKET_PORT}`)) <= LONGEST_SOCKET && !/[,"]/.test(folder)
}

/** In a folder everybody may write to, somebody else may have taken the name first: their folder is refused, links included. */
function claimFolder(folder: string, account: Account | undefined): void {
  if (createFolder(folder, 0o700, account)) return
  const stats = lstatSync(folder)
  const uid = account?.uid ?? process.getuid?.()
  const ours = stats.isDirectory() && (stats.uid === uid || stats.uid === process.getuid?.())
  if (!ours) {
    throw refus(
      'postgres.dossier-socket',
      `Le dossier ${folder}, prévu pour joindre la base, appartient à un autre compte. Supprimez-le, ou indiquez un autre dossier temporaire par la variable TMPDIR.`,
    )
  }
  if (account !== undefined) changeOwner(folder, account)
  chmodSync(folder, 0o700)
}

/** No server runs at this point: what is left is the debris of a killed one, whose lock would stop the next. */
function emptyFolder(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
}

/** Some shared volumes hold files but no sockets. */
function acceptsSockets(folder: string): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(join(folder, 'probe'), () => server.close(() => done(true)))
  })
}
