import assert from 'node:assert/strict'
import test from 'node:test'
import { anneesConnues, type Cible, dureeEnAnnees, serieDe, tracerCible } from './trajectoire.ts'

const jour = Temporal.PlainDate.from
const cible = (rythme: Cible['rythme'], baisse: number): Cible => ({
  id: 'essai',
  libelle: 'Essai',
  indicateurs: ['assignations'],
  baisse_pour_cent: baisse,
  rythme,
  base: 2019,
  reference: '§ 4.1',
})
const base = { annee: 2019, valeur: 960 }

test('[IND-69] [IND-70] five per cent a year for six years has two readings, and neither is twenty per cent', () => {
  const [composee, lineaire] = tracerCible(cible('annuel', 5), base, 6)
  assert.equal(composee?.lecture, 'composee')
  assert.equal(lineaire?.lecture, 'lineaire')
  assert.equal(composee?.chute.toFixed(3), '0.265')
  assert.equal(lineaire?.chute.toFixed(3), '0.300')
  assert.deepEqual(
    composee?.points.map(({ valeur }) => Math.round(valeur)),
    [960, 912, 866, 823, 782, 743, 706],
  )
  assert.equal(Math.round(lineaire?.points.at(-1)?.valeur ?? 0), 672)
  const [terme, ...autres] = tracerCible(cible('duree_de_la_charte', 20), base, 6)
  assert.deepEqual([Math.round(terme?.points.at(-1)?.valeur ?? 0), terme?.points.at(-1)?.annee], [768, 2025])
  assert.deepEqual(autres, [])
})

test('a fall never goes below zero', () => {
  const [, lineaire] = tracerCible(cible('annuel', 30), base, 6)
  assert.equal(lineaire?.points.at(-1)?.valeur, 0)
})

test('[IND-68] « NC » stays unknown: it is neither zero nor a base', () => {
  const historique = {
    annees: [2011, 2012, 2013],
    lignes: [{ indicateur: 'reunions', valeurs: ['NC' as const, 0, 22] }],
  }
  const serie = serieDe(historique as never, 'reunions')
  assert.deepEqual(
    serie?.points.map(({ valeur }) => valeur),
    [null, 0, 22],
  )
  assert.deepEqual(serie && anneesConnues(serie).map(({ annee }) => annee), [2012, 2013])
  assert.equal(serieDe(historique as never, 'autre'), null)
})

test('a document lasts what it says, else the whole years between its dates, else nobody knows', () => {
  assert.equal(dureeEnAnnees({ duree: { annees: 6 }, du: jour('2021-01-25'), jusqu_au: jour('2027-01-25') }), 6)
  assert.equal(dureeEnAnnees({ du: jour('2021-01-25'), jusqu_au: jour('2024-01-24') }), 2)
  assert.equal(dureeEnAnnees({ du: jour('2018-01-01') }), null)
})
