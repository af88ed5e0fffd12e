import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  calculerPaques,
  chargerCalendrier,
  estFerie,
  estJourOuvre,
  jourOuvrePrecedent,
  jourOuvreSuivant,
  lireExemplesCalendrier,
  listerFeries,
  trouverTreve,
  verifierExecution,
} from './calendrier.ts'

const donnees = join(import.meta.dirname, '../../../donnees')
const calendrier = chargerCalendrier(donnees)
const le = (texte: string) => Temporal.PlainDate.from(texte)
const annees = fc.integer({ min: 1900, max: 2199 })
const jours = fc.integer({ min: 0, max: 40_000 }).map((n) => le('2000-01-01').add({ days: n }))

test('Easter falls on the Sundays of the printed tables', () => {
  for (const paques of [
    '1961-04-02',
    '2000-04-23',
    '2008-03-23',
    '2011-04-24',
    '2024-03-31',
    '2026-04-05',
    '2027-03-28',
  ]) {
    assert.equal(calculerPaques(le(paques).year).toString(), paques)
  }
})

test('Easter is a Sunday from 22 March to 25 April', () => {
  fc.assert(
    fc.property(annees, (annee) => {
      const paques = calculerPaques(annee)
      const rang = paques.toPlainMonthDay().toString()
      return paques.dayOfWeek === 7 && rang >= '03-22' && rang <= '04-25'
    }),
  )
})

test('every example of jours-feries.yaml is right', () => {
  for (const { annee, id, le: attendu } of lireExemplesCalendrier(donnees).feries) {
    assert.equal(
      listerFeries(calendrier, annee)
        .find((ferie) => ferie.id === id)
        ?.le.toString(),
      attendu.toString(),
    )
  }
})

test('eleven public holidays a year, thirteen in Alsace and Moselle', () => {
  assert.equal(listerFeries(calendrier, 2026).length, 11)
  const alsace = chargerCalendrier(donnees, { alsaceMoselle: true })
  assert.equal(listerFeries(alsace, 2026).length, 13)
  assert.ok(estFerie(alsace, le('2026-04-03')))
  assert.ok(!estFerie(calendrier, le('2026-04-03')))
})

test('worked days: neither weekends nor public holidays, and the nearest ones are found', () => {
  assert.ok(!estJourOuvre(calendrier, le('2026-11-11')))
  assert.ok(!estJourOuvre(calendrier, le('2026-11-21')))
  assert.ok(estJourOuvre(calendrier, le('2026-11-20')))
  fc.assert(
    fc.property(jours, (jour) => {
      const suivant = jourOuvreSuivant(calendrier, jour)
      const precedent = jourOuvrePrecedent(calendrier, jour)
      assert.ok(estJourOuvre(calendrier, suivant) && estJourOuvre(calendrier, precedent))
      assert.equal(suivant.equals(jour), estJourOuvre(calendrier, jour))
      assert.equal(precedent.equals(jour), estJourOuvre(calendrier, jour))
      assert.ok(precedent.until(suivant).days <= 6)
    }),
  )
})

test('[RFP-22] every example of the winter truce is right', () => {
  for (const { execution, possible } of lireExemplesCalendrier(donnees).treves) {
    assert.equal(verifierExecution(calendrier, execution).possible, possible, execution.toString())
  }
})

test('[RFP-22] outside the table of truces the answer is unknown, never yes', () => {
  assert.equal(verifierExecution(calendrier, le('2000-01-15')).possible, null)
  assert.equal(verifierExecution(calendrier, le('2050-01-15')).possible, null)
})

test('[RFP-22] a truce carries its source and tells that nobody checked it', () => {
  const treve = trouverTreve(calendrier, le('2020-05-15'))
  assert.equal(treve?.saison, '2019-2020')
  assert.match(treve?.source.titre ?? '', /2019-2020/)
  assert.equal(treve?.verifieLe, null)
  assert.equal(trouverTreve(calendrier, le('2026-07-14')), null)
})
