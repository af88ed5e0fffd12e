import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import type { Compte } from '../accompagner/fabrique-essai.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from './fabrique-essai.ts'

describe('the directory', () => {
  let essai: EssaiEchanges
  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase())
  })
  after(() => essai.fermer())

  const ajouter = (compte: Compte, organisme: string, champs: Record<string, string | readonly string[]> = {}) =>
    essai.poster(compte, '/annuaire/ajouter', {
      organisme: essai.organismes.get(organisme) ?? '',
      nom: 'Mme Perrin',
      fonction: 'Impayés de loyer',
      telephone: '03 85 00 00 01',
      courriel: '',
      suppleant: '',
      ...champs,
    })
  const fiche = async (nom: string) =>
    new RegExp(`href="(/annuaire/[0-9a-f-]{36})">${nom}`).exec((await essai.lire('caf', '/annuaire')).html)?.[1] ?? ''

  test('[ESP-08] is empty at first and says so; an organisme adds its people, with their substitutes', async () => {
    assert.match((await essai.lire('caf', '/annuaire')).texte, /L’annuaire est vide/)
    assert.equal((await ajouter('caf', 'CAF71', { nom: 'M. Colin' })).statut, 303)
    const colin = (await fiche('M. Colin')).split('/').at(-1) ?? ''
    assert.equal((await ajouter('caf', 'CAF71', { territoires: ['autun'], suppleant: colin })).statut, 303)
    assert.match(
      (await essai.lire('departement', '/annuaire')).texte,
      /Mme Perrin CAF de Saône-et-Loire Impayés de loyer Autun 03 85 00 00 01 M\. Colin/,
    )
  })

  test('[ESP-08] is searched whatever the accents, by territory and organisme', async () => {
    assert.match((await essai.lire('adil', '/annuaire?texte=impayes+PERRIN')).texte, /1 personne .*Mme Perrin/)
    assert.match((await essai.lire('adil', '/annuaire?texte=notaire')).texte, /Aucune personne ne répond/)
    const macon = await essai.lire('adil', '/annuaire?territoire=macon')
    assert.match(macon.texte, /M\. Colin/, 'without a territory, for all of them')
    assert.doesNotMatch(macon.texte, /Mme Perrin CAF/)
  })

  test('[ESP-08] helps to choose readers: those of the territory of the dossier', async () => {
    assert.match(
      (await essai.lire('secretariat', essai.adresse('/fil'))).texte,
      /CAF de Saône-et-Loire M\. Colin \(Impayés de loyer\) ; Mme Perrin \(Impayés de loyer\), suppléance : M\. Colin/,
    )
    assert.match(
      (await essai.lire('secretariat', essai.adresse('/demande'))).texte,
      /Interlocuteurs : CAF de Saône-et-Loire, M\. Colin/,
    )
  })

  test('[ESP-08] is kept by each organisme for itself, and by the secretariat for all', async () => {
    assert.equal((await ajouter('departement', 'CAF71')).statut, 422)
    assert.equal((await ajouter('secretariat', 'CAF71', { nom: 'Mme Secrète' })).statut, 303)
    const perrin = await fiche('Mme Perrin')
    assert.equal((await essai.lire('departement', perrin)).statut, 404)
    assert.equal((await essai.poster('departement', perrin, { acte: 'retirer', version: '1' })).statut, 404)
    assert.equal((await essai.lire('bailleur', '/annuaire')).statut, 403)
    for (const [champs, phrase] of [
      [{ nom: '' }, /Donner le nom/],
      [{ telephone: '', courriel: '' }, /Donner un téléphone ou une adresse/],
      [{ telephone: 'abc' }, /en chiffres/],
      [{ courriel: 'perrin' }, /pas complète/],
    ] as const) {
      const lue = await ajouter('caf', 'CAF71', champs)
      assert.equal(lue.statut, 422)
      assert.match(lue.texte, phrase)
    }
  })

  test('[ESP-08] two people who change the same line both see the two versions', async () => {
    const perrin = await fiche('Mme Perrin')
    const modifier = (compte: Compte, fonction: string) =>
      essai.poster(compte, perrin, {
        version: '1',
        acte: 'enregistrer',
        nom: 'Mme Perrin',
        fonction,
        telephone: '03 85 00 00 01',
        courriel: '',
        suppleant: '',
      })
    assert.equal((await modifier('caf', 'Impayés et FSL')).statut, 303)
    const conflit = await modifier('collegue', 'Surendettement')
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /Mme Perrin, Surendettement/)
    assert.match(conflit.texte, /Mme Perrin, Impayés et FSL/)
    assert.equal((await essai.poster('caf', perrin, { version: '2', acte: 'retirer' })).statut, 303)
    assert.doesNotMatch((await essai.lire('caf', '/annuaire')).texte, /Mme Perrin/)
  })
})
