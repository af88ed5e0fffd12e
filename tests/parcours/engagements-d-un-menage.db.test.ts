import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { tenirLocataires } from '#echanges'
import { openTestDatabase } from '#tests/base'
import { type EssaiEngagements, ouvrirEssaiEngagements } from '../../src/web/engagements/fabrique-essai.ts'

/**
 * Story: a household received a commandement de payer. The CAF took it from the weekly list and owes the charter a diagnosis within two months. The term is over: the
 * CAF sees it first thing, notes the letter it sent, says what prevented the rest, and the secretariat reads who did what. Nobody had to chase anybody.
 */
describe('What the charter expects of the CAF for one household', () => {
  let essai: EssaiEngagements
  before(async () => {
    essai = await ouvrirEssaiEngagements(await openTestDatabase())
  })
  after(() => essai.fermer())

  test('from the queue of the CAF to the page the secretariat reads', async () => {
    const { dossier } = essai
    // The CAF opens its queue: the diagnosis is late.
    const file = await essai.lire('caf', '/engagements')
    assert.match(file.texte, /4 engagements cette semaine, dont 4 en retard/)

    // It notes, in the dossier, the letter it sent: the chronology proves the engagement by itself.
    const note = await essai.poster('caf', `/dossiers/${dossier.reference}/contact`, {
      canal: 'courrier',
      le: '2026-11-19',
      demi_journee: '',
      resultat: 'rendez_vous_propose',
      note: '',
    })
    assert.equal(note.statut, 303, note.texte.slice(0, 400))
    await essai.tenir()
    assert.equal((await essai.tache(dossier, 'caf/14')).etat, 'faite')

    // The household refuses the diagnosis: an impediment, with its reason, is no failure.
    const { id } = await essai.tache(dossier, 'caf/21')
    const page = await essai.lire('caf', `${essai.adresse}/${id}`)
    const empeche = await essai.poster('caf', `${essai.adresse}/${id}`, {
      genre: 'empechee',
      le: '2026-11-19',
      motif: 'refus_du_menage',
      texte: '',
      piece: '',
      vu: /name="vu" value="(\d+)"/.exec(page.html)?.[1] ?? '',
      envoi: randomUUID(),
    })
    assert.equal(empeche.statut, 303)

    // The secretariat reads who owes what, and what was done.
    const vue = await essai.lire('secretariat', `${essai.adresse}?organisme=`)
    assert.match(vue.texte, /Empêché le 19\/11\/2026/)
    assert.match(vue.texte, /1 en retard/)

    // A landlord learns nothing of all this.
    assert.equal((await essai.lire('bailleur', essai.adresse)).statut, 403)
    await essai.enSysteme('dossier.consulter', tenirLocataires)
    const chezLui = await essai.lire('bailleur', '/locataires')
    assert.doesNotMatch(chezLui.texte, /VALMONTE|Courrier|refus/)
  })
})
