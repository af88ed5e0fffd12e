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
import { type EssaiVersions, modifier, ouvrirEssaiVersions, preparer, sansLaCaf, soumettre } from '../fabrique-essai.ts'

const VENDREDI = '2026-11-20'
/** Which screens axe reads at each width: one of each layout; all are checked for overflow. Reading one takes a second or two. */
const LUS = new Map([
  [1366, ['liste', 'nouvelle', 'decider', 'fautes', 'formulaire', 'lire', 'envoi']],
  [390, ['decider', 'formulaire']],
])

describe('versions of the rules, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiVersions
  let navigateur: Browser
  let adresse: string
  const chemins: Record<string, string> = {}

  before(async () => {
    essai = await ouvrirEssaiVersions()
    const pilote = await essai.ouvrir('pilote', VENDREDI)
    chemins.soumise = await soumettre(pilote, 'repartition', {}, sansLaCaf)
    chemins.fautive = await preparer(pilote, 'criteres')
    await modifier(pilote, chemins.fautive, {}, (texte) => texte.replace('parametre.age_jeune', 'parametre.age_jeunne'))
    chemins.reglages = await preparer(pilote, 'parametres')
    await modifier(pilote, chemins.reglages, {
      titre: 'Bilan 2026',
      'valeur-plafond_fsl': '2500',
      'valeur-age_avance': '',
    })
    await pilote.envoyer(`${chemins.reglages}/simuler`)
    adresse = await essai.ecouter(VENDREDI)
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  async function ouvrir(nom: string, options: { largeur?: number; scripts?: boolean } = {}): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: options.largeur ?? 1366, height: 768 },
      javaScriptEnabled: options.scripts ?? true,
    })
    const { cookie } = await essai.ouvrir(nom, VENDREDI)
    const [name = '', ...valeur] = cookie.split('=')
    await contexte.addCookies([{ name, value: valeur.join('='), url: adresse }])
    return contexte
  }

  /** Every screen, with who opens it: the decision belongs to the other side. */
  const ecrans = (): readonly (readonly [nom: string, compte: string, chemin: string])[] => [
    ['liste', 'pilote', '/regles/versions'],
    ['nouvelle', 'pilote', '/regles/versions/nouvelle?genre=repartition'],
    ['soumise', 'pilote', chemins.soumise ?? ''],
    ['decider', 'copilote', `${chemins.soumise}/decider`],
    ['fautes', 'pilote', `${chemins.fautive}/modifier`],
    ['fautive', 'pilote', chemins.fautive ?? ''],
    ['formulaire', 'pilote', `${chemins.reglages}/modifier`],
    ['reglages', 'pilote', chemins.reglages ?? ''],
    ['lire', 'caf', '/regles/versions/lire?genre=repartition'],
    ['lire-reglages', 'caf', '/regles/versions/lire?genre=parametres'],
    ['envoi', 'pilote', '/regles/versions/lire?genre=criteres'],
  ]

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, compte, chemin] of ecrans()) {
      const page = await (await essai.ouvrir(compte, VENDREDI)).lire(chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const largeur of [1366, 390]) {
    test(`no page overflows at ${largeur} px nor breaks an accessibility rule`, async () => {
      for (const [nom, compte, chemin] of ecrans()) {
        const contexte = await ouvrir(compte, { largeur })
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        await verifierLargeur(page, nom)
        if (LUS.get(largeur)?.includes(nom)) {
          await verifierAccessibilite(page, nom)
        }
        await contexte.close()
      }
    })
  }

  test('[REP-01] without scripts, one pilot prepares, mends, simulates and submits; the other reads the difference and approves', async () => {
    const sien = await ouvrir('pilote', { scripts: false })
    const page = await sien.newPage()
    await page.goto(`${adresse}/regles`)
    await page.getByRole('link', { name: 'Versions' }).click()
    await page
      .locator('section', { hasText: 'Critères de la commission' })
      .getByRole('link', { name: 'Préparer une version' })
      .first()
      .click()
    await page.getByRole('button', { name: 'Ouvrir le brouillon' }).click()
    const texte = page.getByLabel('Texte', { exact: true })
    const avant = await texte.inputValue()
    await page.getByLabel('Pourquoi ce changement').fill('Le bilan demande de voir plus tôt les dettes.')
    await page.getByLabel('Où il a été validé').fill('CCAPEX du 3 novembre 2026')
    await texte.fill(avant.replace('libelle: Dette élevée', 'libele: Dette élevée'))
    await page.getByRole('button', { name: 'Enregistrer et vérifier' }).click()
    await page.getByRole('alert').getByText('Clé inconnue « libele »').waitFor()
    await texte.fill(avant.replace('libelle: Dette élevée', 'libelle: Dette forte'))
    await page.getByRole('button', { name: 'Enregistrer et vérifier' }).click()
    await page.getByText('Simuler cette version avant de la soumettre').waitFor()
    await page.getByRole('button', { name: 'Simuler' }).click()
    await page.getByRole('button', { name: 'Soumettre à l’autre pilote' }).click()
    await page.getByRole('status').filter({ hasText: 'Version soumise' }).waitFor()
    const chemin = page.url()
    await sien.close()

    const autre = await ouvrir('copilote', { scripts: false })
    const decision = await autre.newPage()
    await decision.goto(chemin)
    await decision.getByRole('link', { name: 'Approuver ou refuser' }).click()
    const ecart = decision.locator('.ecart', { hasText: 'Dette forte' })
    await ecart.getByText('Dette élevée').waitFor()
    await decision.getByRole('button', { name: 'Approuver pour le 1er décembre 2026' }).click()
    await decision.getByRole('status').filter({ hasText: 'elle s’appliquera le 1er décembre 2026' }).waitFor()
    // What was just decided can be undone where it was decided.
    await decision.getByRole('status').getByRole('button', { name: 'Défaire l’approbation' }).click()
    await decision.getByRole('status').filter({ hasText: 'Approbation défaite' }).waitFor()
    await autre.close()
  })

  test('[REP-26] printed, a version keeps its conditions open and leaves the forms aside', async () => {
    const contexte = await ouvrir('pilote')
    const page = await contexte.newPage()
    await page.goto(`${adresse}/regles/versions/lire?genre=repartition`)
    await page.emulateMedia({ media: 'print' })
    assert.equal(
      await page.getByText('le ménage est dans une file active du service social du Département').first().isVisible(),
      true,
    )
    assert.equal(await page.getByText('Du 25 janvier 2021 au 25 janvier 2027').isVisible(), true)
    assert.equal(await page.getByRole('button', { name: 'Noter l’envoi' }).isVisible(), false)
    await contexte.close()
  })
})
