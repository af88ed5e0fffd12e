import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { proposerSaisines } from '#jobs'
import { type Compte, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'

const CAPTURES = process.env.AMONT_CAPTURES

describe('« Saisir la CCAPEX », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiDesCercles
  let navigateur: Browser
  let site: string
  let dossier: string
  let brouillon: string
  let deposee: string

  const cache = (html: string, nom: string): string => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const commencer = async (): Promise<string> =>
    (await essai.poster('auteure', dossier, { envoi: crypto.randomUUID() })).vers

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    dossier = `/dossiers/${essai.dossier.reference}/saisine`
    await proposerSaisines(essai.application, '71')
    deposee = await commencer()
    const vu = cache((await essai.lire('auteure', deposee)).html, 'vu')
    await essai.poster('auteure', deposee, {
      vu,
      groupes: ['motif', 'ressources', 'aide', 'logement', 'paiements'],
      motifs: ['impaye', 'voisinage'],
      'ressources.cdi.occupant': '1150',
      'ressources.rsa.conjoint': '310,20',
      aide_droit: 'oui',
      aide_montant: '240',
      loyer: '512,40',
      charges_locatives: '61',
      'paiements_loyer.0.le': '2026-10-05',
      'paiements_loyer.0.montant': '150',
    })
    const version = cache((await essai.lire('auteure', deposee)).html, 'vu')
    await essai.poster('auteure', `${deposee}/deposer`, { vu: version })
    brouillon = await commencer()
    await essai.poster('auteure', brouillon, {
      vu: '1',
      groupes: 'aide',
      aide_droit: 'oui',
      aide_montant: 'deux cents',
    })
    site = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  async function ouvrir(compte: Compte, largeur = 1366): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 768 },
      javaScriptEnabled: largeur !== 390,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: site }])
    return contexte
  }

  const ecrans = (): Readonly<Record<string, readonly [Compte, string]>> => ({
    liste: ['secretariat', '/saisines'],
    propositions: ['secretariat', '/saisines/propositions'],
    saisines: ['auteure', dossier],
    premier: ['auteure', brouillon],
    ressources: ['auteure', `${brouillon}?groupe=ressources`],
    corriger: ['auteure', `${brouillon}?groupe=aide`],
    tout: ['auteure', `${brouillon}?groupe=tout`],
    relire: ['auteure', `${deposee}/deposer`],
    lire: ['auteure', deposee],
    instruire: ['secretariat', dossier],
  })

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
      const page = await essai.lire(compte, chemin)
      // Re-reading what is filed leads to it.
      if (page.statut === 303) continue
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const largeur of [1366, 390]) {
    test(`no page overflows at ${largeur} px nor breaks an accessibility rule`, async () => {
      const contextes = { auteure: await ouvrir('auteure', largeur), secretariat: await ouvrir('secretariat', largeur) }
      for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
        const page = await contextes[compte === 'secretariat' ? 'secretariat' : 'auteure'].newPage()
        await page.goto(site + chemin)
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: nom !== 'tout' })
        await verifierLargeur(page, nom)
        if (largeur === 1366) {
          await verifierAccessibilite(page, nom)
        }
        await page.close()
      }
      for (const contexte of Object.values(contextes)) await contexte.close()
    })
  }

  test('[SAI-21] with scripts, what is typed is saved and the totals follow, without leaving the page', async () => {
    const contexte = await ouvrir('auteure')
    const page = await contexte.newPage()
    await page.goto(`${site}${await commencer()}?groupe=tout`)
    await page.getByLabel('Salarié en CDI : Occupant').fill('1200')
    await page.getByRole('textbox', { name: /^\(1\) Loyer/ }).fill('480')
    await page.getByRole('textbox', { name: 'Montant mensuel de l’aide' }).fill('0')
    await page.waitForFunction(() => document.querySelector('[data-calcul="taux_effort"]')?.textContent?.includes('40'))
    assert.match((await page.locator('[data-enregistre]').textContent()) ?? '', /Enregistré le/)
    // What depends on another answer appears when it is given.
    const second = page.getByLabel('Nom d’usage du second titulaire')
    assert.equal(await second.isVisible(), false)
    await page
      .getByRole('group', { name: /second titulaire du bail/ })
      .or(page.getByRole('radiogroup', { name: /second titulaire du bail/ }))
      .getByRole('radio', { name: 'Oui' })
      .check()
    assert.equal(await second.isVisible(), true)
    await page.reload()
    assert.equal(await page.getByLabel('Salarié en CDI : Occupant').inputValue(), '1200,00')
    await contexte.close()
  })

  test('without scripts, the table of contents saves what is typed and goes where it says', async () => {
    const contexte = await ouvrir('auteure', 390)
    const page = await contexte.newPage()
    const adresse = await commencer()
    await page.goto(`${site}${adresse}?groupe=menage`)
    await page.getByRole('textbox', { name: 'Téléphone' }).fill('06 00 00 00 00')
    await page.getByRole('button', { name: 'Identité du bailleur' }).click()
    assert.ok(await page.getByRole('heading', { name: 'Identité du bailleur' }).isVisible())
    await page.goto(`${site}${adresse}?groupe=menage`)
    assert.equal(await page.getByRole('textbox', { name: 'Téléphone' }).inputValue(), '06 00 00 00 00')
    await contexte.close()
  })
})
