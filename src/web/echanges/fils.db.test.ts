import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import type { Compte } from '../accompagner/fabrique-essai.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from './fabrique-essai.ts'

const AUTRES: readonly Compte[] = ['departement', 'chalon', 'prefecture', 'adil', 'pilote', 'bailleur']

describe('a thread of a dossier', () => {
  let essai: EssaiEchanges
  let sec = ''
  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase())
    sec = essai.organismes.get('SEC71-AUTUN') ?? ''
  })
  after(() => essai.fermer())
  beforeEach(() => essai.habiliter('CAF71', 'DEP71'))

  const saisie = (changements: Record<string, string | readonly string[]> = {}) => ({
    etape: 'envoyer',
    cercle: '3',
    sujet: 'Versements de la CAF',
    texte: 'Les versements ont repris en octobre.',
    destinataires: [sec],
    envoi: randomUUID(),
    ...changements,
  })
  const ouvrir = async (compte: Compte = 'caf', changements = {}): Promise<string> => {
    const envoi = await essai.poster(compte, essai.adresse('/fil'), saisie(changements))
    assert.equal(envoi.statut, 303, envoi.texte)
    return envoi.vers
  }
  const repondre = (
    compte: Compte,
    fil: string,
    texte: string,
    autres: Record<string, string | readonly string[]> = {},
  ) => essai.poster(compte, fil, { texte, envoi: randomUUID(), ...autres })
  const messages = (fil: string) => essai.compter('message', `fil = '${fil.split('/').at(-1)}'`)

  test('[ESP-05] says in words who will read it before anything is written', async () => {
    const avant = await essai.compter('fil')
    const relire = await essai.poster('caf', essai.adresse('/fil'), saisie({ etape: 'relire' }))
    assert.equal(relire.statut, 200)
    assert.match(
      relire.texte,
      /Qui lira ceci \? 3 personnes : votre organisme, CAF de Saône-et-Loire \(2 personnes\), et Secrétariat CCAPEX Autun et Montceau \(1 personne\)\. Aucun autre organisme ne le lira/,
    )
    assert.match(relire.texte, /Attirer l’attention de \(facultatif\) Camille SECRETARIAT/)
    assert.equal(await essai.compter('fil'), avant, 'nothing is written yet')
    const modifier = await essai.poster('caf', essai.adresse('/fil'), saisie({ etape: 'modifier' }))
    assert.match(modifier.html, /Les versements ont repris en octobre\.<\/textarea>/)
    assert.match(modifier.html, new RegExp(`checked="" value="${sec}"`))
  })

  test('[ESP-03] is read by its recipients, and for the others neither it nor its subject exists', async () => {
    const fil = await ouvrir('caf', { sujet: 'Sujet témoin zibeline', texte: 'Texte témoin zibeline' })
    for (const compte of ['caf', 'collegue', 'secretariat'] as const)
      assert.match((await essai.lire(compte, fil)).texte, /Texte témoin zibeline/, compte)
    for (const compte of AUTRES) {
      const lu = await essai.lire(compte, fil)
      assert.ok(lu.statut === 404 || lu.statut === 403, `${compte} ${lu.statut}`)
      for (const page of [
        essai.adresse(),
        `/dossiers/${essai.dossier.reference}`,
        '/echanges?file=a_lire',
        '/echanges/export.csv?file=a_lire',
      ])
        assert.doesNotMatch((await essai.lire(compte, page)).html, /zibeline/, `${compte} ${page}`)
    }
    assert.match(
      (await essai.lire('secretariat', `/dossiers/${essai.dossier.reference}`)).texte,
      /Sujet témoin zibeline/,
    )
  })

  test('[ESP-05] circle 2 goes to the secretariat and the State only, circle 3 to the organismes engaged', async () => {
    const prefecture = essai.organismes.get('PREF71') ?? ''
    const departement = essai.organismes.get('DEP71') ?? ''
    const adil = essai.organismes.get('ADIL71') ?? ''
    assert.equal(
      (await essai.poster('caf', essai.adresse('/fil'), saisie({ destinataires: [prefecture] }))).statut,
      422,
    )
    assert.equal((await essai.poster('caf', essai.adresse('/fil'), saisie({ destinataires: [adil] }))).statut, 422)
    assert.equal(
      (await essai.poster('caf', essai.adresse('/fil'), saisie({ cercle: '2', destinataires: [departement] }))).statut,
      422,
    )
    const fil = await ouvrir('caf', { cercle: '2', destinataires: [prefecture] })
    assert.match((await essai.lire('prefecture', fil)).texte, /2\. Transmission aux services instructeurs/)
    assert.equal((await essai.lire('secretariat', fil)).statut, 404, 'the secretariat was not named')
  })

  test('[ESP-05] a form without a subject, a text or a reader is kept and says what is missing', async () => {
    for (const [champs, phrase] of [
      [{ sujet: '' }, /Donner un sujet/],
      [{ texte: '  ' }, /Écrire le message/],
      [{ destinataires: [] }, /Choisir au moins un organisme/],
      [{ texte: 'x'.repeat(4001) }, /Raccourcir à 4000 caractères/],
      [{ envoi: 'faux' }, /incomplet/],
    ] as const) {
      const lu = await essai.poster('caf', essai.adresse('/fil'), saisie(champs))
      assert.equal(lu.statut, 422)
      assert.match(lu.texte, phrase)
    }
    const etranger = await essai.idDe('adil')
    const attire = await essai.poster('caf', essai.adresse('/fil'), saisie({ attention: [etranger] }))
    assert.equal(attire.statut, 422, 'nobody is named who does not read')
  })

  test('[ESP-05] the same form sent twice opens one thread and writes one message', async () => {
    const envoi = randomUUID()
    const fil = await ouvrir('caf', { envoi })
    assert.equal(await ouvrir('caf', { envoi }), fil)
    assert.equal(await messages(fil), 1)
    const suite = randomUUID()
    for (let fois = 0; fois < 2; fois++)
      assert.equal((await repondre('secretariat', fil, 'Merci', { envoi: suite })).statut, 303)
    await Promise.all(
      [1, 2].map(() => repondre('secretariat', fil, 'Ensemble', { envoi: '11111111-1111-4111-8111-111111111111' })),
    )
    assert.equal(await messages(fil), 3)
  })

  test('[ESP-05] who loses the dossier loses the thread at the next request, and finds it again with it', async () => {
    const fil = await ouvrir('caf', { texte: 'Avant la perte hermine' })
    await essai.habiliter('DEP71')
    assert.equal((await essai.lire('caf', fil)).statut, 404)
    assert.equal((await repondre('caf', fil, 'Encore là ?')).statut, 404)
    assert.doesNotMatch((await essai.lire('caf', '/echanges?file=a_lire')).html, /hermine/)
    assert.match((await essai.lire('secretariat', fil)).texte, /hermine/, 'those who keep it still read')
    await essai.habiliter('CAF71')
    assert.match((await essai.lire('caf', fil)).texte, /hermine/)
  })

  test('[ESP-05] no act is open to whoever is not a reader', async () => {
    const fil = await ouvrir('caf')
    const id = fil.split('/').at(-1)
    const { rows } = await essai.application.base.pool.query('select id from message where fil = $1', [id])
    const retrait = `${fil}/messages/${rows[0].id}/retirer`
    const actes: readonly (readonly [string, Record<string, string>])[] = [
      [fil, { texte: 'Intrus', envoi: randomUUID() }],
      [`${fil}/lecteurs`, { organisme: essai.organismes.get('DEP71') ?? '', motif: 'Intrus' }],
      [retrait, { motif: 'Intrus' }],
    ]
    let essayes = 0
    for (const compte of AUTRES)
      for (const [adresse, champs] of actes) {
        const lu = await essai.poster(compte, adresse, champs)
        assert.ok(lu.statut === 404 || lu.statut === 403, `${compte} ${adresse} ${lu.statut}`)
        essayes += 1
      }
    assert.equal(essayes, 18)
    assert.equal(
      (await essai.poster('secretariat', retrait, { motif: 'Pas le mien' })).statut,
      404,
      'a reader is not its author',
    )
    assert.equal((await essai.poster('collegue', retrait, { motif: 'Pas le mien' })).statut, 404, 'nor a colleague')
    assert.equal(await messages(fil), 1)
  })

  test('[ESP-05] one’s own message is withdrawn: a line stays, its words are read by nobody; a correction is a new message', async () => {
    const fil = await ouvrir('caf', { texte: 'Mauvais ménage belette' })
    const page = await essai.lire('caf', fil)
    const retirer = /href="([^"]+\/retirer)"/.exec(page.html)?.[1] ?? ''
    assert.match((await essai.lire('caf', retirer)).texte, /Personne ne le lira plus/)
    assert.equal((await essai.poster('caf', retirer, { motif: '' })).statut, 422)
    const corrige = /corrige=([0-9a-f-]+)/.exec(page.html)?.[1] ?? ''
    assert.match((await essai.lire('caf', `${fil}?corrige=${corrige}`)).html, /Mauvais ménage belette<\/textarea>/)
    await repondre('caf', fil, 'Le bon texte', { corrige })
    assert.equal((await essai.poster('caf', retirer, { motif: 'Erreur de dossier' })).statut, 303)
    for (const compte of ['caf', 'secretariat'] as const) {
      const lu = await essai.lire(compte, fil)
      assert.doesNotMatch(lu.html, /belette/, compte)
      assert.match(lu.texte, /Message retiré par Camille CAF le 20\/11\/2026 à 9 h 00\. Motif : Erreur de dossier/)
      assert.match(lu.texte, /corrige le message 1/)
    }
    assert.equal((await essai.poster('caf', retirer, { motif: 'Encore' })).statut, 303, 'already withdrawn')
  })

  test('[ESP-05] a reader added later is an act with its reason, and says what will be read', async () => {
    const fil = await ouvrir('caf', { texte: 'Depuis le premier mot martre' })
    const departement = essai.organismes.get('DEP71') ?? ''
    const proposer = await essai.lire('secretariat', `${fil}/lecteurs`)
    assert.match(proposer.texte, /Ce que cet organisme lira : 1 message déjà écrit, depuis le premier/)
    assert.equal((await essai.lire('departement', fil)).statut, 404)
    assert.equal(
      (await essai.poster('secretariat', `${fil}/lecteurs`, { organisme: departement, motif: '' })).statut,
      422,
    )
    const adil = essai.organismes.get('ADIL71') ?? ''
    assert.equal(
      (await essai.poster('secretariat', `${fil}/lecteurs`, { organisme: adil, motif: 'Hors dossier' })).statut,
      422,
    )
    const ajout = { organisme: departement, motif: 'Le service social prend la suite' }
    assert.equal((await essai.poster('secretariat', `${fil}/lecteurs`, ajout)).statut, 303)
    assert.match(
      (await essai.lire('departement', fil)).texte,
      /martre.*Lecteurs ajoutés Service social départemental, par Camille SECRETARIAT le .* Motif : Le service social/,
    )
    assert.equal((await essai.poster('secretariat', `${fil}/lecteurs`, ajout)).statut, 422, 'once')
  })

  test('[ESP-03] [ESP-05] what is unread is counted, attention is asked for, and the author sees who read and when', async () => {
    const personne = await essai.idDe('secretariat')
    const fil = await ouvrir('caf', { sujet: 'À lire vite', attention: [personne] })
    const boite = await essai.lire('secretariat', '/echanges?file=a_lire')
    assert.match(boite.texte, /À lire vite.*1 message.*à votre attention/)
    assert.doesNotMatch((await essai.lire('caf', fil)).texte, /Lu par Secrétariat/)
    assert.match((await essai.lire('secretariat', fil)).texte, /À l’attention de Camille SECRETARIAT/)
    assert.doesNotMatch((await essai.lire('secretariat', '/echanges?file=a_lire')).texte, /À lire vite/)
    assert.match(
      (await essai.lire('caf', fil)).texte,
      /Lu par Secrétariat CCAPEX Autun et Montceau \(Camille SECRETARIAT, le 20\/11\/2026 à 9 h 00\)/,
    )
  })

  test('[ACC-13] each act and each reading is in the journal, with the dossier and without a word of what was written', async () => {
    const { rows: debut } = await essai.application.base.pool.query('select coalesce(max(id), 0) as n from journal')
    const fil = await ouvrir('caf', { sujet: 'Loutre', texte: 'Loutre' })
    await essai.lire('secretariat', fil)
    await repondre('secretariat', fil, 'Loutre')
    const { rows } = await essai.application.base.pool.query(
      'select action, dossiers::text[] as dossiers, details::text as details from journal where id > $1',
      [debut[0].n],
    )
    for (const action of ['fil.ouvrir', 'fil.lire', 'fil.repondre'])
      assert.ok(
        rows.some((ligne) => ligne.action === action && ligne.dossiers.includes(essai.dossier.id)),
        action,
      )
    assert.ok(rows.every(({ details }) => !/loutre/i.test(details)))
  })
})
