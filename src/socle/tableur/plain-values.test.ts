import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainNumber, plainText } from './plain-values.ts'

test('[SIG-29] numbers of a workbook read as plain decimals, without exponent nor floating noise', () => {
  const cases: [number, string][] = [
    [0, '0'],
    [-0, '0'],
    [0.1 + 0.2, '0.3'],
    [1234.5, '1234.5'],
    [-13896.7, '-13896.7'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [12345678901234, '12345678901234'],
    [279.99999999999994, '280'],
    [1e-300, `0.${'0'.repeat(299)}1`],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, ''],
  ]
  for (const [value, expected] of cases) assert.equal(plainNumber(value), expected, String(value))
})

test('an amount in cents survives the trip through a float', () => {
  fc.assert(
    fc.property(fc.integer({ min: -999_999_999, max: 999_999_999 }), (amount) => {
      const [whole = '0', fraction = ''] = plainNumber(Math.abs(amount) / 100).split('.')
      assert.equal(Number(whole) * 100 + Number(fraction.padEnd(2, '0')), Math.abs(amount))
    }),
    { seed: 7, numRuns: 500 },
  )
})

test('the other values read as the texts of our formats', () => {
  assert.equal(plainText(true), 'oui')
  assert.equal(plainText(false), 'non')
  assert.equal(plainText(null), '')
  assert.equal(plainText(new Date('2026-10-01T00:00:00Z')), '2026-10-01')
  assert.equal(plainText(new Date(Number.NaN)), '')
  assert.equal(plainText('2026-10-01T00:00:00'), '2026-10-01')
  assert.equal(plainText('0123'), '0123')
})
