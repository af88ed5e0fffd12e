import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bearsHouseholdNumber } from './index.ts'

describe('a number behind which there is a household', () => {
  for (const text of [
    'Au sujet de 71-2026-00412.',
    'au 2a-2026-00412',
    '974-2026-00001',
    'le 26-00412, encore',
    '71–2026–00412',
    '71 - 2026 - 00412',
    'bilan_71-2026-00412.pdf',
    '71_2026_00412.pdf',
    '1850771123456',
    '1 85 07 71 123 456',
    '185077112345678',
    '2 85 07 2A 123 456 78',
  ])
    test(`[ESP-14] is seen in « ${text} »`, () => assert.equal(bearsHouseholdNumber(text), true))
  for (const text of [
    'Arrêté 71-2026-03-12-00005 du 12/03/2026',
    'Loi n° 89-462, décret 2026-83',
    '03 85 21 81 00',
    '123 456 789 00012',
    '12345678900012',
    'Mâcon 71000, lot 2026-00412',
    'le 01/12/2026 à 14 h',
    'convention 2026-2029',
  ])
    test(`[ESP-14] is not seen in « ${text} »`, () => assert.equal(bearsHouseholdNumber(text), false))
})
