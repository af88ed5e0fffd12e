import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { openTestDatabase } from '#tests/base'
import { pdf } from '#tests/fichiers'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import type { Compte } from '../../accompagner/fabrique-essai.ts'
import { routesAide } from '../../aide/index.ts'
import { routesCompte } from '../../compte/index.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from '../fabrique-essai.ts'

/** Which screens axe reads at each width; all are checked for overflow. Reading one takes a second or two. */
const LARGEURS: readonly (readonly [number, readonly string[]])[] = [
  [1366, ['boite', 'fil', 'demande', 'nouveau_fil', 'piece', 'echanges', 'annuaire']],
  [390, ['fil']],
  [320, []],
]

describe('« Échanger », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiEchanges
  let navigateur: Browser
  let adresse: string
  let fil: string
  let demande: string
  let piece: string

  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase(), [...routesCompte, ...routesAide])
    const sec = essai.organismes.get('SEC71-AUTUN') ?? ''
    await essai.poster('caf', '/annuaire/ajouter', {
      organisme: essai.organismes.get('CAF71') ?? '',
      nom: 'Mme Perrin-Delachaussée',
      fonction: 'Impayés de loyer',
      telephone: '03 85 00 00 01',
      courriel: 'marie-charlotte.perrin-delachaussee@caf71.example',
      suppleant: '',
      territoires: ['autun'],
    })
    const ouvert = await essai.poster('caf', essai.adresse('/fil'), {
      etape: 'envoyer',
      cercle: '3',
      sujet: 'Reprise des versements',
      texte: 'Les versements ont repris en octobre.\n\nLe plan d’apurement peut être signé.',
      destinataires: [sec],
      attention: [await essai.idDe('secretariat')],
      envoi: randomUUID(),
    })
    fil = ouvert.vers
    await essai.poster('secretariat', fil, { texte: 'Merci, bien reçu.', envoi: randomUUID() })
    const posee = await essai.poster('secretariat', essai.adresse('/demande'), {
      destinataire: essai.organismes.get('CAF71') ?? '',
      genre: 'versements',
      texte: 'Pouvez-vous confirmer les versements depuis septembre ?',
      avant: '2026-11-24',
      envoi: randomUUID(),
    })
    demande = posee.vers
    const depot = { cercle: '3', genre: 'decompte', date: '2026-11-02', destinataires: [sec], envoi: randomUUID() }
    await essai.deposer('caf', essai.adresse('/piece'), depot, {
      nom: 'Décompte-des-loyers-et-charges-novembre-2026-version-definitive.pdf',
      octets: pdf(),
    })
    piece = /href="([^"]+\/pieces\/[0-9a-f-]{36})"/.exec((await essai.lire('caf', essai.adresse())).html)?.[1] ?? ''
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  async function ouvrir(
    compte: Compte,
    options: { largeur?: number; scripts?: boolean } = {},
  ): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: options.largeur ?? 1366, height: 768 },
      javaScriptEnabled: options.scripts ?? true,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: adresse }])
    return contexte
  }

  const ecrans = (): Readonly<Record<string, string>> => ({
    boite: '/echanges?file=a_repondre',
    boite_a_lire: '/echanges?file=a_lire',
    boite_vide: '/echanges?file=a_repondre&genre=presence',
    fil,
    lecteurs: `${fil}/lecteurs`,
    demande,
    echanges: essai.adresse(),
    nouveau_fil: essai.adresse('/fil'),
    nouvelle_demande: essai.adresse('/demande'),
    piece: essai.adresse('/piece'),
    retrait: `${piece}/retirer`,
    annuaire: '/annuaire',
    annuaire_ajouter: '/annuaire/ajouter',
    dossier: `/dossiers/${essai.dossier.reference}`,
    compte: '/compte',
  })

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, chemin] of Object.entries(ecrans())) {
      const page = await essai.lire('caf', chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const [largeur, lus] of LARGEURS)
    test(`no page overflows at ${largeur} px, and those read break no accessibility rule`, async () => {
      const contexte = await ouvrir('caf', { largeur })
      for (const [nom, chemin] of Object.entries(ecrans())) {
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        await verifierLargeur(page, nom)
        if (!lus.includes(nom)) {
          await page.close()
          continue
        }
        await verifierAccessibilite(page, nom)
        await page.close()
      }
      await contexte.close()
    })

  test('[ESP-05] without scripts, a thread is written, read again, sent, answered and taken back', async () => {
    const contexte = await ouvrir('caf', { scripts: false })
    const page = await contexte.newPage()
    await page.goto(`${adresse}/dossiers/${essai.dossier.reference}`)
    await page.getByRole('link', { name: 'Écrire à des partenaires', exact: true }).click()
    await page.getByRole('checkbox', { name: /Secrétariat CCAPEX Autun/ }).check()
    await page.getByLabel('Message', { exact: true }).fill('Le loyer de novembre est payé.')
    await page.getByRole('button', { name: 'Voir qui lira' }).click()
    await page
      .getByRole('alert')
      .getByRole('link', { name: /Donner un sujet/ })
      .waitFor()
    await page.getByLabel('Sujet').fill('Loyer de novembre')
    await page.getByRole('button', { name: 'Voir qui lira' }).click()
    await page.getByText(/Aucun autre organisme ne le\slira/).waitFor()
    await page.getByRole('button', { name: /Envoyer à 1\sorganisme/ }).click()
    await page.getByRole('status').filter({ hasText: 'Message envoyé' }).waitFor()
    await page.getByLabel('Message', { exact: true }).fill('Et celui d’octobre aussi.')
    await page.getByRole('button', { name: 'Envoyer', exact: true }).click()
    await page.getByText('Et celui d’octobre aussi.').waitFor()
    await page.getByRole('link', { name: 'Retirer le message 2' }).click()
    await page.getByLabel('Pourquoi ce message est retiré').fill('Faux')
    await page.getByRole('button', { name: 'Retirer ce message' }).click()
    await page.getByText(/Message retiré par/).waitFor()
    assert.equal(await page.getByText('Et celui d’octobre aussi.').count(), 0)
    await contexte.close()
  })

  test('[ESP-06] with the keyboard alone, a partner finds what is expected and answers', async () => {
    const contexte = await ouvrir('caf', { scripts: false })
    const page = await contexte.newPage()
    await page.goto(`${adresse}/echanges`)
    const lien = page.getByRole('table').getByRole('link').first()
    await lien.focus()
    await page.keyboard.press('Enter')
    const reponse = page.getByLabel('Réponse', { exact: true })
    await reponse.focus()
    await page.keyboard.type('Deux versements, en octobre et novembre.')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('status').filter({ hasText: 'Réponse envoyée' }).waitFor()
    await contexte.close()
  })

  test('[ESP-07] without scripts, a document is deposited, and comes back as a download', async () => {
    const contexte = await ouvrir('caf', { scripts: false })
    const page = await contexte.newPage()
    await page.goto(adresse + essai.adresse('/piece'))
    await page.getByLabel('Ce que c’est').selectOption('bail')
    await page
      .getByLabel('Fichier')
      .setInputFiles({ name: 'Bail.pdf', mimeType: 'text/html', buffer: pdf('/Bail true') })
    await page.getByRole('checkbox', { name: /Secrétariat/ }).check()
    await page.getByRole('button', { name: 'Déposer cette pièce' }).click()
    const [recu] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Télécharger Bail.pdf' }).click(),
    ])
    assert.equal(recu.suggestedFilename(), 'Bail.pdf')
    await contexte.close()
  })
})
