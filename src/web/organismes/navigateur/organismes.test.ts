import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { type EssaiConnexion, ouvrirEssaiConnexion, type Visiteur } from '../../compte/fabrique-essai.ts'
import { routesCompte } from '../../compte/index.ts'
import { routesComptes } from '../../comptes/index.ts'
import { routesOrganismes } from '../index.ts'

const CAPTURES = process.env.AMONT_CAPTURES
const ADMIN = 'claude.arnoux@essai.example'

describe('organismes, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiConnexion
  let admin: Visiteur
  let navigateur: Browser
  let site: string
  const ouvrir = async (largeur: number, scripts = true): Promise<BrowserContext> => {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 768 },
      javaScriptEnabled: scripts,
    })
    await contexte.addCookies(Object.entries(admin.cookies).map(([name, value]) => ({ name, value, url: site })))
    return contexte
  }

  before(async () => {
    essai = await ouvrirEssaiConnexion([...routesCompte, ...routesComptes, ...routesOrganismes], {}, { travaux: false })
    await essai.compte(ADMIN, 'administrateur', 'PREF71')
    admin = essai.visiteur()
    await essai.enroler(admin, ADMIN)
    site = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  test('[ACC-01] without scripts, an organisme is added from the form that missed it, corrected, closed and opened again', async () => {
    const contexte = await ouvrir(390, false)
    const page = await contexte.newPage()
    await page.goto(`${site}/comptes/nouveau`)
    await page.getByRole('link', { name: 'Ajouter un organisme' }).click()
    await page.getByLabel('Nom', { exact: true }).fill('CCAS de Gueugnon')
    await page.getByLabel('Sorte d’organisme').selectOption('CCAS ou CIAS')
    await page.getByRole('button', { name: 'Ajouter' }).click()
    assert.match((await page.getByRole('alert').textContent()) ?? '', /en écrire une au moins/)
    assert.equal(await page.getByLabel('Nom', { exact: true }).inputValue(), 'CCAS de Gueugnon')
    await page.getByLabel('Communes').fill('Gueugnon')
    await page.getByRole('button', { name: 'Ajouter' }).click()
    await page.getByRole('heading', { level: 1, name: 'CCAS de Gueugnon' }).waitFor()
    await page.getByLabel('Communes').fill('Gueugnon, Bourbon-Lancy')
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await page.getByText('Organisme enregistré.').waitFor()
    assert.match((await page.textContent('main')) ?? '', /Agit pour\s*Gueugnon, Bourbon-Lancy/)
    await page.getByLabel('Motif').fill('Essai')
    await page.getByRole('button', { name: 'Fermer cet organisme' }).click()
    await page.getByRole('button', { name: 'Rouvrir cet organisme' }).first().click()
    await page.getByText('Organisme rouvert.').waitFor()
    await contexte.close()
  })

  test('every page is valid HTML, overflows at no width and breaks no accessibility rule', async () => {
    const { vers } = await admin.suivre(await admin.lire('/organismes?q=CAF')).then(({ html }) => ({
      vers: /href="(\/organismes\/[0-9a-f-]{36})"/.exec(html)?.[1] ?? '',
    }))
    for (const [nom, chemin] of [
      ['liste', '/organismes'],
      ['nouveau', '/organismes/nouveau'],
      ['fiche', vers],
      ['vide', '/organismes?q=zzz&etat=fermes'],
    ] as const) {
      await verifierHtml(nom, (await admin.lire(chemin)).html)
      for (const largeur of [1366, 390]) {
        const contexte = await ouvrir(largeur)
        const page = await contexte.newPage()
        await page.goto(site + chemin)
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(page, nom)
        if (largeur === 1366) await verifierAccessibilite(page, nom)
        await contexte.close()
      }
    }
  })
})
