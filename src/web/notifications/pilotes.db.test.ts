import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Compte, EssaiDesCercles } from '#tests/ecrits'
import { type EssaiDeSeance, ouvrirSeanceDEssai } from '../seances/fabrique-essai.ts'
import { approuver, type Page, sansLaCaf, soumettre } from '../versions/fabrique-essai.ts'

describe('what waits for an approval is told to those who may give it', () => {
  let un: EssaiDeSeance
  let essai: EssaiDesCercles
  before(async () => {
    un = await ouvrirSeanceDEssai(1)
    essai = un.essai
  })
  after(() => essai.fermer())

  const champ = (html: string, nom: string) => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  /** The lines of an inbox, below its filter. */
  const boite = async (compte: Compte) =>
    (await essai.lire(compte, '/notifications')).texte.split(' Filtrer ').at(-1) ?? ''
  /** Where the line of a kind leads. */
  const suivre = async (compte: Compte, genre: string): Promise<string> => {
    const { html } = await essai.lire(compte, `/notifications?genre=${genre}`)
    const lien = new RegExp(`href="(/notifications/[0-9a-f-]{36}\\?quoi=${genre})"`).exec(html)?.[1] ?? ''
    return (await essai.lire(compte, lien)).vers
  }
  const page = (compte: Compte): Page => {
    const plus = (lue: Awaited<ReturnType<typeof essai.lire>>) => ({ ...lue, message: null })
    return {
      cookie: '',
      lire: async (url) => plus(await essai.lire(compte, url)),
      envoyer: async (url, champs = {}) => plus(await essai.poster(compte, url, champs)),
    }
  }

  test('[CHA-06] a version of a letter: every pilot of both sides, never whoever wrote it; decided, its author is told', async () => {
    const { vers } = await essai.poster('secretariat', '/modeles/ouvrir', {
      genre: 'texte',
      modele: 'menage-commandement',
    })
    const { html } = await essai.lire('secretariat', vers)
    const zone = (nom: string) =>
      (new RegExp(`<textarea[^>]*name="${nom}"[^>]*>\\n?([^<]*)</textarea>`).exec(html)?.[1] ?? '').replaceAll(
        '&#x27;',
        "'",
      )
    const adresse = vers.replace(/\/modifier$/, '')
    await essai.poster('secretariat', vers, {
      revision: champ(html, 'revision'),
      du: '2026-12-10',
      motif: 'Accueil du jeudi, glycine.',
      corps: `${zone('corps')}\n\nNotre accueil est ouvert le jeudi.`,
      facile: zone('facile'),
    })
    const revision = async () => champ((await essai.lire('secretariat', adresse)).html, 'revision')
    assert.doesNotMatch(await boite('pilote'), /version d’un courrier/i, 'a draft tells nobody')
    assert.equal(
      (await essai.poster('secretariat', `${adresse}/soumettre`, { revision: await revision() })).statut,
      303,
    )
    for (const compte of ['pilote', 'copilote'] as const) {
      const lue = await boite(compte)
      assert.match(lue, /Version d’un courrier.*Pourquoi je reçois ceci.*attend l’accord d’un pilote/)
      assert.doesNotMatch(lue, /glycine/)
    }
    for (const compte of ['secretariat', 'autreSecretariat', 'prefecture', 'caf'] as const)
      assert.doesNotMatch(await boite(compte), /version d’un courrier/i, compte)
    assert.equal(await suivre('pilote', 'modele'), adresse)
    await essai.poster('pilote', `${adresse}/decider`, { revision: await revision(), accord: 'oui', motif: '' })
    assert.equal(await suivre('secretariat', 'modele'), adresse)
    assert.doesNotMatch(await boite('autreSecretariat'), /version d’un courrier/i)
  })

  test('[CHA-09] a version of the rules: the pilots of the other side, then the one who submitted it', async () => {
    const adresse = await soumettre(page('pilote'), 'repartition', {}, sansLaCaf)
    assert.doesNotMatch(await boite('pilote'), /version des règles/i)
    assert.equal(await suivre('copilote', 'regle'), adresse)
    await approuver(page('copilote'), adresse)
    assert.equal(await suivre('pilote', 'regle'), adresse)
  })

  test('[ESP-11] the session is in the calendar of whoever sits there, by the name of its commission, until it is called off', async () => {
    const { pool } = essai.application.base
    const adresse = async (compte: Compte): Promise<string> => {
      const page = await essai.lire(compte, '/compte/notifications')
      await pool.query('update session_web set confirmee_a = $1', [essai.application.horloge.now().toString()])
      const cree = await essai.poster(compte, '/compte/calendrier', { acte: 'creer', vue: champ(page.html, 'vue') })
      return /\/calendrier\/71\.[\w-]+\.ics/.exec(cree.html)?.[0] ?? ''
    }
    const lire = async (url: string) => (await essai.serveur.inject({ url })).body.replace(/\r\n[ \t]/g, '')
    const sienne = await adresse('caf')
    const lue = await lire(sienne)
    assert.match(lue, /SUMMARY:Séance\\, Commission d’Autun\r\n/)
    assert.match(lue, /DTSTART:20261120T080000Z/)
    assert.doesNotMatch(lue, /lacombe/i)
    assert.doesNotMatch(await lire(await adresse('autreSecretariat')), /Séance/, 'it does not sit there')
    await pool.query("update seance set etat = 'annulee', annulee_motif = 'quorum'")
    assert.doesNotMatch(await lire(sienne), /Séance/)
    await pool.query("update seance set etat = 'prevue', annulee_motif = null")
  })

  test('[COM-15] the statement of a session closed: both co-chairs', async () => {
    const clos = await essai.poster('secretariat', `/seances/${un.seance}/clore`, { restants: '1' })
    assert.equal(clos.statut, 303, clos.texte.slice(0, 400))
    for (const compte of ['prefecture', 'copilote'] as const)
      assert.equal(await suivre(compte, 'releve'), `/seances/${un.seance}/releve`)
    for (const compte of ['secretariat', 'pilote', 'caf', 'auteure'] as const)
      assert.doesNotMatch(await boite(compte), /relevé de séance/i, compte)
  })
})
