import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { noMailer } from '#socle/mail'
import { clesDEssai, openTestDatabase } from '#tests/base'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { type Compte, DEPT } from '../../accompagner/fabrique-essai.ts'
import { routesAide } from '../../aide/index.ts'
import { routesCompte } from '../../compte/index.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from '../../echanges/fabrique-essai.ts'
import { routesNotifications } from '../index.ts'

const ECRANS: readonly (readonly [nom: string, compte: Compte, chemin: string])[] = [
  ['boite', 'departement', '/notifications'],
  ['vide', 'prefecture', '/notifications'],
  ['reglages', 'departement', '/compte/notifications'],
  ['adresses', 'secretariat', '/notifications/adresses'],
]

describe('« Notifications », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiEchanges
  let navigateur: Browser
  let adresse: string

  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase(), [
      ...routesNotifications,
      ...routesCompte,
      ...routesAide,
    ])
    Object.assign(essai.application, {
      acces: { cles: clesDEssai, courrier: noMailer, adresse: 'https://amont.essai.example', demonstration: true },
    })
    for (const sujet of ['Loyer de novembre', 'Rendez-vous'])
      await essai.poster('caf', essai.adresse('/fil'), {
        etape: 'envoyer',
        cercle: '3',
        sujet,
        texte: 'Un mot.',
        destinataires: [essai.organismes.get('DEP71') ?? '', essai.organismes.get('SEC71-AUTUN') ?? ''],
        envoi: randomUUID(),
      })
    await essai.poster('caf', essai.adresse('/demande'), {
      genre: 'versements',
      texte: 'Les versements ont-ils repris ?',
      destinataire: essai.organismes.get('DEP71') ?? '',
      avant: '2026-11-27',
      envoi: randomUUID(),
    })
    await essai.application.base.pool.query(
      `insert into courriel_refuse (dept, compte, courriel, code, statut, a) values ($1, $2, 'departement@essai.example', 550, '5.1.1', now())`,
      [DEPT, await essai.idDe('departement')],
    )
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

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, compte, chemin] of ECRANS) {
      const page = await essai.lire(compte, chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const largeur of [1366, 390])
    test(`no page overflows at ${largeur} px, and none breaks an accessibility rule`, async () => {
      for (const [nom, compte, chemin] of ECRANS) {
        const contexte = await ouvrir(compte, { largeur })
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        if (process.env.AMONT_CAPTURES)
          await page.screenshot({ path: `${process.env.AMONT_CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(page, nom)
        await verifierAccessibilite(page, nom)
        await contexte.close()
      }
    })

  test('[ESP-11] without scripts: from the figure of the banner to the thing itself, marked read, undone, and an address for the calendar', async () => {
    const contexte = await ouvrir('departement', { scripts: false })
    const page = await contexte.newPage()
    await page.goto(`${adresse}/compte`)
    await page.getByRole('link', { name: /^Notifications\s: 1\snon\slue$/ }).click()
    await page.getByText('Pourquoi je reçois ceci').first().click()
    assert.ok(await page.getByText('Votre organisme est lecteur de cet échange.').isVisible())
    await page.getByRole('button', { name: /^Marquer comme lue/ }).click()
    assert.ok(await page.getByRole('heading', { name: 'Tout est lu' }).isVisible())
    await page.getByRole('button', { name: 'Remettre en non lues' }).click()
    await page.getByRole('link', { name: /^Demande/ }).click()
    assert.match(page.url(), /\/echanges\/demandes\//)
    await page.goto(`${adresse}/notifications?etat=toutes`)
    await page.getByText('Pourquoi je reçois ceci').first().click()
    await page
      .getByRole('link', { name: /^Changer/ })
      .first()
      .click()
    assert.match(page.url(), /\/compte\/notifications#c-canal-/)
    // Proved who is there a moment ago.
    await essai.application.base.pool.query('update session_web set confirmee_a = $1', [
      essai.application.horloge.now().toString(),
    ])
    await page.getByRole('button', { name: 'Créer mon adresse de calendrier' }).click()
    assert.ok(await page.getByText(/https:\/\/amont\.essai\.example\/calendrier\/71\./).isVisible())
    if (process.env.AMONT_CAPTURES)
      await page.screenshot({ path: `${process.env.AMONT_CAPTURES}/adresse.png`, fullPage: true })
    await contexte.close()
  })
})
