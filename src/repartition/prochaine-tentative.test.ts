import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { projectRoot } from '#socle/config'
import { type Canal, chargerIssues } from './issues.ts'
import { type ContactPasse, conseillerTentative } from './prochaine-tentative.ts'

const LISTE = chargerIssues(join(projectRoot, 'donnees'))
const JOIGNABLE = { telephone: true, courriel: true }

const contact = (canal: Canal, le: string, reste: Partial<ContactPasse> = {}): ContactPasse => ({
  canal,
  le: Temporal.PlainDate.from(le),
  demi_journee: null,
  aboutie: false,
  resultat: 'sans_reponse',
  ...reste,
})

describe('next best attempt', () => {
  test('[DOS-20] begins with the first means of the published order', () => {
    const conseil = conseillerTentative([], LISTE, JOIGNABLE)
    assert.deepEqual([conseil?.libelle, conseil?.raison], ['Appel, le matin', 'Rien n’a encore été tenté.'])
  })

  test('[DOS-20] tries the other half-day before another means, and says so', () => {
    const conseil = conseillerTentative([contact('appel', '2026-11-10', { demi_journee: 'matin' })], LISTE, JOIGNABLE)
    assert.equal(conseil?.libelle, 'Appel, l’après-midi')
    assert.equal(conseil?.raison, 'Appel : tenté 1 fois, jamais l’après-midi.')
  })

  test('[DOS-20] does not propose a means without coordinates, nor a number that leads nowhere', () => {
    assert.equal(conseillerTentative([], LISTE, { telephone: false, courriel: true })?.canal, 'courriel')
    const errone = contact('appel', '2026-11-10', { demi_journee: 'matin', resultat: 'numero_errone' })
    assert.equal(conseillerTentative([errone], LISTE, JOIGNABLE)?.canal, 'sms')
    const rendu = contact('appel', '2026-11-12', { demi_journee: 'matin', resultat: 'message_laisse' })
    assert.equal(conseillerTentative([errone, rendu], LISTE, JOIGNABLE)?.canal, 'appel', 'the newest word counts')
    assert.equal(conseillerTentative([], LISTE, { telephone: null, courriel: null })?.canal, 'appel')
  })

  test('[DOS-20] comes back to what worked, and to the oldest attempt once everything was tried', () => {
    const joint = contact('visite', '2026-10-02', { demi_journee: 'matin', aboutie: true })
    const reprise = conseillerTentative([joint, contact('appel', '2026-11-10')], LISTE, JOIGNABLE)
    assert.deepEqual(
      [reprise?.libelle, reprise?.raison],
      ['Visite à domicile, le matin', 'Ce moyen a permis de joindre le ménage le 02/10/2026.'],
    )
    const errone = contact('visite', '2026-11-12', { resultat: 'numero_errone' })
    assert.notEqual(conseillerTentative([joint, errone], LISTE, JOIGNABLE)?.canal, 'visite', 'it led somewhere once')
    const tout = LISTE.ordre.map(({ canal, demi_journee }, rang) =>
      contact(canal, `2026-10-${String(20 - rang).padStart(2, '0')}`, { demi_journee: demi_journee ?? null }),
    )
    const conseil = conseillerTentative(tout, LISTE, JOIGNABLE)
    assert.equal(conseil?.libelle, 'Visite à domicile, le matin')
    assert.match(conseil?.raison ?? '', /il y a le plus longtemps, le 14\/10\/2026/)
  })
})
