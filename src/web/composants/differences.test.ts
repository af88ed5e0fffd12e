import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { comparerTextes, type Morceau } from './differences.ts'

const ecrire = (morceaux: readonly Morceau[]): string =>
  morceaux.map(({ texte, differe }) => (differe ? `[${texte}]` : texte)).join('')

const CAS: readonly (readonly [string, string, string, string])[] = [
  ['Sévrine', 'Séverine', 'Sévrine', 'Sév[e]rine'],
  ['04/03/1984', '03/04/1984', '[04/03]/1984', '[03/04]/1984'],
  [
    '12 r. des Forges, apt 21',
    '12 rue des Forges, 2e étage',
    '12 [r.] des Forges, [apt 21]',
    '12 [rue] des Forges, [2e étage]',
  ],
  ['nés en 2014', 'nés en 2014 et 2019', 'nés en 2014', 'nés en 2014 [et 2019]'],
  ['SCI des Tilleuls', 'M. Henri Vassal', '[SCI des Tilleuls]', '[M. Henri Vassal]'],
  ['0418723', '0418273', '0418[72]3', '0418[27]3'],
  ['Lefebvre', 'LEFÈBVRE', 'Lefebvre', 'LEFÈBVRE'],
  ['', 'Autun', '', '[Autun]'],
]

describe('what differs between two values', () => {
  for (const [a, b, attenduA, attenduB] of CAS) {
    test(`[RAP-01] ${a || '(empty)'} and ${b}`, () => {
      const [ma, mb] = comparerTextes(a, b)
      assert.equal(ecrire(ma), attenduA)
      assert.equal(ecrire(mb), attenduB)
    })
  }

  test('[RAP-01] the pieces put together are the values, and equal values do not differ', () => {
    const valeur = fc.stringMatching(/^[a-dé ./1-3]{0,12}$/)
    fc.assert(
      fc.property(valeur, valeur, (a, b) => {
        const [ma, mb] = comparerTextes(a, b)
        assert.equal(ma.map(({ texte }) => texte).join(''), a)
        assert.equal(mb.map(({ texte }) => texte).join(''), b)
        assert.ok(comparerTextes(a, a)[0].every(({ differe }) => !differe))
      }),
      { numRuns: 1500 },
    )
  })
})
