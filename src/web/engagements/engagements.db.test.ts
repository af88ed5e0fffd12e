import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import { type EssaiEngagements, ouvrirEssaiEngagements } from './fabrique-essai.ts'

describe('« Ce qu’on attend de nous »', () => {
  let essai: EssaiEngagements
  before(async () => {
    essai = await ouvrirEssaiEngagements(await openTestDatabase())
  })
  after(() => essai.fermer())

  test('x', async () => {
    const { rows } = await essai.base.pool.query(
      'select t.engagement, o.code, t.etat, t.cause, t.certitude, t.acces, t.echeance_le::text, t.fait_le::text from engagement_tache t join organisme o on o.id = t.organisme where dossier = $1 order by 1',
      [essai.dossier.id],
    )
    for (const r of rows) console.log(Object.values(r).join(' '))
    const p = await essai.lire('caf', essai.adresse)
    console.log(p.statut, p.texte.slice(0, 4000))
    const q = await essai.lire('caf', '/engagements')
    console.log(q.statut, q.texte.slice(0, 5000))
    const t = await essai.tache(essai.dossier, 'caf/20')
    const r = await essai.lire('caf', `${essai.adresse}/${t.id}`)
    console.log(r.statut, r.texte.slice(0, 5000))
    assert.equal(1, 1)
  })
})
