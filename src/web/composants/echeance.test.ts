import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createElement } from 'react'
import { createRenderer } from '#socle/html'
import { type EcheanceAffichee, ecrireDistance, etatEcheance, PuceEcheance } from './echeance.tsx'

const JOUR = '2026-11-20'

const CAS: readonly (readonly [string, Partial<EcheanceAffichee> & { le: string }, ReturnType<typeof etatEcheance>])[] =
  [
    ['yesterday', { le: '2026-11-19' }, 'depassee'],
    ['today', { le: '2026-11-20' }, 'aujourdhui'],
    ['in seven days', { le: '2026-11-27' }, 'bientot'],
    ['in eight days', { le: '2026-11-28' }, 'plus_tard'],
    ['past but kept', { le: '2026-11-19', tenueLe: '2026-11-12' }, 'tenue'],
    ['kept too late', { le: '2026-11-12', tenueLe: '2026-11-13', retard: 1 }, 'tardive'],
    ['a past terme is not late', { le: '2026-11-19', genre: 'terme' }, 'passee'],
    ['a past terme somebody must keep', { le: '2026-11-19', genre: 'terme', sansPreuve: true }, 'sans_preuve'],
    ['one to come', { le: '2026-11-28', genre: 'terme', sansPreuve: true }, 'plus_tard'],
    ['a terme to come', { le: '2026-11-28', genre: 'terme' }, 'plus_tard'],
    ['two readings, one past', { le: '2026-10-26', autreLe: '2026-11-30' }, 'deux_lectures'],
    ['two readings, the later given first', { le: '2026-11-30', autreLe: '2026-10-26' }, 'deux_lectures'],
    ['two readings, both past', { le: '2026-10-26', autreLe: '2026-11-14' }, 'depassee'],
  ]

const ecrire = createRenderer((text) => text)
const rendre = (echeance: Omit<EcheanceAffichee, 'libelle'>): string =>
  ecrire(createElement(PuceEcheance, { aujourdhui: JOUR, echeance: { libelle: 'Remise au juge', ...echeance } })).html
const texte = (html: string): string => html.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ')

describe('échéance', () => {
  for (const [nom, echeance, attendu] of CAS) {
    test(`${nom}: ${attendu}`, () => assert.equal(etatEcheance(echeance, JOUR), attendu))
  }

  test('the pill says the distance, the date, and where it comes from', () => {
    const html = rendre({
      le: '2026-11-23',
      depart: 'Audience du 14/01/2027',
      calcul: '5 jours ouvrés avant',
      source: 'Décret',
      fiabilite: 'Confirmée',
    })
    assert.match(texte(html), /Échéance proche : Dans 3 j · 23\/11 \(voir la source\)/)
    for (const attendu of ['Départ', 'Audience du 14/01/2027', 'Calcul', 'Source', 'Fiabilité', 'Confirmée'])
      assert.ok(html.includes(attendu), attendu)
  })

  test('what is not known is not written', () => {
    assert.doesNotMatch(rendre({ le: '2026-11-23' }), /Départ|Calcul|Source|Fiabilité/)
  })

  test('doubt is in words: on the pill and in its source', () => {
    const html = rendre({ le: '2026-11-23', aVerifier: true })
    assert.match(texte(html), /à vérifier.*Cette date est à vérifier\./)
    assert.match(texte(rendre({ le: '2026-11-23', reserve: 'Usage local.' })), /Usage local\./)
  })

  test('lateness counts from the last of two readings', () => {
    assert.match(texte(rendre({ le: '2026-10-26', autreLe: '2026-11-14' })), /6 j de retard · 26\/10 ou 14\/11/)
  })

  test('a date of another year is written in full', () => {
    assert.match(texte(rendre({ le: '2028-01-05' })), /05\/01\/2028/)
  })

  test('distances in a sentence', () => {
    assert.equal(ecrireDistance('2026-11-20', JOUR), 'aujourd’hui')
    assert.equal(ecrireDistance('2026-11-21', JOUR), 'demain')
    assert.equal(ecrireDistance('2026-11-18', JOUR), 'il y a 2\u00a0jours')
    assert.equal(ecrireDistance('2026-12-20', JOUR), 'dans 30\u00a0jours')
  })
})
