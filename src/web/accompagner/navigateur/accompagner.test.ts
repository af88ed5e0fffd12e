import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { openTestDatabase } from '#tests/base'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { routesAide } from '../../aide/index.ts'
import { type Compte, creerDossiers, type DossierCree, type Essai, importer, ouvrirEssai } from '../fabrique-essai.ts'

/** Which screens axe reads at each width; all are checked for overflow. Reading one takes a second or two. */
const LARGEURS: readonly (readonly [number, readonly string[] | 'tous'])[] = [
  [1366, 'tous'],
  [390, ['liste', 'dossier']],
  [320, []],
]

const ligne = (type: string, reference: string, le: string, acte: string) => ({
  type,
  reference_source: reference,
  date_signalement: le,
  date_acte: acte,
  nom_usage: 'Lacombe',
  prenom: 'Séverine',
  date_naissance: '03/04/1984',
  adresse: '12 rue des Forges',
  code_postal: '71200',
  commune: 'Le Creusot',
  parc: 'prive',
  enfants_a_charge: '2',
  suivi_caf: 'oui',
  montant_dette: '1620,00',
  date_audience: type === 'assignation' ? '14/01/2027' : '',
})

describe('« Accompagner », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: Essai
  let navigateur: Browser
  let adresse: string
  let dossiers: DossierCree[]
  let lacombe: string

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), routesAide)
    await importer(essai, 'CDJ71', [ligne('commandement_de_payer', 'CDP-1', '16/09/2026', '14/09/2026')])
    await importer(essai, 'PREF71', [ligne('assignation', 'ASG-1', '06/11/2026', '04/11/2026')])
    dossiers = await creerDossiers(
      essai,
      Array.from({ length: 12 }, (_, rang) => ({
        nom: `Montagnier-Delacroix${rang}`,
        prenom: 'Anne-Charlotte',
        commune: 'Saint-Symphorien-de-Marmagne',
        contenu: { montant_dette: 1_234_567, enfants_a_charge: rang % 3, date_audience: '2026-12-04' },
      })),
    )
    const liste = await essai.lire('secretariat', '/dossiers?q=lacombe')
    lacombe = /href="(\/dossiers\/71-2026-\d+)"/.exec(liste.html)?.[1] ?? ''
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
    liste: '/dossiers?territoire=tous',
    vide: '/dossiers?q=zzzz',
    dossier: lacombe,
    contact: `${lacombe}/contact`,
    reunir: `${lacombe}/reunir?avec=${dossiers[0]?.reference}`,
    confier: `/dossiers/confier?dossiers=${dossiers.map(({ id }) => id).join(',')}`,
    vue: '/dossiers/vues?territoire=autun',
    aide: '/aide',
  })

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, chemin] of Object.entries(ecrans())) {
      const page = await essai.lire('secretariat', chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const [largeur, lus] of LARGEURS) {
    test(`no page overflows at ${largeur} px, and those read break no accessibility rule`, async () => {
      const contexte = await ouvrir('secretariat', { largeur })
      for (const [nom, chemin] of Object.entries(ecrans())) {
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        await verifierLargeur(page, nom)
        if (lus === 'tous' || lus.includes(nom)) {
          await verifierAccessibilite(page, nom)
        }
        await page.close()
      }
      await contexte.close()
    })
  }

  test('[REP-11] without scripts, households are found, chosen, confided, and the decision undone', async () => {
    const contexte = await ouvrir('secretariat', { scripts: false })
    const page = await contexte.newPage()
    await page.goto(`${adresse}/dossiers`)
    await page.getByRole('searchbox', { name: 'Nom, adresse, référence', exact: true }).fill('montagnier')
    await page.getByRole('button', { name: 'Filtrer' }).click()
    await page.getByRole('checkbox', { name: 'Choisir MONTAGNIER-DELACROIX3 Anne-Charlotte' }).check()
    await page.getByRole('checkbox', { name: 'Choisir MONTAGNIER-DELACROIX5 Anne-Charlotte' }).check()
    await page.getByRole('button', { name: 'Continuer' }).click()
    await page.getByRole('heading', { level: 1, name: 'Confier 2 ménages à un service' }).waitFor()
    await page.getByRole('button', { name: 'Confier ces 2 ménages' }).click()
    await page.getByRole('alert').getByRole('link', { name: 'Choisir un service de la liste.' }).waitFor()
    await page.getByLabel('Service', { exact: true }).selectOption('ADIL71')
    await page.getByLabel('Motif', { exact: true }).fill('Bail à relire')
    await page.getByRole('button', { name: 'Confier ces 2 ménages' }).click()
    await page.getByRole('status').filter({ hasText: 'Nouveau service pour 2 ménages' }).waitFor()
    assert.equal(await page.locator('tbody tr', { hasText: 'ADIL' }).count(), 2)
    await page.getByRole('button', { name: 'Défaire' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /2\sdécisions défaites/ })
      .waitFor()
    assert.equal(await page.locator('tbody tr', { hasText: 'ADIL' }).count(), 0)
    await contexte.close()
  })

  test('[DOS-31] with the keyboard alone, the source of a deadline opens and closes', async () => {
    const contexte = await ouvrir('secretariat')
    const page = await contexte.newPage()
    await page.goto(adresse + lacombe)
    const puce = page.locator('section[aria-labelledby="echeances"] details.ech').first()
    await puce.locator('summary').focus()
    await page.keyboard.press('Enter')
    await puce.getByText('Fiabilité').waitFor()
    await page.keyboard.press('Escape')
    await puce.getByText('Fiabilité').waitFor({ state: 'hidden' })
    await contexte.close()
  })
})
