import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import type { Compte } from '../accompagner/fabrique-essai.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from './fabrique-essai.ts'

describe('[REP-25] the directory of support schemes', () => {
  let essai: EssaiEchanges
  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase())
  })
  after(() => essai.fermer())

  const LIGNE = {
    nom: 'Bail glissant',
    public_vise: 'Familles du parc privé',
    etapes: ['assignation'],
    territoires: ['autun'],
    places: '12',
    contact: 'Mme Perrin, 03 85 00 00 00',
    precisions: '',
    constate_le: '2026-11-02',
  }
  const ajouter = (compte: Compte, changements: Record<string, string | string[]> = {}) =>
    essai.poster(compte, '/dispositifs/ajouter', {
      ...LIGNE,
      organisme: essai.organismes.get('ADIL71') ?? '',
      envoi: randomUUID(),
      ...changements,
    })
  const ligne = async () => {
    const { rows } = await essai.application.base.pool.query(
      'select id, version from dispositif order by modifie_a limit 1',
    )
    return rows[0] as { id: string; version: number }
  }

  test('empty, it says so; each organisme writes its own lines, the Département and the secretariat all of them', async () => {
    assert.match((await essai.lire('bailleur', '/dispositifs')).texte, /Le répertoire est vide/)
    const envoi = randomUUID()
    assert.equal((await ajouter('adil', { envoi })).statut, 303)
    assert.equal((await ajouter('adil', { envoi })).statut, 303)
    assert.equal(await essai.compter('dispositif'), 1, 'sent twice, written once')
    const autre = await ajouter('caf')
    assert.equal(autre.statut, 422)
    assert.match(autre.texte, /Choisir votre organisme/)
    for (const compte of ['departement', 'secretariat'] as const)
      assert.equal(
        (await ajouter(compte, { nom: `Médiation ${compte}`, territoires: [], etapes: [], places: '' })).statut,
        303,
      )
    assert.equal((await essai.lire('caf', `/dispositifs/${(await ligne()).id}`)).statut, 404)
  })

  test('what is wrong stays beside its field', async () => {
    for (const [champs, phrase] of [
      [{ nom: '' }, /Donner le nom/],
      [{ public_vise: '' }, /Dire pour qui/],
      [{ contact: '' }, /Dire qui joindre/],
      [{ places: 'douze' }, /Donner un nombre de places/],
      [{ constate_le: '2027-01-01' }, /ne peut pas être à venir/],
    ] as const) {
      const refuse = await ajouter('adil', champs)
      assert.equal(refuse.statut, 422, JSON.stringify(champs))
      assert.match(refuse.texte, phrase)
      assert.match(refuse.html, /Familles du parc privé|Donner|Dire/)
    }
  })

  test('read by all, by public, step and territory, and exported as shown', async () => {
    const tous = await essai.lire('prefecture', '/dispositifs')
    assert.match(tous.texte, /3 dispositifs, 12 places connues/)
    assert.match(
      tous.texte,
      /Bail glissant ADIL de Saône-et-Loire Familles du parc privé Assignation .*12 Mme Perrin, 03 85 00 00 00 02\/11\/2026/,
    )
    const ailleurs = await essai.lire('bailleur', '/dispositifs?etape=impaye')
    assert.doesNotMatch(ailleurs.texte, /Bail glissant/)
    assert.match(ailleurs.texte, /Médiation departement/, 'a line without steps answers for all of them')
    assert.match(
      (await essai.lire('bailleur', '/dispositifs?texte=parc%20prive&etape=assignation')).texte,
      /Bail glissant/,
    )
    const csv = (await essai.lire('bailleur', '/dispositifs/export.csv?texte=glissant')).octets.toString()
    assert.match(csv, /Bail glissant/)
    assert.doesNotMatch(csv, /Médiation/)
  })

  test('it is brought up to date: a line nobody checked for a year says so; two people do not write over each other; withdrawn, it is gone', async () => {
    const { id, version } = await ligne()
    await essai.application.base.pool.query("update dispositif set constate_le = '2025-11-19' where id = $1", [id])
    assert.match(
      (await essai.lire('adil', '/dispositifs?actualiser=oui')).texte,
      /1 dispositif.*à actualiser, 19\/11\/2025/,
    )
    await essai.application.base.pool.query("update dispositif set constate_le = '2025-11-20' where id = $1", [id])
    assert.match((await essai.lire('adil', '/dispositifs?actualiser=oui')).texte, /Aucun dispositif/)
    const organisme = essai.organismes.get('ADIL71') ?? ''
    const actualiser = (compte: Compte, vu: number, nom: string) =>
      essai.poster(compte, `/dispositifs/${id}`, {
        ...LIGNE,
        organisme,
        nom,
        vu: String(vu),
        constate_le: '2026-11-20',
      })
    assert.equal((await actualiser('departement', version, 'Bail glissant 2026')).statut, 303)
    const tard = await actualiser('adil', version, 'Écrit entre-temps')
    assert.equal(tard.statut, 409)
    assert.match(tard.texte, /Écrit entre-temps/)
    assert.match(tard.texte, /Bail glissant 2026/)
    assert.equal((await actualiser('caf', version + 1, 'Pas le mien')).statut, 404)
    assert.equal((await essai.poster('adil', `/dispositifs/${id}/retirer`, { vu: String(version + 1) })).statut, 303)
    assert.doesNotMatch((await essai.lire('adil', '/dispositifs')).texte, /Bail glissant/)
  })
})
