import { after, before, describe, test } from 'node:test'
import type { Browser } from '@playwright/test'
import { traiterImport } from '#jobs'
import { DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'

const CAPTURES = process.env.AMONT_CAPTURES

describe('a guarantee of Action Logement reported on screen, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiDesCercles
  let navigateur: Browser
  let site: string

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    site = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  test('[SIG-09] without scripts, the secretariat writes it under the name of Action Logement and reads it on the dossier', async () => {
    const contexte = await navigateur.newContext({ viewport: { width: 1366, height: 768 }, javaScriptEnabled: false })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton('secretariat'), url: site }])
    const page = await contexte.newPage()
    await page.goto(`${site}/recevoir/signaler`)
    await page.getByLabel('Organisme qui signale').selectOption({ label: 'Action Logement' })
    await page
      .getByLabel(/Nature du signalement|Type/)
      .first()
      .selectOption('garantie_action_logement')
    await page.locator('[name=nom_usage]').fill('Garantis')
    await page.locator('[name=prenom]').fill('Odile')
    await page.locator('[name=adresse]').fill('12 rue Haute')
    await page.locator('[name=code_postal]').fill('71400')
    await page.locator('[name=commune]').fill('Autun')
    if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/signaler-rempli-1366.png`, fullPage: true })
    await page.getByRole('button', { name: 'Envoyer le signalement' }).click()
    await page.getByText('Signalement envoyé.').waitFor()
    await contexte.close()
    const { pool } = essai.application.base
    for (const { id } of (await pool.query(`select id from lot where etat = 'recu'`)).rows)
      await traiterImport(essai.application, DEPT, id)
    const { rows } = await pool.query(`select reference from dossier where titulaire like 'GARANTIS%'`)
    for (const [nom, chemin] of [
      ['signaler', '/recevoir/signaler?type=garantie_action_logement'],
      ['garantie', `/dossiers/${rows[0].reference}`],
      ['saisir-garantie', `/dossiers/${rows[0].reference}/procedure/saisir?genre=garantie`],
    ] as const) {
      await verifierHtml(nom, (await essai.lire('secretariat', chemin)).html)
      for (const largeur of [1366, 390]) {
        const autre = await navigateur.newContext({ viewport: { width: largeur, height: 768 } })
        await autre.addCookies([{ name: 'amont_session', value: await essai.jeton('secretariat'), url: site }])
        const ecran = await autre.newPage()
        await ecran.goto(site + chemin)
        if (nom === 'garantie') await ecran.getByText('Autre garantie d’Action Logement').waitFor()
        if (CAPTURES) await ecran.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(ecran, nom)
        if (largeur === 1366) await verifierAccessibilite(ecran, nom)
        await autre.close()
      }
    }
  })
})
