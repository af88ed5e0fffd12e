import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import type { Compte } from '#tests/ecrits'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { type EssaiDePilotage, ouvrirEssaiDePilotage } from '../fabrique-essai.ts'

/** Screens with figures and filters: the others are lists, made of the same parts. */
const PRINCIPAUX = ['commission', 'harmonisation', 'assiduite']
const CAPTURES = process.env.AMONT_CAPTURES

describe('« Piloter les commissions », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let un: EssaiDePilotage
  let navigateur: Browser
  let site: string

  before(async () => {
    un = await ouvrirEssaiDePilotage()
    site = await un.essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await un?.essai.fermer()
  })

  async function ouvrir(compte: Compte, largeur: number, scripts = true): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 768 },
      javaScriptEnabled: scripts,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await un.essai.jeton(compte), url: site }])
    return contexte
  }

  const ecrans = (): Readonly<Record<string, readonly [Compte, string]>> => ({
    activite: ['pilote', '/pilotage'],
    commission: ['secretariat', `/pilotage?commission=${un.commissions.autun}`],
    diffusion: ['pilote', '/pilotage?version=diffusion'],
    harmonisation: ['pilote', '/pilotage/harmonisation?detail=etape'],
    revus: ['secretariat', '/pilotage/revus'],
    assiduite: ['copilote', '/pilotage/assiduite'],
    mises: ['pilote', '/pilotage/mises-a-disposition'],
    dossiers: ['pilote', '/pilotage/dossiers?chiffre=examen'],
    seances: ['pilote', '/pilotage/seances?etat=annulee'],
  })

  test('[COM-25] every page is valid HTML, overflows at no width and breaks no accessibility rule', async () => {
    for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
      const lue = await un.essai.lire(compte, chemin)
      assert.equal(lue.statut, 200, nom)
      await verifierHtml(nom, lue.html)
      for (const largeur of [1366, 390]) {
        const contexte = await ouvrir(compte, largeur)
        const page = await contexte.newPage()
        await page.goto(site + chemin)
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(page, nom)
        if (PRINCIPAUX.includes(nom)) {
          await verifierAccessibilite(page, nom)
        }
        await contexte.close()
      }
    }
  })

  test('[COM-23] without scripts: a figure says how it is counted, and opens its list', async () => {
    const contexte = await ouvrir('pilote', 390, false)
    const page = await contexte.newPage()
    await page.goto(`${site}/pilotage`)
    await page.getByText('Comment c’est compté').first().click()
    assert.ok(await page.getByText(/que le secrétariat a closes/).isVisible())
    await page
      .getByRole('row', { name: /^Dossiers examinés/ })
      .getByRole('link')
      .first()
      .click()
    assert.ok(await page.getByRole('heading', { name: /Dossiers examinés\s: 28/ }).isVisible())
    await contexte.close()
  })
})
