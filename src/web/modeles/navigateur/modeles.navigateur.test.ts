import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from '@playwright/test'
import type { Database } from '#socle/db'
import { openTestDatabase } from '#tests/base'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { routesCourriers } from '../../courriers/index.ts'
import { creerServeur } from '../../serveur.ts'
import { applicationLe, installer, seConnecter } from '../../tableaux/fabrique-essai.ts'
import { routesModeles } from '../index.ts'

const PHRASE = 'Notre accueil est ouvert le jeudi.'

describe('« Adapter les courriers », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let base: Database
  let serveur: Awaited<ReturnType<typeof creerServeur>>
  let navigateur: Browser
  let site: string
  const cookies: Record<string, { name: string; value: string; url: string }> = {}

  before(async () => {
    base = await openTestDatabase()
    await installer(base, '2026-01-01')
    const application = applicationLe(base, '2026-11-16')
    serveur = await creerServeur(application, [...routesModeles, ...routesCourriers], {
      securise: false,
      departement: '71',
      journalErreurs: (_reference, erreur) => process.stderr.write(`${String((erreur as Error).stack)}\n`),
    })
    site = await serveur.listen({ port: 0, host: '127.0.0.1' })
    for (const nom of ['secretariat', 'pilote']) {
      const { cookie } = await seConnecter(application, nom)
      cookies[nom] = { name: 'amont_session', value: cookie.split('=')[1] ?? '', url: site }
    }
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await serveur?.close()
    await base?.close()
  })

  const ouvrir = async (nom: string, largeur: number, javaScriptEnabled = true) => {
    const contexte = await navigateur.newContext({ viewport: { width: largeur, height: 768 }, javaScriptEnabled })
    const cookie = cookies[nom]
    if (cookie) await contexte.addCookies([cookie])
    return contexte
  }

  test('[COU-06] [CHA-06] without scripts, a secretariat writes, a pilot reads what changes and approves; every page is sound', async () => {
    const bureau = await ouvrir('secretariat', 1366, false)
    const page = await bureau.newPage()
    await page.goto(`${site}/modeles`)
    await page.getByRole('button', { name: /^Changer : Au ménage : un commandement de payer/ }).click()
    const texte = page.getByLabel('Texte courant')
    const livre = await texte.inputValue()
    await texte.fill(`${livre}\n\nAppeler {service.non}.`)
    await page.getByLabel('Pourquoi ce changement').fill('Nouvel accueil.')
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click()
    await page
      .getByRole('alert')
      .getByText(/Ligne \d+, colonne 9\s: .* Peut-être\s«\sservice\.nom\s»/)
      .waitFor()
    await page.getByLabel('Texte courant').fill(`${livre}\n\n${PHRASE}`)
    await page.getByRole('button', { name: 'Voir sans enregistrer' }).click()
    await page.getByRole('heading', { name: 'Ce que cela donne' }).waitFor()
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click()
    await page.getByText('Brouillon enregistré.').waitFor()
    const version = page.url()
    await page.getByRole('button', { name: 'Soumettre à un pilote' }).click()
    await page.getByText(/Version soumise/).waitFor()
    await bureau.close()

    const pilote = await ouvrir('pilote', 1366, false)
    const lue = await pilote.newPage()
    await lue.goto(`${site}/modeles`)
    await lue
      .getByRole('link', { name: /commandement de payer a été reçu, version 1/ })
      .first()
      .click()
    await lue.getByText(PHRASE).first().waitFor()
    await lue.getByRole('button', { name: 'Approuver' }).click()
    await lue.getByText(/Version approuvée/).waitFor()
    await pilote.close()

    const suite = await ouvrir('secretariat', 1366, false)
    const presentation = await suite.newPage()
    await presentation.goto(`${site}/modeles`)
    await presentation.getByRole('button', { name: 'Changer : En-tête, contacts et signatures' }).click()
    const ecrans: Readonly<Record<string, string>> = {
      liste: '/modeles',
      version: new URL(version).pathname,
      essai: `${new URL(version).pathname}/essai`,
      presentation: new URL(presentation.url()).pathname,
    }
    await suite.close()

    for (const largeur of [1366, 390]) {
      const contexte = await ouvrir('secretariat', largeur)
      for (const [nom, chemin] of Object.entries(ecrans)) {
        const une = await contexte.newPage()
        const reponse = await une.goto(site + chemin)
        assert.equal(reponse?.status(), 200, nom)
        if (process.env.CAPTURES)
          await une.screenshot({ path: `${process.env.CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(une, nom)
        await verifierAccessibilite(une, `${nom} ${largeur}`)
        if (largeur > 1000) await verifierHtml(nom, (await reponse?.text()) ?? '')
        await une.close()
      }
      await contexte.close()
    }
  })
})
