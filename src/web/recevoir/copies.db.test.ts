import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { traiterImport } from '#jobs'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { docx, pdf } from '#tests/fichiers'

describe('the copy of an act, beside the line that reports it', () => {
  let essai: EssaiDesCercles
  let lot = ''
  let place = ''
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    const envoye = await essai.poster('commissaire', '/recevoir/signaler', {
      envoi: randomUUID(),
      type: 'commandement_de_payer',
      date_signalement: '18/11/2026',
      date_acte: '16/11/2026',
      nom_usage: 'Vauzelle',
      prenom: 'Agathe',
      adresse: '3 quai du Canal',
      code_postal: '71400',
      commune: 'Autun',
      montant_dette: '2 310,00',
    })
    assert.equal(envoye.statut, 303, envoye.texte)
    const { rows } = await essai.application.base.pool.query("select id from lot where nom like 'saisie-%'")
    lot = rows[0].id
    await traiterImport(essai.application, DEPT, lot)
    place = `/recevoir/${lot}/lignes/2/copie`
  })
  after(() => essai.fermer())

  const joindre = (compte: Compte, nom: string, octets: Buffer, envoi: string = randomUUID()) =>
    essai.poster(compte, place, { envoi }, { nom, octets })
  const lien = async (compte: Compte) =>
    /href="(\/recevoir\/[0-9a-f-]{36}\/copies\/[0-9a-f-]{36})"/.exec((await essai.lire(compte, place)).html)?.[1] ?? ''

  test('[SIG-03] the bailiff attaches it once, sealed; the secretariat reads it from the line of the dossier, byte for byte', async () => {
    const octets = pdf('/Acte zqcopie')
    const depot = await essai.lire('commissaire', `/recevoir/${lot}?tout=oui`)
    assert.match(depot.texte, /Joindre la copie de l’acte/)
    const envoi = randomUUID()
    for (let fois = 0; fois < 2; fois += 1)
      assert.equal((await joindre('commissaire', 'Acte Vauzelle.pdf', octets, envoi)).statut, 303)
    assert.match((await essai.lire('commissaire', place)).texte, /Acte Vauzelle\.pdf/)
    const { rows } = await essai.application.base.pool.query('select nom, octets from copie_acte')
    assert.equal(rows.length, 1, 'sent twice, kept once')
    assert.doesNotMatch(`${rows[0].nom}${rows[0].octets.toString('latin1')}`, /Vauzelle|zqcopie/)
    const lue = await essai.lire('secretariat', await lien('secretariat'))
    assert.equal(lue.statut, 200)
    assert.deepEqual(lue.octets, octets)
    const { rows: traces } = await essai.application.base.pool.query(
      "select cardinality(dossiers) as n from journal where action = 'copie.telecharger' order by id desc limit 1",
    )
    assert.equal(traces[0].n, 1, 'the reading is journalled with its dossier')
    assert.match((await essai.lire('secretariat', `/recevoir/${lot}/lignes/2`)).texte, /1 copie de l’acte jointe/)
  })

  test('[SIG-03] no other organisme finds it, neither its page nor its bytes', async () => {
    const adresse = await lien('commissaire')
    assert.notEqual(adresse, '')
    for (const compte of ['bailleur', 'autreBailleur', 'caf', 'adil', 'auteure', 'pilote'] as const)
      for (const une of [adresse, place])
        assert.match(String((await essai.lire(compte, une)).statut), /40[34]/, `${compte} ${une}`)
    assert.match(String((await joindre('bailleur', 'a.pdf', pdf('/B true'))).statut), /40[34]/)
  })

  test('[SIG-03] what is not a copy of an act is refused, with what to do; withdrawn, its bytes are destroyed', async () => {
    const texte = await joindre('commissaire', 'acte.docx', docx())
    assert.equal(texte.statut, 422)
    assert.match(texte.texte, /La copie d’un acte est un PDF ou une image/)
    const actif = await joindre('commissaire', 'acte.pdf', pdf('/OpenAction << /S /JavaScript /JS (x) >>'))
    assert.equal(actif.statut, 422)
    assert.match(actif.texte, /L’imprimer en PDF simple/)
    const encore = await joindre('commissaire', 'Autre nom.pdf', pdf('/Acte zqcopie'))
    assert.equal(encore.statut, 409)
    const adresse = await lien('commissaire')
    const retrait = await essai.poster('commissaire', `${place}/${adresse.split('/').at(-1)}/retirer`, {})
    assert.equal(retrait.statut, 303)
    assert.equal((await essai.lire('secretariat', adresse)).statut, 404)
    const { rows } = await essai.application.base.pool.query('select octets from copie_acte')
    assert.deepEqual(rows, [{ octets: null }])
  })
})
