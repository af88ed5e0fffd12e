import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { mesurerEngagements } from '#engagements'
import { openTestDatabase } from '#tests/base'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import type { Compte } from '../../accompagner/fabrique-essai.ts'
import { routesAide } from '../../aide/index.ts'
import { type EssaiEngagements, ouvrirEssaiEngagements } from '../fabrique-essai.ts'

/** Which screens axe reads at each width; all are checked for overflow. */
const LARGEURS: readonly (readonly [number, readonly string[]])[] = [
  [1366, ['file', 'dossier', 'tache', 'absence', 'tenue', 'fiche']],
  [390, ['file', 'dossier', 'tache']],
  [320, []],
]

describe('« Tenir », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiEngagements
  let navigateur: Browser
  let adresse: string
  let ecrans: Readonly<Record<string, string>>

  before(async () => {
    essai = await ouvrirEssaiEngagements(await openTestDatabase(), routesAide)
    await essai.enSysteme('engagement.tenir', mesurerEngagements)
    const { id } = await essai.tache(essai.dossier, 'caf/22')
    const { id: aVerifier } = await essai.tache(essai.dossier, 'caf/15')
    ecrans = {
      file: '/engagements',
      file_a_faire: '/engagements?file=a_faire&tri=menage',
      file_vide: '/engagements?file=close',
      absence: '/engagements/absence',
      dossier: essai.adresse,
      tache: `${essai.adresse}/${id}`,
      tache_a_verifier: `${essai.adresse}/${aVerifier}`,
      tenue: '/charte/tenue',
      tenue_groupe: '/charte/tenue?partenaire=caf&annee=2026',
      fiche: '/charte/engagements/caf/21',
    }
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
    for (const [nom, chemin] of Object.entries(ecrans)) {
      const page = await essai.lire('caf', chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const [largeur, lus] of LARGEURS)
    test(`no page overflows at ${largeur} px, and those read break no accessibility rule`, async () => {
      const contexte = await ouvrir('caf', { largeur })
      for (const [nom, chemin] of Object.entries(ecrans)) {
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        if (process.env.AMONT_CAPTURES)
          await page.screenshot({ path: `${process.env.AMONT_CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(page, nom)
        if (lus.includes(nom)) {
          await verifierAccessibilite(page, nom)
        }
        await page.close()
      }
      await contexte.close()
    })

  test('[ENG-06] without scripts, an agent takes a task, closes it with its proof, and undoes it', async () => {
    const contexte = await ouvrir('caf', { scripts: false })
    const page = await contexte.newPage()
    await page.goto(`${adresse}/engagements?file=a_faire`)
    await page.getByRole('checkbox', { name: /VALMONTE.*recueillir le point de vue du bailleur/ }).check()
    await page.getByLabel('Que faire des engagements choisis').selectOption('prendre')
    await page.getByRole('button', { name: 'Continuer' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /1\sengagement pris pour vous/ })
      .waitFor()
    await page.goto(`${adresse}/engagements?file=a_faire&pour=moi`)
    await page
      .getByRole('table')
      .getByRole('link', { name: /VALMONTE/ })
      .click()
    await page.getByRole('button', { name: 'Clore l’engagement' }).click()
    await page
      .getByRole('alert')
      .getByRole('link', { name: /Dire en quelques mots/ })
      .waitFor()
    await page.getByLabel('En quelques mots').fill('Bailleur joint, il souhaite un plan.')
    await page.getByRole('button', { name: 'Clore l’engagement' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /1\sengagement clos/ })
      .waitFor()
    await page.getByRole('button', { name: 'Défaire' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /remis comme avant/ })
      .waitFor()
    await contexte.close()
  })

  test('[ENG-06] [ENG-09] bulk, without scripts: nothing chosen is said; several closed by one proof, whose error is beside its field, then undone together', async () => {
    const contexte = await ouvrir('caf', { scripts: false })
    const page = await contexte.newPage()
    await page.goto(`${adresse}/engagements?file=a_faire`)
    await page.getByLabel('Que faire des engagements choisis').selectOption('faite')
    await page.getByRole('button', { name: 'Continuer' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /Cocher d’abord au moins un engagement/ })
      .waitFor()
    const cases = page.getByRole('checkbox', { name: /VALMONTE/ })
    assert.ok((await cases.count()) >= 2, 'several tasks of the household wait')
    for (const rang of [0, 1]) await cases.nth(rang).check()
    await page.getByLabel('Que faire des engagements choisis').selectOption('faite')
    await page.getByRole('button', { name: 'Continuer' }).click()
    await page.getByRole('heading', { level: 1, name: /Dire que c’est fait : 2\sengagements/ }).waitFor()
    for (const largeur of [1366, 390]) {
      await page.setViewportSize({ width: largeur, height: 768 })
      if (process.env.AMONT_CAPTURES)
        await page.screenshot({ path: `${process.env.AMONT_CAPTURES}/lot-${largeur}.png`, fullPage: true })
      await verifierLargeur(page, 'lot')
    }
    await page.getByRole('button', { name: 'Dire que c’est fait' }).click()
    await page
      .getByRole('alert')
      .getByRole('link', { name: /Dire en quelques mots/ })
      .waitFor()
    if (process.env.AMONT_CAPTURES)
      await page.screenshot({ path: `${process.env.AMONT_CAPTURES}/lot-erreur-390.png`, fullPage: true })
    await page.getByLabel('En quelques mots').fill('Vu en réunion de service.')
    await page.getByRole('button', { name: 'Dire que c’est fait' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /2\sengagements clos/ })
      .waitFor()
    await page.getByRole('button', { name: 'Défaire' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /2\sengagements remis comme avant/ })
      .waitFor()
    await contexte.close()
    const { id: tache } = await essai.tache(essai.dossier, 'caf/22')
    const prepare = await essai.poster('caf', '/engagements/lot', { action: 'faite', tache })
    assert.equal(prepare.statut, 200)
    await verifierHtml('lot', prepare.html)
    // With scripts, axe reads the page of the bulk.
    const avec = await ouvrir('caf')
    const lue = await avec.newPage()
    await lue.goto(`${adresse}/engagements?file=a_faire`)
    await lue
      .getByRole('checkbox', { name: /VALMONTE/ })
      .first()
      .check()
    await lue.getByLabel('Que faire des engagements choisis').selectOption('attribuer')
    await lue.getByRole('button', { name: 'Continuer' }).click()
    await lue.getByLabel('Collègue', { exact: true }).waitFor()
    await verifierAccessibilite(lue, 'lot')
    await avec.close()
  })
})
