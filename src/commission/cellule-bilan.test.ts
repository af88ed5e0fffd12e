import assert from 'node:assert/strict'
import { test } from 'node:test'
import { masquerPetits } from './cellule-bilan.ts'

const masquer = (...nombres: number[]) =>
  masquerPetits(nombres.map((nombre, rang) => ({ libelle: String(rang), nombre }))).map(({ nombre }) => nombre)

test('[CEL-12] small numbers are masked, and a single one takes the next with it: the total minus the others would give it', () => {
  assert.deepEqual(masquer(12, 6, 3), [12, null, null])
  assert.deepEqual(masquer(12, 4, 3), [12, null, null])
  assert.deepEqual(masquer(12, 8, 0), [12, 8, 0])
  assert.deepEqual(masquer(2), [null])
})
