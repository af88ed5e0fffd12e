import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import type { Database } from '#socle/db'
import { openTestDatabase } from '#tests/base'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { type EssaiCharte, ecrireDonneesEssai, ouvrirEssaiCharte } from '../fabrique-essai.ts'

const SITUATION = '/charte/situation?procedure.stade=commandement_de_payer&logement.parc_prive=non'

/** Every screen of « Mesurer », full and empty. */
const ECRANS: Readonly<Record<string, string>> = {
  ensemble: '/charte',
  engagements: '/charte/engagements',
  filtres: '/charte/engagements?partenaire=adil&q=bailleur&condition=oui',
  vide: '/charte/engagements?q=zzzz',
  engagement: '/charte/engagements/departement/2',
  general: '/charte/engagements/generaux/tous/2',
  situation: '/charte/situation',
  reponses: SITUATION,
  erreur: '/charte/situation?procedure.stade=hier',
  document: '/charte/document',
  fiches: '/charte/fiches',
  fiche: '/charte/fiches/F1',
  citee: '/charte/fiches/F2',
  indicateurs: '/charte/indicateurs',
  indicateur: '/charte/indicateurs/2',
  cite: '/charte/indicateurs/reunions-ccapex',
  territoires: '/territoires',
  commune: '/territoires?q=st+pantaleon',
  proches: '/territoires?q=creusot',
  territoire: '/territoires/montceau-les-mines',
  anomalies: '/territoires/anomalies',
}

/** Which screens axe reads at each width; all are checked for overflow. Reading one takes a second or two. */
const LARGEURS: readonly (readonly [number, readonly string[]])[] = [
  [
    1366,
    [
      'ensemble',
      'engagements',
      'vide',
      'engagement',
      'reponses',
      'erreur',
      'document',
      'fiches',
      'citee',
      'indicateurs',
      'indicateur',
      'commune',
      'proches',
      'territoire',
      'anomalies',
    ],
  ],
  [390, ['ensemble', 'reponses', 'indicateur', 'commune']],
  [320, []],
]

describe('« Mesurer », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let base: Database
  let racine: string
  let essai: EssaiCharte
  let modele: EssaiCharte
  let navigateur: Browser
  let adresse: string
  let adresseModele: string

  before(async () => {
    base = await openTestDatabase()
    racine = ecrireDonneesEssai()
    essai = await ouvrirEssaiCharte(base, { racine })
    modele = await ouvrirEssaiCharte(base, { racine, dept: '99' })
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    adresseModele = await modele.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
    await modele?.fermer()
    await base?.close()
    if (racine) rmSync(dirname(racine), { recursive: true, force: true })
  })

  async function ouvrir(
    options: { largeur?: number; scripts?: boolean; ou?: EssaiCharte } = {},
  ): Promise<BrowserContext> {
    const { ou = essai } = options
    const contexte = await navigateur.newContext({
      viewport: { width: options.largeur ?? 1366, height: 768 },
      javaScriptEnabled: options.scripts ?? true,
    })
    const url = ou === essai ? adresse : adresseModele
    await contexte.addCookies([{ name: 'amont_session', value: await ou.jeton('secretariat'), url }])
    return contexte
  }

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, chemin] of Object.entries(ECRANS)) {
      const page = await essai.lire(chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const [largeur, lus] of LARGEURS) {
    test(`no page overflows at ${largeur} px, and those read break no accessibility rule`, async () => {
      const contexte = await ouvrir({ largeur })
      for (const [nom, chemin] of Object.entries(ECRANS)) {
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        await verifierLargeur(page, nom)
        if (lus.includes(nom)) {
          await verifierAccessibilite(page, nom)
        }
        await page.close()
      }
      await contexte.close()
    })
  }

  test('a département without numbered engagements reads its empty pages without a fault', async () => {
    const contexte = await ouvrir({ ou: modele })
    for (const chemin of [
      '/charte',
      '/charte/engagements',
      '/charte/situation',
      '/charte/fiches',
      '/charte/document',
    ]) {
      const page = await contexte.newPage()
      await page.goto(adresseModele + chemin)
      await page.locator('.vide').first().waitFor()
      await verifierAccessibilite(page, chemin)
      await page.close()
    }
    await contexte.close()
  })

  test('[ENG-11] with the keyboard alone, a count of the grid leads to its list, then to a sheet, then to the next one', async () => {
    const contexte = await ouvrir()
    const page = await contexte.newPage()
    await page.goto(`${adresse}/charte`)
    await page.getByRole('link', { name: '2 engagements : ADIL, Commandement de payer' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: '2 engagements' }).waitFor()
    await page.getByRole('link', { name: 'Rappeler ses droits au bailleur' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Rappeler ses droits au bailleur' }).waitFor()
    await page.getByText('Écriture exacte de la condition').focus()
    await page.keyboard.press('Enter')
    await page.getByText('logement.parc_prive', { exact: true }).waitFor()
    await page.getByRole('link', { name: /Suivant : engagement 2/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Proposer un rendez-vous au ménage' }).waitFor()
    await contexte.close()
  })

  test('[ENG-11] on a phone the grid is one list per partner, without its zeros', async () => {
    const contexte = await ouvrir({ largeur: 390, scripts: false })
    const page = await contexte.newPage()
    await page.goto(`${adresse}/charte`)
    const departement = page.locator('.grille tbody tr', { hasText: 'Département' })
    assert.equal(await departement.locator('td:visible').count(), 5, 'three steps, their sum and the total')
    const titre = await departement
      .locator('td:visible')
      .first()
      .evaluate((cellule) => {
        return getComputedStyle(cellule, '::before').content
      })
    assert.equal(titre, '"Prévention"')
    await departement.getByRole('link', { name: /3 engagements : Département, toutes les étapes/ }).click()
    await page.getByRole('heading', { level: 1, name: '3 engagements' }).waitFor()
    await contexte.close()
  })

  test('[ENG-04] without scripts, a situation is described, what is missing is given, and the address is short enough to send', async () => {
    const contexte = await ouvrir({ scripts: false })
    const page = await contexte.newPage()
    await page.goto(`${adresse}/charte/situation`)
    await page.getByLabel('Étape de la procédure').selectOption('commandement_de_payer')
    await page.getByRole('button', { name: 'Chercher', exact: true }).last().click()
    await page.getByText('1 engagement s’applique, 2 à vérifier').waitFor()
    await page
      .locator('#partenaire-adil')
      .locator('xpath=../..')
      .getByRole('link', { name: 'Parc', exact: true })
      .click()
    await page.getByLabel('Parc', { exact: true }).selectOption('oui')
    await page.getByRole('button', { name: 'Chercher', exact: true }).last().click()
    await page.getByText('2 engagements s’appliquent, 1 à vérifier').waitFor()
    assert.equal(new URL(page.url()).search, '?procedure.stade=commandement_de_payer&logement.parc_prive=oui')
    await page.getByRole('link', { name: 'Parc : privé (retirer ce filtre)' }).click()
    await page.getByText('1 engagement s’applique, 2 à vérifier').waitFor()
    await contexte.close()
  })

  test('[TER-02] without scripts, a commune written badly is found among near names, with its secretariat', async () => {
    const contexte = await ouvrir({ scripts: false, largeur: 390 })
    const page = await contexte.newPage()
    await page.goto(`${adresse}/territoires`)
    await page.getByLabel('Où va cette commune ?').fill('montceau les mynes')
    await page.getByLabel('Où va cette commune ?').press('Enter')
    await page.getByRole('link', { name: 'Montceau-les-Mines' }).first().click()
    await page.getByRole('heading', { level: 2, name: /: territoire de Montceau-les-Mines/ }).waitFor()
    await page.getByText('Secrétariat CCAPEX Autun-Montceau').first().waitFor()
    await contexte.close()
  })
})
