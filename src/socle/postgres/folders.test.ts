import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findBarrier, prepareFolders, prepareSocketFolder } from './folders.ts'

const folder = mkdtempSync(join(tmpdir(), 'amont-folders-'))
chmodSync(folder, 0o755)
const removed: string[] = [folder]
after(() => {
  for (const path of removed) rmSync(path, { recursive: true, force: true })
})

const onUnix = { skip: process.platform === 'win32' }
const asRoot = { skip: process.getuid?.() !== 0 }
/** Code of the refusal met by another account. */
function prepareAs(uid: number, path: string): string {
  const script = `const { prepareFolders } = await import(${JSON.stringify(new URL('./folders.js', import.meta.url).href)})
    try { prepareFolders(process.argv[1]) } catch (error) { console.log(error.code) }`
  const args = ['--input-type=module', '-e', script, path]
  return spawnSync(process.execPath, args, { uid, gid: uid, cwd: '/' }).stdout.toString().trim()
}

const mode = (path: string): number => statSync(path).mode & 0o777

test(
  'data and socket folders are closed to others and belong to the account that runs PostgreSQL',
  onUnix,
  async () => {
    const previous = process.umask(0o077)
    const layout = prepareFolders(join(folder, 'closed', 'deep'))
    process.umask(previous)
    const socket = await prepareSocketFolder(layout)
    assert.ok(socket)
    const uid = process.getuid?.() === 0 ? 65_534 : process.getuid?.()
    for (const path of [layout.data, socket]) {
      assert.equal(mode(path), 0o700)
      assert.equal(statSync(path).uid, uid)
    }
    if (layout.account) assert.equal(findBarrier(layout.base, layout.account), undefined)
  },
)

test('opens again a data folder put back with too wide a mode', onUnix, () => {
  const layout = prepareFolders(join(folder, 'wide'))
  mkdirSync(layout.cluster)
  chmodSync(layout.cluster, 0o755)
  chmodSync(layout.data, 0o755)
  const again = prepareFolders(join(folder, 'wide'))
  assert.equal(mode(again.data), 0o700)
  assert.equal(mode(again.cluster), 0o700)
  if (again.account) assert.equal(statSync(again.cluster).uid, again.account.uid)
})

test('says that the account may not write there', asRoot, (context) => {
  const here = dirname(fileURLToPath(import.meta.url))
  if (findBarrier(here, { uid: 4_321, gid: 4_321 })) return context.skip('the project is closed to other accounts')
  mkdirSync(join(folder, 'of-root'), { mode: 0o755 })
  for (const path of [join(folder, 'of-root'), join(folder, 'of-root', 'new')]) {
    assert.equal(prepareAs(4_321, path), 'postgres.dossier-refuse')
  }
})

test('a copy put back by root returns to the account that runs PostgreSQL', asRoot, () => {
  const layout = prepareFolders(join(folder, 'restored'))
  mkdirSync(join(layout.cluster, 'base'), { recursive: true })
  chownSync(layout.data, 0, 0)
  prepareFolders(join(folder, 'restored'))
  for (const path of [layout.data, layout.cluster, join(layout.cluster, 'base')])
    assert.equal(statSync(path).uid, 65_534)
})

test('root serves existing data under the account they belong to', asRoot, () => {
  const layout = prepareFolders(join(folder, 'kept'))
  chownSync(layout.data, 4_321, 4_321)
  assert.deepEqual(prepareFolders(join(folder, 'kept')).account, { uid: 4_321, gid: 4_321 })
})

test('refuses a data folder everybody may write to', onUnix, () => {
  const open = join(folder, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  assert.throws(() => prepareFolders(open), { code: 'postgres.dossier-refuse', message: /AMONT_DATA_DIR/ })
  assert.equal(existsSync(join(open, 'postgres')), false)
})

test('under root, names the folder that stops the account of PostgreSQL and the variable to set', asRoot, () => {
  const barrier = join(folder, 'home')
  mkdirSync(barrier, { mode: 0o700 })
  assert.throws(
    () => prepareFolders(join(barrier, 'projet', '.amont')),
    (error: Error & { code?: string }) =>
      error.code === 'postgres.dossier-ferme' &&
      error.message.includes(barrier) &&
      /AMONT_DATA_DIR/.test(error.message),
  )
})

test('an ordinary account refuses the base of another', asRoot, (context) => {
  const here = dirname(fileURLToPath(import.meta.url))
  if (findBarrier(here, { uid: 4_321, gid: 4_321 })) return context.skip('the project is closed to other accounts')
  const { base } = prepareFolders(join(folder, 'foreign'))
  assert.equal(prepareAs(4_321, dirname(base)), 'postgres.autre-compte')
})

test('takes a short folder under the temporary one when the path of the socket is too long', onUnix, async () => {
  const layout = prepareFolders(join(folder, 'a'.repeat(90)))
  const socket = await prepareSocketFolder(layout)
  assert.ok(socket)
  removed.push(socket)
  assert.ok(Buffer.byteLength(join(socket, '.s.PGSQL.5432')) <= 100)
  assert.ok(!socket.startsWith(layout.base))
  assert.equal(mode(socket), 0o700)
  assert.equal(await prepareSocketFolder(layout), socket)
})

test('refuses a socket folder that somebody else made first, or a link in its place', asRoot, async () => {
  const layout = prepareFolders(join(folder, 'b'.repeat(90)))
  const socket = await prepareSocketFolder(layout)
  assert.ok(socket)
  removed.push(socket)
  chownSync(socket, 4_321, 4_321)
  await assert.rejects(prepareSocketFolder(layout), { code: 'postgres.dossier-socket', message: /TMPDIR/ })
  rmSync(socket, { recursive: true })
  const elsewhere = join(folder, 'elsewhere')
  mkdirSync(elsewhere)
  symlinkSync(elsewhere, socket)
  await assert.rejects(prepareSocketFolder(layout), { code: 'postgres.dossier-socket' })
  assert.ok(lstatSync(socket).isSymbolicLink())
})

test('avoids a temporary folder the account of PostgreSQL cannot cross', asRoot, async () => {
  const layout = prepareFolders(join(folder, 'c'.repeat(90)))
  const previous = process.env.TMPDIR
  process.env.TMPDIR = join(folder, 'tmp')
  mkdirSync(process.env.TMPDIR, { mode: 0o700 })
  try {
    const socket = await prepareSocketFolder(layout)
    assert.ok(socket)
    assert.ok(socket.startsWith('/tmp/amont-'))
    removed.push(socket)
  } finally {
    if (previous === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = previous
  }
})
