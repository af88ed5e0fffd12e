import assert from 'node:assert/strict'
import test from 'node:test'
import { renderToStaticMarkup } from 'react-dom/server'
import { AxePeriodes, AxePeriodesCourt } from './periodes.tsx'

const commun = {
  id: 'axe',
  titre: 'Versions',
  aujourdhui: '2026-11-20',
  debut: '2012-01-01',
  fin: '2028-12-31',
} as const

const classesDe = (html: string): string[] => [...html.matchAll(/class="(per[^"]*)"/g)].map(([, noms = '']) => noms)

test('a drawing of periods is an image with a title and, in words, every period, its dates and its doubt', () => {
  const html = renderToStaticMarkup(
    <AxePeriodes
      {...commun}
      periodes={[
        { du: '1989-07-08', au: '2023-07-28', libelle: '2 mois' },
        { du: '2023-07-29', au: '2026-12-31', libelle: '6 semaines' },
        { du: '2027-01-01', libelle: '30 jours', incertaine: true },
      ]}
    />,
  )
  assert.match(html, /role="img" aria-labelledby="axe-t axe-d"/)
  assert.match(html, /<title id="axe-t">Versions<\/title>/)
  assert.match(
    html,
    /<desc id="axe-d">2 mois, du 08\/07\/1989 au 28\/07\/2023 ; 6 semaines, du 29\/07\/2023 au 31\/12\/2026 ; 30 jours, à partir du 01\/01\/2027, à vérifier\. Aujourd’hui : 20\/11\/2026\.<\/desc>/,
  )
  assert.deepEqual(classesDe(html), ['per per--passee', 'per', 'per per--doute per--avenir'])
  assert.doesNotMatch(html, / style=/)
})

test('a bar that begins before the drawing is cut, an open one points on, and one that is out of it is not drawn but said', () => {
  const html = renderToStaticMarkup(
    <AxePeriodesCourt
      {...commun}
      periodes={[
        { du: '2000-01-01', au: '2001-12-31', libelle: 'ancienne' },
        { du: '2002-01-01', libelle: 'depuis toujours' },
      ]}
    />,
  )
  assert.equal(classesDe(html).length, 1)
  assert.match(html, /ancienne, du 01\/01\/2000 au 31\/12\/2001/)
  const [, trace = ''] = /class="per" d="([^"]+)"/.exec(html) ?? []
  const lignes = trace.match(/L/g) ?? []
  assert.equal(lignes.length, 3, 'two points: one on each side')
})

test('periods that share days are drawn one above the other, in the same room', () => {
  const hauts = (periodes: Parameters<typeof AxePeriodesCourt>[0]['periodes']) =>
    [
      ...renderToStaticMarkup(<AxePeriodesCourt {...commun} periodes={periodes} />).matchAll(
        /class="per[^"]*" d="M[\d.]+ ([\d.]+)/g,
      ),
    ].map(([, y]) => Number(y))
  const suite = { du: '2020-01-01', au: '2022-12-31', libelle: 'a' }
  assert.deepEqual(hauts([suite, { du: '2023-01-01', libelle: 'b' }]), [4, 4])
  assert.deepEqual(hauts([suite, { ...suite, libelle: 'b' }, { du: '2023-01-01', libelle: 'c' }]), [4, 10, 4])
})

test('today stands where the calendar puts it', () => {
  const x = (aujourdhui: string) => {
    const html = renderToStaticMarkup(<AxePeriodesCourt {...commun} aujourdhui={aujourdhui} periodes={[]} />)
    return Number(/class="auj" d="M([\d.]+) /.exec(html)?.[1])
  }
  assert.equal(x('2012-01-01'), 1)
  assert.equal(x('2028-12-31'), 239)
  assert.ok(Math.abs(x('2020-07-01') - 120) < 1)
  assert.equal(x('2040-01-01'), 239)
})
