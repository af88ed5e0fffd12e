import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { openKeyring, parseKeyring, seal, unseal } from './index.ts'

const key = (letter: string) => Buffer.alloc(32, letter).toString('base64')

describe('what is sealed', () => {
  const keyring = parseKeyring(key('a'))

  test('opens for its own purpose only, and shows nothing of the text', () => {
    const sealed = seal(keyring, 'JBSWY3DP', 'totp|71|agent')
    assert.ok(!sealed.includes('JBSWY3DP'))
    assert.notEqual(sealed, seal(keyring, 'JBSWY3DP', 'totp|71|agent'))
    assert.equal(unseal(keyring, sealed, 'totp|71|agent'), 'JBSWY3DP')
    assert.throws(() => unseal(keyring, sealed, 'totp|71|autre'))
    const altered = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
    assert.throws(() => unseal(keyring, altered, 'totp|71|agent'))
  })

  test('still opens after a new key is put first, and no longer once the old one is gone', () => {
    const sealed = seal(keyring, 'secret', 'x')
    assert.equal(unseal(parseKeyring(`${key('b')}\n${key('a')}\n`), sealed, 'x'), 'secret')
    assert.throws(() => unseal(parseKeyring(key('b')), sealed, 'x'), /No key/)
  })
})

test('a key file is created for a demonstration only, readable by its owner, and a short key is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'amont-cle-'))
  const path = join(folder, 'dossier', 'cle')
  assert.throws(() => openKeyring(path, { create: false }), /AMONT_CLE/)
  const created = openKeyring(path, { create: true })
  assert.equal((await stat(path)).mode & 0o077, 0)
  assert.deepEqual(openKeyring(path, { create: false }), created)
  await writeFile(path, 'trop court')
  assert.throws(() => openKeyring(path, { create: true }), /32 octets/)
  await rm(folder, { recursive: true })
})
