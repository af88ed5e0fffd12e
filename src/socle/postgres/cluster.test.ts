import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedBuffers } from './cluster.ts'

const GIB = 2 ** 30

test('PostgreSQL keeps a sixteenth of the memory in pages, neither less than 128 MB nor more than 512', () => {
  assert.equal(sharedBuffers(GIB), '128MB')
  assert.equal(sharedBuffers(4 * GIB), '256MB')
  assert.equal(sharedBuffers(64 * GIB), '512MB')
})
