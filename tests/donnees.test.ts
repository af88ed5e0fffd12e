import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { ecrireProbleme, verifierExemples } from '#referentiel'

const donnees = join(import.meta.dirname, '../../donnees')

test('[REP-01] [AUT-12] [SIG-23] every example written in the data gives its result and its source', () => {
  const { executes, problemes } = verifierExemples(donnees)
  assert.deepEqual(problemes.map(ecrireProbleme), [])
  assert.ok(executes >= 80, `only ${executes} examples were run`)
})
