import assert from 'node:assert/strict'
import test from 'node:test'
import { renderToStaticMarkup } from 'react-dom/server'
import { Courbe, ecarter, graduer } from './courbe.tsx'

const dessiner = (valeurs: readonly (number | null)[]): string =>
  renderToStaticMarkup(
    <Courbe
      titre="Assignations"
      description="De 2011 à 2014."
      abscisses={[2011, 2012, 2013, 2014]}
      series={[
        {
          cle: 'reel',
          libelle: 'Réalisé',
          trait: 'plein',
          points: valeurs.map((y, rang) => ({ x: 2011 + rang, y })),
        },
      ]}
    />,
  )

test('[IND-68] a year that is not known is a gap that says NC, never a point at zero', () => {
  const svg = dessiner([931, null, 1031, 1126])
  assert.equal(svg.match(/<circle/g)?.length, 3)
  assert.equal(svg.match(/<polyline/g)?.length, 2, 'the line is cut')
  assert.match(svg, />NC<\/text>/)
  const zero = dessiner([931, 0, 1031, 1126])
  assert.equal(zero.match(/<circle/g)?.length, 4, 'a zero is a point')
  assert.doesNotMatch(zero, />NC</)
})

test('the drawing has a title and a description, and neither style nor script', () => {
  const svg = dessiner([931, 935, 1031, 1126])
  assert.match(svg, /role="img" aria-labelledby="courbe-assignations-t" aria-describedby="courbe-assignations-d"/)
  assert.match(svg, /<title id="courbe-assignations-t">Assignations<\/title>/)
  assert.doesNotMatch(svg, / style=|<script/)
})

test('the axis starts at zero and goes past the highest value by round steps', () => {
  assert.deepEqual(graduer(1126), [0, 500, 1000, 1500])
  assert.deepEqual(graduer(44), [0, 20, 40, 60])
  assert.deepEqual(graduer(0), [0, 1])
})

test('labels that would cover one another are moved apart, in the order of their lines', () => {
  assert.deepEqual(ecarter([100, 102, 50], 15), [100, 115, 50])
  assert.deepEqual(ecarter([102, 100], 15), [115, 100])
})
