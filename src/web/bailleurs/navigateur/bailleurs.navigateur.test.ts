import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Browser } from '@playwright/test'
import { type Compte, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { pdf } from '#tests/fichiers'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'

const CAPTURES = process.env.AMONT_CAPTURES

describe('landlords, and what surrounds the procedure, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiDesCercles
  let navigateur: Browser
  let site: string
  const fiches: string[] = []

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    site = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
    for (const [nom, suite] of [
      ['OPAC de Saône-et-Loire', { dossier: essai.dossier.reference, nature: 'bailleur_social' }],
      ['Agence des Deux Rives', { gestionnaire: 'oui' }],
      ['OPAC de Saone et Loire', { conventionne_anah: 'oui' }],
    ] as const) {
      const { vers } = await essai.poster('secretariat', '/bailleurs/ajouter', { envoi: randomUUID(), nom, ...suite })
      fiches.push(vers)
    }
    await essai.poster('secretariat', `/dossiers/${essai.dossier.reference}/procedure/connu`, {})
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  test('[RAP-10] [RAP-06] [TER-10] every page is valid HTML, overflows at no width and breaks no accessibility rule', async () => {
    const procedure = `/dossiers/${essai.dossier.reference}/procedure`
    const { rows } = await essai.application.base.pool.query("select id from lot where nom = 'assignations.csv'")
    const ecrans: Readonly<Record<string, readonly [Compte, string]>> = {
      anah: ['secretariat', '/bailleurs/anah'],
      copie: ['secretariat', `/recevoir/${rows[0].id}/lignes/2/copie`],
      depot: ['secretariat', `/recevoir/${rows[0].id}?tout=oui`],
      liste: ['secretariat', '/bailleurs'],
      fiche: ['secretariat', fiches[0] ?? ''],
      formulaire: ['secretariat', `${fiches[0]}/modifier`],
      reunir: ['secretariat', `${fiches[0]}/reunir?avec=${fiches[2]?.split('/').at(-1)}`],
      connus: ['adil', '/connus'],
      territoire: ['secretariat', `${procedure}/territoire`],
      procedure: ['secretariat', procedure],
      lieux: ['secretariat', '/territoires/autun'],
      commune: ['secretariat', '/territoires?q=le+creusot'],
      maires: ['secretariat', '/territoires/maires'],
    }
    for (const [nom, [compte, chemin]] of Object.entries(ecrans)) {
      await verifierHtml(nom, (await essai.lire(compte, chemin)).html)
      for (const largeur of [1366, 390]) {
        const contexte = await navigateur.newContext({ viewport: { width: largeur, height: 768 } })
        await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: site }])
        const page = await contexte.newPage()
        await page.goto(site + chemin)
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(page, nom)
        if (largeur === 1366) await verifierAccessibilite(page, nom)
        await contexte.close()
      }
    }
  })

  test('[SIG-03] [SIG-19] without scripts, a list of the ANAH is taken line by line, and the copy of an act is attached then downloaded', async () => {
    const contexte = await navigateur.newContext({ viewport: { width: 1366, height: 768 }, javaScriptEnabled: false })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton('secretariat'), url: site }])
    const page = await contexte.newPage()
    await page.goto(`${site}/bailleurs`)
    await page.getByRole('link', { name: 'Recevoir la liste de l’ANAH' }).click()
    const liste = 'Nom;SIRET;Date de convention\r\nLenoir Marcel;;12/03/2024\r\nGarnier Lucie;12;\r\n'
    await page
      .getByLabel('Fichier')
      .setInputFiles({ name: 'anah.csv', mimeType: 'text/csv', buffer: Buffer.from(liste) })
    await page.getByRole('button', { name: 'Prendre cette liste' }).click()
    await page.getByText('1 fiche ouverte').waitFor()
    assert.match(
      (await page.getByRole('row').nth(1).textContent()) ?? '',
      /Garnier Lucie[\s\S]*SIRET[\s\S]*14 chiffres/,
    )
    if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/anah-recue-1366.png`, fullPage: true })
    const { rows } = await essai.application.base.pool.query("select id from lot where nom = 'assignations.csv'")
    await page.goto(`${site}/recevoir/${rows[0].id}/lignes/2`)
    await page.getByRole('link', { name: 'Joindre la copie de l’acte' }).click()
    await page
      .getByLabel('Copie de l’acte')
      .setInputFiles({ name: 'acte.pdf', mimeType: 'application/pdf', buffer: pdf() })
    await page.getByRole('button', { name: 'Joindre cette copie' }).click()
    const attendu = page.waitForEvent('download')
    await page.getByRole('link', { name: 'acte.pdf' }).click()
    assert.equal((await attendu).suggestedFilename(), 'acte.pdf')
    if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/copie-jointe-1366.png`, fullPage: true })
    await contexte.close()
  })
})
