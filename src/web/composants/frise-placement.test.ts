import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { couperTexte, espacer, mesurerTexte, placerReperes } from './frise-placement.ts'

const BORNES = { gauche: 0, droite: 1280, niveauxMax: 12 }

describe('labels of the frise', () => {
  test('labels of one level never meet, whatever the marks', () => {
    const reperes = fc
      .uniqueArray(fc.record({ x: fc.integer({ min: 20, max: 1260 }), largeur: fc.integer({ min: 40, max: 260 }) }), {
        minLength: 1,
        maxLength: 16,
        selector: ({ x }) => x,
      })
      .map((liste) => liste.toSorted((a, b) => a.x - b.x))
    fc.assert(
      fc.property(reperes, (liste) => {
        const places = placerReperes(liste, BORNES)
        const zones = liste.map(({ x, largeur }, rang) => {
          const place = places[rang]
          const [debut, fin] = place?.ancre === 'fin' ? [x - largeur, x] : [x, x + largeur]
          return { debut, fin, niveau: place?.niveau ?? null }
        })
        for (const [rang, zone] of zones.entries()) {
          for (const autre of zones.slice(rang + 1)) {
            if (zone.niveau === null || zone.niveau !== autre.niveau) continue
            assert.ok(zone.fin <= autre.debut || autre.fin <= zone.debut, JSON.stringify([zone, autre]))
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('marks far apart stay on the first level, names on the right', () => {
    const places = placerReperes(
      [100, 500, 900].map((x) => ({ x, largeur: 150 })),
      BORNES,
    )
    assert.deepEqual(
      places,
      [100, 500, 900].map(() => ({ ancre: 'debut', niveau: 0 })),
    )
  })

  test('a label that would leave the drawing is written on the other side', () => {
    assert.deepEqual(placerReperes([{ x: 1200, largeur: 150 }], BORNES), [{ ancre: 'fin', niveau: 0 }])
  })

  test('labels avoid the line of today', () => {
    const [avant, apres] = placerReperes(
      [
        { x: 600, largeur: 150 },
        { x: 660, largeur: 150 },
      ],
      { ...BORNES, interdits: [640] },
    )
    assert.equal(avant?.ancre, 'fin')
    assert.equal(apres?.ancre, 'debut')
  })

  test('marks of one day are spread, in order, within bounds, and the others stay put', () => {
    const places = espacer([100, 100, 100, 500], 10, 0, 1000)
    assert.deepEqual(places, [90, 100, 110, 500])
    assert.deepEqual(espacer([2, 2, 998, 999], 10, 0, 1000), [0, 10, 990, 1000])
    assert.deepEqual(espacer([], 10, 0, 100), [])
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 }), (positions) => {
        const etalees = espacer(
          positions.toSorted((a, b) => a - b),
          10,
          0,
          300,
        )
        assert.equal(etalees.length, positions.length)
        for (const [rang, x] of etalees.entries()) {
          assert.ok(x >= -1e-6 && x <= 300 + 1e-6)
          const suivante = etalees[rang + 1]
          if (suivante !== undefined) assert.ok(suivante > x - 1e-6)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a text too wide is cut with an ellipsis, or left out', () => {
    const coupe = couperTexte('Commandement de quitter les lieux', 13.5, 120)
    assert.match(coupe, /^Comm.*…$/)
    assert.ok(mesurerTexte(coupe, 13.5) <= 120)
    assert.equal(couperTexte('Impayé', 13.5, 400), 'Impayé')
    assert.equal(couperTexte('Commandement', 13.5, 8), '')
  })
})
