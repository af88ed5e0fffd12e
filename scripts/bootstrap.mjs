// Runs on the system's Node (20 or later), before anything is installed: installs, builds, then hands over to the project's own Node.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const windows = process.platform === 'win32'
const bin = (name) => join(root, 'node_modules', '.bin', windows ? `${name}.cmd` : name)
const say = (text) => process.stderr.write(`${text}\n`)

function stop(text) {
  say(text)
  process.exit(1)
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  stop(`Amont demande Node 20 ou une version suivante pour démarrer (ici ${process.versions.node}).`)
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows, ...options })
  if (result.error) stop(`${command} : ${result.error.message}`)
  return result.status ?? 1
}

/** `npm ci` when node_modules does not match the lockfile. Nothing needs install scripts. */
function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.amont-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Installation des dépendances…')
  // Output of npm would mix with a command's own result: it goes to standard error.
  if (run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2] }) !== 0) {
    stop('L’installation a échoué. Vérifier l’accès au registre npm, puis recommencer.')
  }
  writeFileSync(stamp, wanted)
}

function newest(folder) {
  let latest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) latest = Math.max(latest, newest(path))
    else if (/\.tsx?$/.test(entry.name)) latest = Math.max(latest, statSync(path).mtimeMs)
  }
  return latest
}

/** Compiles when a source is newer than the last build. */
function build() {
  const stamp = join(root, 'dist', '.built')
  const sources = Math.max(
    ...['src', 'tests', 'bench'].filter((name) => existsSync(join(root, name))).map((name) => newest(join(root, name))),
    statSync(join(root, 'tsconfig.json')).mtimeMs,
  )
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= sources) return
  if (run(bin('tsc'), ['-p', '.'], { stdio: ['ignore', 2, 2] }) !== 0) stop('La compilation a échoué.')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, '')
}

function node(script, args, { flags = [], env = {} } = {}) {
  const child = spawn(bin('node'), ['--enable-source-maps', ...flags, join(root, 'dist', script), ...args], {
    stdio: 'inherit',
    shell: windows,
    env: { ...env, ...process.env },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0)
  })
}

/**
 * How the memory of the web server is kept (`config` of package.json). Left alone V8 grows past 350 MB before looking for what is no longer used; with a small young
 * generation and little growth (`serveur`) it stays near 180 MB for about the same processor time. One arena of the system's allocator (`arenes`) instead of one for each
 * thread gives back some 18 MB. No ceiling: a large export takes what it needs. Imports and other background work, in their own process, keep V8's own settings,
 * which suit them better.
 */
function serverMemory() {
  const { serveur, arenes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).config
  return { flags: serveur.split(' '), env: { MALLOC_ARENA_MAX: arenes } }
}

/** Chromium for the browser tests: the Debian package when root on Debian, otherwise Playwright's own. */
function ensureChromium() {
  const known = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].filter(Boolean)
  if (known.some((path) => existsSync(path))) return
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say('Installation de Chromium (paquet Debian) pour les tests…')
    run('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2] })
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  } else {
    say('Installation de Chromium (Playwright) pour les tests…')
    run(bin('playwright'), ['install', 'chromium'], { stdio: ['ignore', 2, 2] })
  }
}

function verify() {
  const steps = [
    ['Format et lint', bin('biome'), ['check', '--error-on-warnings', '.']],
    ['Types', bin('tsc'), ['-p', '.', '--noEmit', '--incremental', 'false']],
    ['Code mort', bin('knip'), ['--no-progress']],
  ]
  for (const [label, command, args] of steps) {
    say(`— ${label}`)
    if (
      run(command, args, {
        env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` },
      }) !== 0
    )
      stop(`${label} : à corriger.`)
  }
}

const [first, ...rest] = process.argv.slice(2)
install()
if (first === '--build') {
  build()
} else if (first === '--verify' || first === '--test') {
  verify()
  build()
  ensureChromium()
  node('tests/run.js', first === '--test' ? rest : rest)
} else if (first === '--bench') {
  build()
  node('bench/run.js', rest)
} else {
  build()
  node('src/amont.js', process.argv.slice(2), first === 'demarrer' ? serverMemory() : undefined)
}
