import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { type Compte, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'

const CAPTURES = process.env.AMONT_CAPTURES

describe('« Chiffres de l’année », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiDesCercles
  let navigateur: Browser
  let adresse: string

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  async function ouvrir(compte: Compte, largeur: number, scripts = true): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 768 },
      javaScriptEnabled: scripts,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: adresse }])
    return contexte
  }

  test('[COU-48] without scripts: a pilot asks, the CAF finds it, gives its figures', async () => {
    const pilote = await ouvrir('pilote', 1366, false)
    const page = await pilote.newPage()
    await page.goto(`${adresse}/charte/collecte`)
    await page.getByLabel('À rendre avant le').fill('2026-12-31')
    await page.getByRole('button', { name: 'Demander ces chiffres' }).click()
    await page.getByText('demandes envoyées').waitFor()
    await pilote.close()
    const caf = await ouvrir('caf', 390, false)
    const sienne = await caf.newPage()
    await sienne.goto(`${adresse}/charte/collecte`)
    await sienne.getByRole('link', { name: 'CAF de Saône-et-Loire' }).click()
    for (const zone of await sienne.locator('textarea').all()) await zone.fill('120')
    await sienne.getByRole('button', { name: 'Rendre ces chiffres' }).click()
    await sienne.getByText('Chiffres rendus').waitFor()
    await caf.close()
  })

  for (const largeur of [1366, 390])
    test(`no page overflows at ${largeur} px, nor breaks an accessibility rule`, async () => {
      const { rows } = await essai.application.base.pool.query(
        "select d.id from collecte_demande d join organisme o on o.id = d.organisme where o.code = 'CAF71'",
      )
      const ecrans: readonly (readonly [string, Compte, string])[] = [
        ['conduire', 'pilote', '/charte/collecte'],
        ['siens', 'caf', '/charte/collecte'],
        ['aucun', 'autreBailleur', '/charte/collecte'],
        ['repondre', 'caf', `/charte/collecte/${rows[0].id}`],
        ['lire', 'pilote', `/charte/collecte/${rows[0].id}`],
      ]
      for (const [nom, compte, chemin] of ecrans) {
        const contexte = await ouvrir(compte, largeur)
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierHtml(nom, (await essai.lire(compte, chemin)).html)
        await verifierLargeur(page, nom)
        await verifierAccessibilite(page, nom)
        await contexte.close()
      }
    })
})
