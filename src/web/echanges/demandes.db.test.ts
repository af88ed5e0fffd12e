import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import type { Compte } from '../accompagner/fabrique-essai.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from './fabrique-essai.ts'

describe('a request to a partner', () => {
  let essai: EssaiEchanges
  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase())
  })
  after(() => essai.fermer())
  beforeEach(() => essai.habiliter('CAF71', 'DEP71'))

  const demander = (changements: Record<string, string> = {}, compte: Compte = 'secretariat') =>
    essai.poster(compte, essai.adresse('/demande'), {
      destinataire: essai.organismes.get('CAF71') ?? '',
      genre: 'versements',
      texte: 'Pouvez-vous confirmer les versements depuis septembre ?',
      avant: '2026-11-27',
      envoi: randomUUID(),
      ...changements,
    })
  const ouvrir = async (changements: Record<string, string> = {}, compte: Compte = 'secretariat') => {
    const envoi = await demander(changements, compte)
    assert.equal(envoi.statut, 303, envoi.texte)
    return envoi.vers
  }
  const agir = (compte: Compte, demande: string, acte: string, champs: Record<string, string> = {}) =>
    essai.poster(compte, demande, { acte, ...champs })

  test('[ESP-05] [ESP-06] is what its partner sees first, and its author sees it waiting', async () => {
    await ouvrir({ texte: 'Question témoin vison' })
    const boite = await essai.lire('caf', '/echanges')
    assert.match(boite.texte, /Échanger : 1 demande attend votre réponse/)
    assert.match(boite.html, /<a [^>]*aria-current="page"[^>]*>À répondre/)
    assert.match(boite.texte, /ORSETTI Yanis .* Confirmer des versements Question témoin vison/)
    assert.match(boite.texte, /Échanger 1 à traiter/, 'and the banner counts it')
    assert.match(
      (await essai.lire('secretariat', '/echanges')).texte,
      /En attente chez les autres.*Question témoin vison.*CAF de Saône-et-Loire doit répondre/,
    )
    const csv = await essai.lire('caf', '/echanges/export.csv?file=a_repondre')
    assert.match(csv.octets.toString(), /Question témoin vison/)
    for (const compte of ['departement', 'chalon', 'prefecture', 'adil'] as const)
      for (const page of [
        '/echanges?file=a_repondre',
        '/echanges?file=en_attente',
        '/echanges/export.csv?file=en_attente',
        essai.adresse(),
      ])
        assert.doesNotMatch((await essai.lire(compte, page)).html, /vison/, `${compte} ${page}`)
  })

  test('[ESP-05] is answered by the organisme asked, once; its author then reads the answer', async () => {
    const demande = await ouvrir()
    assert.equal((await agir('secretariat', demande, 'repondre', { reponse: 'À votre place' })).statut, 404)
    assert.equal((await agir('caf', demande, 'repondre', { reponse: '' })).statut, 422)
    assert.equal(
      (await agir('caf', demande, 'repondre', { reponse: 'Deux versements, octobre et novembre' })).statut,
      303,
    )
    const lue = await essai.lire('secretariat', demande)
    assert.match(
      lue.texte,
      /répondue.*Réponse Camille CAF, CAF de Saône-et-Loire, le 20\/11\/2026 à 9 h 00 : Deux versements/,
    )
    assert.doesNotMatch(lue.texte, /Relancer/)
    assert.doesNotMatch((await essai.lire('caf', '/echanges?file=a_repondre')).texte, /octobre et novembre/)
  })

  test('[ESP-05] two colleagues do not answer over each other: the second sees both texts', async () => {
    const demande = await ouvrir()
    await agir('caf', demande, 'repondre', { reponse: 'Première réponse' })
    const seconde = await agir('collegue', demande, 'repondre', { reponse: 'Seconde réponse' })
    assert.equal(seconde.statut, 409)
    assert.match(seconde.texte, /Entre-temps, cette demande a reçu une réponse/)
    assert.match(seconde.texte, /Seconde réponse/)
    assert.match(seconde.texte, /Première réponse/)
    const id = demande.split('/').at(-1)
    assert.equal(await essai.compter('demande_acte', `demande = '${id}' and genre = 'repondue'`), 1)
  })

  test('[ESP-05] is refused with a reason, or taken back by its author', async () => {
    const refusee = await ouvrir()
    assert.equal((await agir('caf', refusee, 'refuser', { refus: '' })).statut, 422)
    assert.equal((await agir('caf', refusee, 'refuser', { refus: 'Pas notre allocataire' })).statut, 303)
    assert.match(
      (await essai.lire('secretariat', refusee)).texte,
      /refusée.*Refus Camille CAF.* : Pas notre allocataire/,
    )
    const retiree = await ouvrir()
    assert.equal((await agir('caf', retiree, 'retirer', { retrait: 'Pas la mienne' })).statut, 404)
    assert.equal((await agir('secretariat', retiree, 'retirer', { retrait: 'Réglé par téléphone' })).statut, 303)
    assert.match((await essai.lire('caf', retiree)).texte, /retirée.*Réglé par téléphone/)
    assert.equal((await agir('caf', retiree, 'repondre', { reponse: 'Trop tard' })).statut, 409)
  })

  test('[ESP-06] is late once its date is past, and its author reminds at most once a day', async () => {
    const demande = await ouvrir({ texte: 'En retard fouine' })
    await essai.application.base.pool.query("update demande set avant = '2026-11-18' where id = $1", [
      demande.split('/').at(-1),
    ])
    assert.match((await essai.lire('caf', '/echanges')).texte, /dont 1 en retard/)
    assert.match((await essai.lire('secretariat', '/echanges?file=en_retard')).texte, /fouine/)
    assert.equal((await agir('caf', demande, 'relancer')).statut, 404)
    assert.equal((await agir('secretariat', demande, 'relancer')).statut, 303)
    const encore = await agir('secretariat', demande, 'relancer')
    assert.equal(encore.statut, 422)
    assert.match(encore.texte, /déjà été relancée depuis moins d’un jour/)
    assert.match((await essai.lire('caf', '/echanges?file=en_retard')).texte, /1 relance/)
  })

  test('[ESP-06] the most pressing stands first, and filters narrow what is shown and exported', async () => {
    await ouvrir({ texte: 'Plus tard', avant: '2026-12-20', genre: 'piece' })
    await ouvrir({ texte: 'Tout de suite', avant: '2026-11-21', genre: 'avis' })
    const { html, texte } = await essai.lire('caf', '/echanges?file=a_repondre')
    assert.ok(html.indexOf('Tout de suite') < html.indexOf('Plus tard'))
    assert.match(texte, /Donner un avis/)
    const filtre = await essai.lire('caf', '/echanges?file=a_repondre&genre=piece')
    assert.match(filtre.html, /Plus tard/)
    assert.doesNotMatch(filtre.html, /Tout de suite/)
    const csv = (await essai.lire('caf', '/echanges/export.csv?file=a_repondre&genre=piece')).octets.toString()
    assert.match(csv, /Plus tard/)
    assert.doesNotMatch(csv, /Tout de suite/)
    const vide = await essai.lire('caf', '/echanges?file=a_repondre&genre=presence')
    assert.match(vide.texte, /Rien à répondre Rien ne répond à ces filtres/)
  })

  test('[ESP-05] goes only to an organisme of the dossier, with a date to come, and once', async () => {
    for (const [champs, phrase] of [
      [{ destinataire: essai.organismes.get('MH71') ?? '' }, /n’est pas engagé sur ce dossier/],
      [{ destinataire: '' }, /Choisir l’organisme/],
      [{ genre: 'inventé' }, /Choisir ce qui est demandé/],
      [{ avant: '2026-11-19' }, /déjà passée/],
      [{ avant: '' }, /Donner la date/],
      [{ texte: '' }, /Écrire la demande/],
    ] as const) {
      const lue = await demander(champs)
      assert.equal(lue.statut, 422)
      assert.match(lue.texte, phrase)
    }
    const envoi = randomUUID()
    assert.equal(await ouvrir({ envoi }), await ouvrir({ envoi }))
    assert.equal(await essai.compter('demande', `envoi = '${envoi}'`), 1)
  })

  test('[ESP-02] to an organisme not engaged: it says what it opens before sending, then invites and sends in one act, once', async () => {
    await essai.habiliter('DEP71')
    assert.equal((await essai.lire('caf', essai.adresse().replace('/echanges', ''))).statut, 404)
    assert.match(
      (await essai.lire('secretariat', essai.adresse('/demande'))).texte,
      /CAF de Saône-et-Loire \(à inviter\)/,
    )
    const [envoi, invites] = [randomUUID(), await essai.compter('participation')]
    const relue = await demander({ envoi, texte: 'Question à relire' })
    assert.equal(relue.statut, 200)
    assert.match(relue.texte, /Ce que la demande lui ouvre .*Il lira .*dette.*Il ne lira pas .*santé/)
    assert.match(relue.texte, /Question à relire/)
    assert.equal(await essai.compter('demande', `envoi = '${envoi}'`), 0, 'nothing is sent yet')
    assert.equal((await essai.lire('caf', essai.adresse().replace('/echanges', ''))).statut, 404)

    // What a partner without a social service would read is said as truly.
    const auFsl = await demander({ envoi: randomUUID(), destinataire: essai.organismes.get('FSL71') ?? '' })
    assert.match(auFsl.texte, /Il lira repères, identité, .*dette.*Il ne lira pas santé, critères/)

    const etape = { envoi, etape: 'inviter', texte: 'Question à relire', jusqu_au: '2027-01-15' }
    const sansMotif = await demander({ ...etape, motif: '' })
    assert.equal(sansMotif.statut, 422)
    assert.match(sansMotif.texte, /Écrire pourquoi cet organisme a besoin/)
    assert.match(sansMotif.texte, /Question à relire/, 'nothing typed is lost')
    assert.equal(await essai.compter('participation'), invites)

    const motif = 'Confirmer les versements'
    const demande = await ouvrir({ ...etape, motif })
    assert.equal(await ouvrir({ ...etape, motif }), demande, 'sent twice, one request and one invitation')
    assert.equal(await essai.compter('participation', "origine = 'demande'"), 1)
    assert.match((await essai.lire('caf', '/echanges')).texte, /Question à relire/)
    assert.equal((await agir('caf', demande, 'repondre', { reponse: 'Deux versements' })).statut, 303)
    assert.match((await essai.lire('secretariat', demande)).texte, /Deux versements/)

    // Whoever may not invite may not do it by a request either.
    const ailleurs = await demander(
      { ...etape, envoi: randomUUID(), motif, destinataire: essai.organismes.get('ADIL71') ?? '' },
      'departement',
    )
    assert.equal(ailleurs.statut, 422)
    assert.match(ailleurs.texte, /demander au secrétariat ou au service en charge/)
    assert.equal(await essai.compter('participation'), invites + 1)
    await essai.application.base.pool.query(
      "update participation set retiree_a = now(), retiree_motif = 'essai' where origine = 'demande'",
    )
  })

  test('[ESP-05] does not exist for the others, nor for whoever lost the dossier', async () => {
    const demande = await ouvrir({ texte: 'Perdue genette' })
    let essayes = 0
    for (const compte of ['departement', 'chalon', 'prefecture', 'adil', 'pilote', 'bailleur'] as const) {
      const lue = await essai.lire(compte, demande)
      assert.ok(lue.statut === 404 || lue.statut === 403, `${compte} ${lue.statut}`)
      for (const acte of ['repondre', 'refuser', 'retirer', 'relancer']) {
        const fait = await agir(compte, demande, acte, { reponse: 'x', refus: 'xxx', retrait: 'xxx' })
        assert.ok(fait.statut === 404 || fait.statut === 403, `${compte} ${acte} ${fait.statut}`)
        essayes += 1
      }
    }
    assert.equal(essayes, 24)
    await essai.habiliter('DEP71')
    assert.equal((await essai.lire('caf', demande)).statut, 404)
    assert.equal((await agir('caf', demande, 'repondre', { reponse: 'x' })).statut, 404)
    assert.doesNotMatch((await essai.lire('caf', '/echanges?file=a_repondre')).html, /genette/)
  })
})
