import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { chargerCalendrier, estJourOuvre } from './calendrier.ts'
import { COMPUTATIONS, calculerTerme, type Duree, decrireComputation, NOMS_COMPUTATION } from './computation.ts'
import { ecrireDuree } from './ecriture.ts'

const calendrier = chargerCalendrier(join(import.meta.dirname, '../../../donnees'))
const le = (texte: string) => Temporal.PlainDate.from(texte)
const depart = fc.integer({ min: 0, max: 40_000 }).map((n) => le('1990-01-01').add({ days: n }))
const valeur = fc.integer({ min: 1, max: 40 })
const nom = fc.constantFrom(...NOMS_COMPUTATION)
const dureeDe = (n: number, computation: (typeof NOMS_COMPUTATION)[number]): Duree => ({
  valeur: n,
  unite: COMPUTATIONS[computation].unites[0],
})

test('cases of the reference table of counting', () => {
  const cas = [
    ['semaines', '2026-11-20', 6, '2027-01-01', '2027-01-04'],
    ['quantieme', '2026-11-20', 2, '2027-01-20', '2027-01-20'],
    ['quantieme', '2026-12-31', 2, '2027-02-28', '2027-03-01'],
    ['quantieme', '2027-12-31', 2, '2028-02-29', '2028-02-29'],
    ['quantieme_sans_report', '2026-09-28', 2, '2026-11-28', '2026-11-28'],
    ['jours_calendaires', '2026-11-20', 15, '2026-12-05', '2026-12-07'],
    ['jours_ouvres', '2026-11-10', 15, '2026-12-02', '2026-12-02'],
    ['jours_ouvres_a_rebours', '2027-01-14', 5, '2027-01-07', '2027-01-07'],
    ['semaines_a_rebours', '2027-01-14', 6, '2026-12-03', '2026-12-03'],
    ['semaines_a_rebours', '2027-02-05', 6, '2026-12-25', '2026-12-24'],
    ['quantieme_a_rebours', '2027-04-30', 2, '2027-02-28', '2027-02-26'],
    ['jours_calendaires_a_rebours', '2027-01-14', 14, '2026-12-31', '2026-12-31'],
    ['jours_d_alerte_a_rebours', '2026-12-15', 15, '2026-11-30', '2026-11-30'],
  ] as const
  for (const [computation, jour, n, brut, reporte] of cas) {
    const terme = calculerTerme(computation, le(jour), dureeDe(n, computation), calendrier)
    assert.deepEqual([String(terme.termeBrut), String(terme.termeReporte)], [brut, reporte], `${computation} ${jour}`)
  }
})

test('a way of counting refuses a unit that is not its own', () => {
  assert.throws(
    () => calculerTerme('quantieme', le('2026-01-01'), { valeur: 6, unite: 'semaines' }, calendrier),
    RangeError,
  )
})

test('units are kept: six weeks, 42 days and a month and a half are not written alike', () => {
  assert.deepEqual(
    [
      { valeur: 6, unite: 'semaines' },
      { valeur: 42, unite: 'jours' },
      { valeur: 1, unite: 'mois' },
      { valeur: 1, unite: 'jours_ouvres' },
    ].map((duree) => ecrireDuree(duree as Duree)),
    ['6 semaines', '42 jours', '1 mois', '1 jour ouvré'],
  )
})

test('a term lies on the right side of the start, and its move is short, on the right side, to a worked day', () => {
  fc.assert(
    fc.property(nom, depart, valeur, (computation, jour, n) => {
      const { sens, report } = decrireComputation(computation)
      const { termeBrut, termeReporte } = calculerTerme(computation, jour, dureeDe(n, computation), calendrier)
      assert.equal(Temporal.PlainDate.compare(termeBrut, jour), sens === 'apres' ? 1 : -1)
      const ecart = termeBrut.until(termeReporte).days
      if (report === 'aucun') return assert.equal(ecart, 0)
      assert.ok(estJourOuvre(calendrier, termeReporte))
      assert.ok(report === 'suivant' ? ecart >= 0 && ecart <= 4 : ecart <= 0 && ecart >= -4)
      assert.equal(ecart === 0, estJourOuvre(calendrier, termeBrut))
    }),
  )
})

test('starting later never ends earlier', () => {
  fc.assert(
    fc.property(nom, depart, valeur, fc.integer({ min: 0, max: 400 }), (computation, jour, n, plus) => {
      const duree = dureeDe(n, computation)
      const tot = calculerTerme(computation, jour, duree, calendrier)
      const tard = calculerTerme(computation, jour.add({ days: plus }), duree, calendrier)
      assert.ok(Temporal.PlainDate.compare(tot.termeBrut, tard.termeBrut) <= 0)
      assert.ok(Temporal.PlainDate.compare(tot.termeReporte, tard.termeReporte) <= 0)
    }),
  )
})

test('months end on the same day of the month, or on its last day', () => {
  fc.assert(
    fc.property(fc.constantFrom('quantieme' as const, 'quantieme_a_rebours' as const), depart, valeur, (c, jour, n) => {
      const { termeBrut } = calculerTerme(c, jour, { valeur: n, unite: 'mois' }, calendrier)
      assert.ok(termeBrut.day === jour.day || (termeBrut.day < jour.day && termeBrut.day === termeBrut.daysInMonth))
      const mois = (termeBrut.year - jour.year) * 12 + termeBrut.month - jour.month
      assert.equal(Math.abs(mois), n)
    }),
  )
})

test('worked days are exactly counted, the starting day left out', () => {
  fc.assert(
    fc.property(depart, valeur, fc.boolean(), (jour, n, rebours) => {
      const computation = rebours ? 'jours_ouvres_a_rebours' : 'jours_ouvres'
      const { termeBrut } = calculerTerme(computation, jour, { valeur: n, unite: 'jours_ouvres' }, calendrier)
      let compte = 0
      for (let d = jour; !d.equals(termeBrut); ) {
        d = d.add({ days: rebours ? -1 : 1 })
        if (estJourOuvre(calendrier, d)) compte += 1
      }
      assert.equal(compte, n)
      assert.ok(estJourOuvre(calendrier, termeBrut))
    }),
  )
})

test('six weeks are 42 days, whatever changes of hour lie between', () => {
  fc.assert(
    fc.property(depart, (jour) => {
      const { termeBrut } = calculerTerme('semaines', jour, { valeur: 6, unite: 'semaines' }, calendrier)
      assert.equal(jour.until(termeBrut).days, 42)
      assert.equal(termeBrut.dayOfWeek, jour.dayOfWeek)
    }),
  )
})
