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
import { type CompteRequisitions, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

const CAPTURES = process.env.AMONT_CAPTURES
/** Which screens axe reads at each width; all are checked for overflow. */
const LARGEURS: readonly (readonly [number, readonly string[]])[] = [
  [1366, ['transmettre', 'genre', 'demande', 'registre', 'envoye', 'recu']],
  [390, ['genre', 'registre', 'recu']],
]
const champ = (html: string, nom: string) => new RegExp(`name="${nom}" value="([^"]+)"`).exec(html)?.[1] ?? ''

describe('« Transmettre », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiRequisitions
  let navigateur: Browser
  let adresse: string
  let bordereau = ''

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28')
    const { html } = await essai.lire('secretariat', '/transmettre/requisitions')
    const faite = await essai.poster('secretariat', '/transmettre/requisitions', {
      empreinte: champ(html, 'empreinte'),
      envoi: champ(html, 'envoi'),
    })
    bordereau = /registre\/([\w-]{36})/.exec(faite.vers)?.[1] ?? ''
    // Owed again: the step was entered anew since.
    await essai.application.base.pool.query("update dossier set stade_le = '2026-09-29' where dept = '71'")
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  async function ouvrir(compte: CompteRequisitions, largeur = 1366, scripts = true): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 768 },
      javaScriptEnabled: scripts,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: adresse }])
    return contexte
  }

  const ecrans = (): Readonly<Record<string, readonly [CompteRequisitions, string]>> => ({
    transmettre: ['secretariat', '/transmettre'],
    genre: ['secretariat', '/transmettre/requisitions'],
    vide: ['secretariat', '/transmettre/quitter-les-lieux'],
    demande: ['secretariat', `/dossiers/${essai.dossier.reference}/transmettre/contingent`],
    registre: ['secretariat', '/transmettre/registre'],
    envoye: ['secretariat', `/transmettre/registre/${bordereau}`],
    recus: ['assistante', '/recus'],
    recu: ['assistante', `/recus/${bordereau}`],
  })

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
      const page = await essai.lire(compte, chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const [largeur, lus] of LARGEURS)
    test(`no page overflows at ${largeur} px, and those read break no accessibility rule`, async () => {
      for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
        const contexte = await ouvrir(compte, largeur)
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(page, nom)
        if (lus.includes(nom)) {
          await verifierAccessibilite(page, nom)
        }
        await contexte.close()
      }
    })

  test('[COU-16] without scripts: re-read, send, withdraw', async () => {
    const contexte = await ouvrir('secretariat', 1366, false)
    const page = await contexte.newPage()
    await page.goto(`${adresse}/transmettre`)
    await page.getByRole('link', { name: 'Réquisitions de la force publique' }).click()
    await page.getByRole('button', { name: 'Envoyer' }).click()
    await page.getByText(/1\sbordereau envoyé/).waitFor()
    await page.getByLabel('Pourquoi').fill('Parti deux fois')
    await page.getByRole('button', { name: 'Retirer ce bordereau' }).click()
    await page.getByText('son destinataire ne le lit plus').waitFor()
    await contexte.close()
  })
})
