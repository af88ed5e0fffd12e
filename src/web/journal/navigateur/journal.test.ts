import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from '@playwright/test'
import { lancerNavigateur, SANS_NAVIGATEUR, verifierAccessibilite, verifierLargeur } from '#tests/navigateur'
import { routesAccompagner } from '../../accompagner/index.ts'
import { routesAide } from '../../aide/index.ts'
import { type Essai, ouvrirEssai } from '../fabrique-essai.ts'
import { routesJournal } from '../index.ts'

describe('« Journal » and « Alertes », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: Essai
  let navigateur: Browser
  let adresse: string
  let alerte: string

  before(async () => {
    essai = await ouvrirEssai([...routesJournal, ...routesAccompagner, ...routesAide])
    await essai.lire('secretariat', `/dossiers/${essai.dossier.reference}`)
    const { rows } = await essai.application.base.pool.query(
      `insert into alerte_acces (dept, cle, regle, compte, dossier, jour, cree_a) values ('71', 'x', 'homonyme', $1, $2, '2026-11-20', now()) returning id`,
      [essai.comptes.get('secretariat')?.id, essai.dossier.id],
    )
    alerte = `/alertes/${rows[0].id}`
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  const ouvrir = async (largeur: number, scripts: boolean) => {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 768 },
      javaScriptEnabled: scripts,
    })
    const jeton = essai.comptes.get('dpd')?.jeton ?? ''
    await contexte.addCookies([{ name: 'amont_session', value: jeton, url: adresse }])
    return contexte
  }

  test('every screen passes axe, and none overflows a phone', async () => {
    const chemins = ['/journal', `/journal/dossiers/${essai.dossier.reference}`, '/alertes', alerte]
    const grand = await ouvrir(1366, true)
    for (const chemin of chemins) {
      const page = await grand.newPage()
      await page.goto(adresse + chemin)
      await verifierAccessibilite(page, chemin)
      await page.close()
    }
    await grand.close()
    const petit = await ouvrir(390, true)
    for (const chemin of chemins) {
      const page = await petit.newPage()
      await page.goto(adresse + chemin)
      await verifierLargeur(page, chemin)
      await page.close()
    }
    await petit.close()
  })

  test('[ACC-13] an alert is justified and taken back without scripts', async () => {
    const contexte = await ouvrir(1366, false)
    const page = await contexte.newPage()
    await page.goto(`${adresse}/alertes`)
    await page.getByRole('link', { name: 'Même nom que le ménage' }).click()
    await page.getByLabel('Motif').fill('Homonyme, vérifié avec sa responsable.')
    await page.getByRole('button', { name: 'Justifier' }).click()
    await page.getByText('Alerte justifiée.').waitFor()
    await page.getByRole('button', { name: 'Défaire' }).click()
    await page.getByText('Alerte remise à examiner.').waitFor()
    assert.match(await page.title(), /1\salerte à examiner/)
    await contexte.close()
  })
})
