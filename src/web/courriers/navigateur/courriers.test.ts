import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Browser } from '@playwright/test'
import { preparerCourriers, produireLotCourriers } from '#jobs'
import type { Database } from '#socle/db'
import { openTestDatabase } from '#tests/base'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { routesAide } from '../../aide/index.ts'
import { creerServeur } from '../../serveur.ts'
import { applicationLe, creerDossiers, installer, menageAssigne, seConnecter } from '../../tableaux/fabrique-essai.ts'
import { routesCourriers } from '../index.ts'

const JOUR = '2026-11-16'

describe('« Écrire », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let base: Database
  let serveur: Awaited<ReturnType<typeof creerServeur>>
  let navigateur: Browser
  let site: string
  let cookie: { name: string; value: string; url: string }
  let ecrans: Readonly<Record<string, string>>

  before(async () => {
    base = await openTestDatabase()
    await installer(base, '2026-01-01')
    const application = applicationLe(base, JOUR)
    const [dossier] = await creerDossiers(
      application,
      ['Morel', 'Vernache', 'Quillet'].map((nom, rang) =>
        menageAssigne(nom, {
          code_postal: '71400',
          commune: 'Autun',
          audience: '2027-01-12',
          ...(rang === 2 ? { adresse: '' } : {}),
        }),
      ),
    )
    await preparerCourriers(application, '71')
    serveur = await creerServeur(application, [...routesCourriers, ...routesAide], {
      securise: false,
      departement: '71',
      journalErreurs: (_reference, erreur) => process.stderr.write(`${String((erreur as Error).stack)}\n`),
    })
    const connecte = await seConnecter(application, 'secretariat')
    const { rows } = await base.pool.query("select id from courrier where modele = 'menage-assignation' order by nom")
    const lance = await serveur.inject({
      method: 'POST',
      url: '/courriers/modeles/menage-assignation/produire',
      headers: { cookie: connecte.cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _jeton: connecte.jeton, envoi: randomUUID() }).toString(),
    })
    const lot = String(lance.headers.location)
    await produireLotCourriers(application, '71', lot.split('/').at(-1) ?? '')
    ecrans = {
      accueil: '/courriers',
      modele: '/courriers/modeles/menage-assignation?etat=produit',
      a_relire: '/courriers/modeles/menage-assignation',
      courrier: `/courriers/${rows[0].id}`,
      incomplet: `/courriers/${rows[1].id}`,
      lot,
      catalogue: '/courriers/catalogue',
      dossier: `/dossiers/${dossier?.reference}/courriers`,
      registre: '/courriers/registre',
    }
    site = await serveur.listen({ port: 0, host: '127.0.0.1' })
    cookie = { name: 'amont_session', value: connecte.cookie.split('=')[1] ?? '', url: site }
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await serveur?.close()
    await base?.close()
  })

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, url] of Object.entries(ecrans)) {
      const page = await serveur.inject({ method: 'GET', url, headers: { cookie: `amont_session=${cookie.value}` } })
      assert.equal(page.statusCode, 200, nom)
      await verifierHtml(nom, page.body)
    }
  })

  for (const largeur of [1366, 390])
    test(`no page overflows at ${largeur} px, nor breaks an accessibility rule`, async () => {
      const contexte = await navigateur.newContext({ viewport: { width: largeur, height: 768 } })
      await contexte.addCookies([cookie])
      for (const [nom, chemin] of Object.entries(ecrans)) {
        const page = await contexte.newPage()
        await page.goto(site + chemin)
        await verifierLargeur(page, nom)
        // Reading a page takes a second or two: the narrow screen is read where it differs most.
        if (largeur < 1000 && nom !== 'courrier') {
          await page.close()
          continue
        }
        await verifierAccessibilite(page, nom)
        if (process.env.CAPTURES)
          await page.screenshot({ path: `${process.env.CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await page.close()
      }
      await contexte.close()
    })

  test('[COU-08] without scripts, a letter is re-read, left out with its reason, and put back', async () => {
    const contexte = await navigateur.newContext({ javaScriptEnabled: false })
    await contexte.addCookies([cookie])
    const page = await contexte.newPage()
    await page.goto(`${site}/courriers`)
    await page.getByRole('link', { name: 'Au ménage : une audience au tribunal' }).first().click()
    await page.getByRole('link', { name: /QUILLET/ }).click()
    await page.getByRole('button', { name: 'Écarter ce courrier' }).click()
    await page.getByRole('alert').getByText('Écrire pourquoi ce courrier n’est pas envoyé.').waitFor()
    await page.getByLabel('Pourquoi').fill('Rencontrée hier.')
    await page.getByRole('button', { name: 'Écarter ce courrier' }).click()
    await page.getByRole('button', { name: 'Le remettre à relire' }).click()
    await page.getByText('Courrier remis à relire.').waitFor()
    await contexte.close()
  })
})
