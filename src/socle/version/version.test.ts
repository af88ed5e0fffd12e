import assert from 'node:assert/strict'
import { test } from 'node:test'
import { versionToken } from './index.ts'

test('the same state has the same mark, and any change another one', () => {
  const a = Temporal.Instant.from('2026-11-20T08:00:00Z')
  assert.equal(versionToken('connu', null, a), versionToken('connu', null, a))
  assert.notEqual(versionToken('connu', null, a), versionToken('connu', 'parti', a))
  assert.notEqual(versionToken('connu', null, a), versionToken('connu', null, a.add({ seconds: 1 })))
  assert.notEqual(versionToken('a', 'bc'), versionToken('ab', 'c'))
  assert.notEqual(versionToken(null), versionToken('null'))
})
