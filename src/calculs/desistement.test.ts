import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AvantAudience, evaluerOpportunite } from './desistement.ts'
import type { ApurementSupportable } from './plan.ts'

const jour = Temporal.PlainDate.from('2026-11-20')
const APUREMENT: ApurementSupportable = {
  etat: 'possible',
  mensualiteMax: 13000,
  duree: 12,
  plan: null,
  resteACouvrir: 0,
  explication: '',
  motifs: [],
}
const CAS: AvantAudience = {
  jour,
  audience: jour.add({ days: 40 }),
  premiere: jour.add({ days: 10 }),
  loyerRepris: true,
  bailleurOuvert: true,
  surendettement: false,
  apurement: APUREMENT,
}
const resultat = (changements: Partial<AvantAudience>) => evaluerOpportunite({ ...CAS, ...changements }).resultat

describe('is a plan worth proposing before the hearing', () => {
  test('[OUT-23] it is when rent is paid again, the plan holds, starts before the hearing, and the landlord listens', () => {
    const { resultat: lu, points } = evaluerOpportunite(CAS)
    assert.equal(lu, 'opportun')
    assert.match(points[0]?.texte ?? '', /dans 40 jours/)
    assert.ok(points.every(({ etat }) => etat === 'acquis'))
  })

  test('[OUT-23] what is unknown is to be asked: it is neither a yes nor a no', () => {
    assert.equal(resultat({ loyerRepris: null }), 'a_preparer')
    assert.equal(resultat({ bailleurOuvert: null }), 'a_preparer')
  })

  test('[OUT-23] what can still be obtained makes it « to prepare »', () => {
    assert.equal(resultat({ loyerRepris: false }), 'a_preparer')
    assert.equal(resultat({ apurement: { ...APUREMENT, etat: 'trop_long' } }), 'a_preparer')
    assert.equal(resultat({ premiere: CAS.audience }), 'a_preparer', 'a payment on the very day proves nothing yet')
    assert.equal(resultat({ premiere: CAS.audience.subtract({ days: 1 }) }), 'opportun')
  })

  test('[OUT-23] what stands in the way is said: refused, impossible, over-indebtedness, hearing held', () => {
    assert.equal(resultat({ bailleurOuvert: false }), 'inopportun')
    assert.equal(resultat({ apurement: { ...APUREMENT, etat: 'impossible' } }), 'inopportun')
    assert.equal(resultat({ surendettement: true }), 'inopportun')
    assert.equal(resultat({ audience: jour }), 'inopportun', 'on the day itself it is too late to sign before')
    assert.equal(resultat({ audience: jour.add({ days: 1 }), premiere: jour }), 'opportun')
  })
})
