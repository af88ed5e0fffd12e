import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { findPackage, installBinaries } from './binaries.ts'

const folder = mkdtempSync(join(tmpdir(), 'amont-binaries-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('says how to do without binaries where there are none', () => {
  for (const attempt of [() => findPackage(18, 'win32-arm64'), () => findPackage(15, 'darwin-arm64')]) {
    assert.throws(attempt, { code: 'postgres.plateforme', message: /DATABASE_URL/ })
  }
  const absent = process.platform === 'darwin' ? 'linux-x64' : 'darwin-arm64'
  assert.throws(() => findPackage(18, absent), { code: 'postgres.paquet-absent', message: /npm ci/ })
})

test('the copy runs whatever the umask, is made once, made again when damaged, and replaces older ones', () => {
  mkdirSync(join(folder, 'bin-17.0-linux-x64'))
  const source = findPackage(18)
  const previous = process.umask(0o077)
  const programs = installBinaries(folder, source)
  process.umask(previous)
  assert.deepEqual(readdirSync(folder), [source.label])
  const postgres = join(programs, process.platform === 'win32' ? 'postgres.exe' : 'postgres')
  if (process.platform !== 'win32') assert.equal(statSync(postgres).mode & 0o777, 0o755)
  assert.match(spawnSync(postgres, ['--version']).stdout.toString(), /PostgreSQL\) 18\./)

  const { ino, mtimeMs } = statSync(postgres)
  installBinaries(folder, source)
  assert.deepEqual([statSync(postgres).ino, statSync(postgres).mtimeMs], [ino, mtimeMs])

  truncateSync(postgres, 0)
  installBinaries(folder, source)
  assert.match(spawnSync(postgres, ['--version']).stdout.toString(), /PostgreSQL\) 18\./)
})
