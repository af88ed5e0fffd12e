import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import { docx, jpeg, pdf } from '#tests/fichiers'
import type { Compte } from '../accompagner/fabrique-essai.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from './fabrique-essai.ts'

describe('a document of a dossier', () => {
  let essai: EssaiEchanges
  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase())
  })
  after(() => essai.fermer())
  beforeEach(() => essai.habiliter('CAF71', 'DEP71'))

  let rang = 0
  const deposer = (
    changements: Record<string, string | readonly string[]> = {},
    fichier = { nom: 'Décompte.pdf', octets: pdf(`/Rang ${++rang}`) },
    compte: Compte = 'caf',
  ) =>
    essai.deposer(
      compte,
      essai.adresse('/piece'),
      {
        cercle: '3',
        genre: 'decompte',
        date: '2026-11-02',
        destinataires: [essai.organismes.get('SEC71-AUTUN') ?? ''],
        envoi: randomUUID(),
        ...changements,
      },
      fichier,
    )
  const lien = async (compte: Compte = 'caf', page = essai.adresse()) =>
    /href="([^"]+\/pieces\/[0-9a-f-]{36})"/.exec((await essai.lire(compte, page)).html)?.[1] ?? ''

  /** Link of a document by its name: several of the same instant have no order. */
  const lienDe = async (nom: string, compte: Compte = 'caf') =>
    new RegExp(`href="([^"]+/pieces/[0-9a-f-]{36})"(?:(?!href=)[\\s\\S])*?Télécharger ${nom}`).exec(
      (await essai.lire(compte, essai.adresse())).html,
    )?.[1] ?? ''

  test('[ESP-07] is served as an attachment that nothing executes, and its download is journalled', async () => {
    const octets = pdf('/Servie true')
    assert.equal((await deposer({}, { nom: 'Bail & état.pdf', octets })).statut, 303)
    const piece = await lien()
    const lue = await essai.lire('secretariat', piece)
    assert.equal(lue.statut, 200)
    assert.deepEqual(lue.octets, octets)
    assert.match(String(lue.entetes['content-disposition']), /^attachment; filename\*=UTF-8''Bail%20%C3%A9tat\.pdf$/)
    assert.equal(lue.entetes['x-content-type-options'], 'nosniff')
    assert.match(String(lue.entetes['content-security-policy']), /default-src 'none'; sandbox/)
    assert.equal(lue.entetes['cache-control'], 'no-store')
    const { rows } = await essai.application.base.pool.query(
      "select objet_id, dossiers::text[] as dossiers from journal where action = 'piece.telecharger' order by id desc limit 1",
    )
    assert.equal(rows[0].objet_id, piece.split('/').at(-1))
    assert.deepEqual(rows[0].dossiers, [essai.dossier.id])
    const { rows: gardees } = await essai.application.base.pool.query(
      'select p.empreinte, c.octets from piece p join piece_contenu c on c.piece = p.id where p.id = $1',
      [piece.split('/').at(-1)],
    )
    assert.deepEqual(gardees[0].empreinte, createHash('sha256').update(lue.octets).digest())
    assert.ok(!gardees[0].octets.includes('Servie'), 'its bytes are sealed')
  })

  test('[ESP-07] [ESP-03] exists for its readers only, by its list, its name and its bytes', async () => {
    await deposer({}, { nom: 'Décompte ocelot.pdf', octets: pdf('/Ocelot true') })
    const piece = await lien()
    assert.match((await essai.lire('secretariat', essai.adresse())).texte, /Décompte ocelot\.pdf/)
    assert.equal((await essai.lire('collegue', piece)).statut, 200)
    for (const compte of ['departement', 'chalon', 'prefecture', 'adil', 'pilote', 'bailleur'] as const) {
      const lue = await essai.lire(compte, piece)
      assert.ok(lue.statut === 404 || lue.statut === 403, `${compte} ${lue.statut}`)
      assert.doesNotMatch((await essai.lire(compte, essai.adresse())).html, /ocelot/i)
      const retrait = await essai.poster(compte, `${piece}/retirer`, { motif: 'Intrus' })
      assert.ok(retrait.statut === 404 || retrait.statut === 403, `${compte} ${retrait.statut}`)
    }
    await essai.habiliter('DEP71')
    assert.equal((await essai.lire('caf', piece)).statut, 404, 'lost with the dossier')
  })

  test('[ESP-07] joined to a thread or a request, has its readers, and those let in later', async () => {
    const fil = await essai.poster('caf', essai.adresse('/fil'), {
      etape: 'envoyer',
      cercle: '3',
      sujet: 'Avec pièce',
      texte: 'Voici',
      destinataires: [essai.organismes.get('SEC71-AUTUN') ?? ''],
      envoi: randomUUID(),
    })
    const id = fil.vers.split('/').at(-1) ?? ''
    assert.match((await essai.lire('caf', essai.adresse(`/piece?fil=${id}`))).texte, /rejoint le fil « Avec pièce »/)
    const depot = await deposer({ fil: id })
    assert.equal(depot.vers, fil.vers)
    const piece = await lien('caf', fil.vers)
    assert.equal((await essai.lire('secretariat', piece)).statut, 200)
    assert.equal((await essai.lire('departement', piece)).statut, 404)
    await essai.poster('caf', `${fil.vers}/lecteurs`, {
      organisme: essai.organismes.get('DEP71') ?? '',
      motif: 'Prend la suite',
    })
    assert.equal((await essai.lire('departement', piece)).statut, 200)
    const autre = await deposer({ fil: id }, { nom: 'x.pdf', octets: pdf('/Intrus true') }, 'adil')
    assert.equal(autre.statut, 404)
    const demande = await essai.poster('secretariat', essai.adresse('/demande'), {
      destinataire: essai.organismes.get('CAF71') ?? '',
      genre: 'piece',
      texte: 'Le décompte ?',
      avant: '2026-11-30',
      envoi: randomUUID(),
    })
    const q = demande.vers.split('/').at(-1) ?? ''
    assert.equal((await deposer({ demande: q })).statut, 303)
    const jointe = await lien('secretariat', demande.vers)
    assert.equal((await essai.lire('secretariat', jointe)).statut, 200)
    assert.equal((await essai.lire('departement', jointe)).statut, 404)
    assert.equal((await deposer({ demande: q }, undefined, 'departement')).statut, 404)
  })

  test('[ESP-07] withdrawn, keeps its line and its reason, and is served to nobody', async () => {
    await deposer({}, { nom: 'Mauvais dossier.pdf', octets: pdf('/Retire true') })
    const piece = await lien()
    assert.equal((await essai.poster('secretariat', `${piece}/retirer`, { motif: 'Pas la mienne' })).statut, 404)
    assert.equal((await essai.poster('caf', `${piece}/retirer`, { motif: '' })).statut, 422)
    assert.equal((await essai.poster('collegue', `${piece}/retirer`, { motif: 'Autre ménage' })).statut, 303)
    for (const compte of ['caf', 'secretariat'] as const) {
      assert.equal((await essai.lire(compte, piece)).statut, 404, compte)
      assert.match(
        (await essai.lire(compte, essai.adresse())).texte,
        /Pièce retirée le 20\/11\/2026 à 9 h 00\. Motif : Autre ménage/,
      )
    }
    assert.equal(
      await essai.compter('piece_contenu', `piece = '${piece.split('/').at(-1)}'`),
      0,
      'its bytes are destroyed',
    )
  })

  test('[ESP-07] shown for a time, is found by its readers until that day, and by its own organisme after', async () => {
    const passee = await deposer({ visible_jusqu_au: '2026-11-19' })
    assert.equal(passee.statut, 422)
    assert.match(passee.texte, /Ce jour est passé/)
    assert.equal(
      (await deposer({ visible_jusqu_au: '2026-11-20' }, { nom: 'Lynx.pdf', octets: pdf('/Lynx true') })).statut,
      303,
    )
    const piece = await lienDe('Lynx.pdf')
    assert.equal((await essai.lire('secretariat', piece)).statut, 200, 'the last day counts')
    assert.match((await essai.lire('secretariat', essai.adresse())).texte, /Lynx\.pdf.*jusqu’au 20\/11\/2026/)
    await essai.application.base.pool.query(`update piece set visible_jusqu_au = '2026-11-19' where id = $1`, [
      piece.split('/').at(-1),
    ])
    assert.equal((await essai.lire('secretariat', piece)).statut, 404)
    assert.doesNotMatch((await essai.lire('secretariat', essai.adresse())).texte, /Lynx\.pdf/)
    assert.equal((await essai.lire('collegue', piece)).statut, 200)
  })

  test('[ESP-06] [ESP-07] deposited for an organisme outside a thread, waits in « À lire » until each person opens it', async () => {
    await essai.application.base.pool.query(
      'insert into piece_lue select dept, id, $1, organisme, now() from piece on conflict do nothing',
      [await essai.idDe('secretariat')],
    )
    await deposer({}, { nom: 'Caracal.pdf', octets: pdf('/Caracal true') })
    const boite = () => essai.lire('secretariat', '/echanges?file=a_lire')
    assert.match(
      (await boite()).texte,
      /À lire.*Pièces déposées pour vous.*Décompte de la dette Caracal\.pdf CAF de Saône-et-Loire/,
    )
    assert.match(
      (await essai.lire('secretariat', '/echanges/export.csv?file=a_lire')).octets.toString(),
      /Pièce : Décompte de la dette/,
    )
    assert.doesNotMatch((await essai.lire('departement', '/echanges?file=a_lire')).html, /Caracal/)
    assert.doesNotMatch(
      (await essai.lire('caf', '/echanges?file=a_lire')).html,
      /Caracal/,
      'its author has nothing to read',
    )
    assert.equal((await essai.lire('secretariat', await lienDe('Caracal.pdf', 'secretariat'))).statut, 200)
    assert.doesNotMatch((await boite()).html, /Caracal/)
  })

  test('[ESP-07] twice the same form or the same file adds nothing, and a hidden copy does not show', async () => {
    const octets = pdf('/Double true')
    const envoi = randomUUID()
    for (let fois = 0; fois < 2; fois++) assert.equal((await deposer({ envoi }, { nom: 'a.pdf', octets })).statut, 303)
    const encore = await deposer({}, { nom: 'b.pdf', octets })
    assert.equal(encore.statut, 422)
    assert.match(encore.texte, /déjà au dossier pour ces lecteurs, sous le nom « a\.pdf »/)
    assert.equal(
      (await deposer({}, { nom: 'a.pdf', octets }, 'departement')).statut,
      303,
      'the CAF’s copy is not theirs to know',
    )
    const hash = createHash('sha256').update(octets).digest('hex')
    assert.equal(await essai.compter('piece', `empreinte_recue = '\\x${hash}'`), 2)
  })

  test('[ESP-07] hostile or nameless, is refused beside its field and nothing is kept', async () => {
    const avant = await essai.compter('piece')
    for (const [nom, octets, phrase] of [
      ['a.pdf', Buffer.from('MZ programme'), /Ce genre de fichier n’est pas accepté/],
      ['a.pdf', docx(), /c’est un fichier texte DOCX/],
      ['a.docx', docx({ 'word/vbaProject.bin': 'x' }), /contient des macros/],
      ['a.pdf', pdf('/OpenAction<</S/JavaScript>>'), /contient un programme/],
      ['a.pdf', Buffer.concat([pdf(), Buffer.alloc(10_000_001)]), /dépasse 10 Mo/],
    ] as const) {
      const lue = await deposer({}, { nom, octets })
      assert.equal(lue.statut, 422)
      assert.match(lue.texte, phrase)
      assert.match(lue.html, /href="#c-fichier"/)
    }
    assert.match((await deposer({ genre: '' })).texte, /Choisir ce qu’est cette pièce/)
    assert.match((await deposer({ destinataires: [] })).texte, /Choisir au moins un organisme/)
    assert.match((await deposer({ date: '2026-12-25' })).texte, /date de la pièce est à venir/)
    assert.equal(await essai.compter('piece'), avant)
  })

  test('[ESP-07] a picture is kept without the place where it was taken', async () => {
    await deposer({}, { nom: 'photo.jpg', octets: jpeg('GPS 46.95') })
    const lue = await essai.lire('secretariat', await lienDe('photo.jpg'))
    assert.equal(lue.statut, 200)
    assert.ok(!lue.octets.includes('GPS'))
  })
})
