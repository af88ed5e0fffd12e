import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { ouvrirSession } from '#acces'
import { tenirLocataires } from '#echanges'
import { systeme } from '#tests/application'
import { type Compte, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'

describe('« Écrits », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiDesCercles
  let navigateur: Browser
  let site: string
  let dossier: string
  let note: string

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    dossier = `/dossiers/${essai.dossier.reference}`
    const textes = {
      texte: 'Visite du 18 novembre.\n\nMadame demande un rendez-vous.',
      motif: 'Elle reprend la visite.',
    }
    await essai.ecrire('auteure', `${dossier}/ecrits`, { ...textes, cercle: '1', equipe: [essai.ids.collegue] })
    note = /\/ecrits\/([0-9a-f-]{36})"/.exec((await essai.lire('auteure', dossier)).html)?.[1] ?? ''
    const organismes = [essai.organisme('SEC71-AUTUN'), essai.organisme('PREF71')]
    await essai.ecrire('auteure', `${dossier}/ecrits`, { ...textes, cercle: '2', organismes, note })
    await essai.ecrire('caf', `${dossier}/ecrits`, { ...textes, cercle: '3' })
    await ouvrirSession(essai.application, systeme(), 'dossier.consulter', tenirLocataires)
    const { html } = await essai.lire('auteure', `${dossier}/syntheses/nouvelle?pour=bailleur`)
    const empreinte = /name="empreinte" value="(\w+)"/.exec(html)?.[1] ?? ''
    await essai.poster('auteure', `${dossier}/syntheses`, { pour: 'bailleur', empreinte, motif: 'Demandée.' })
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
    dossier: ['auteure', dossier],
    ecrire: ['auteure', `${dossier}/ecrits/nouveau`],
    transmettre: ['auteure', `${dossier}/ecrits/nouveau?note=${note}`],
    note: ['auteure', `${dossier}/ecrits/${note}`],
    elargir: ['auteure', `${dossier}/ecrits/${note}/elargir`],
    destinataire: ['auteure', `${dossier}/syntheses/nouvelle`],
    synthese: ['auteure', `${dossier}/syntheses/nouvelle?pour=bailleur`],
    locataires: ['bailleur', '/locataires'],
  })

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
      const page = await essai.lire(compte, chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const largeur of [1366, 390]) {
    test(`no page overflows at ${largeur} px nor breaks an accessibility rule`, async () => {
      const contextes = { auteure: await ouvrir('auteure', largeur), bailleur: await ouvrir('bailleur', largeur) }
      for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
        const page = await contextes[compte === 'bailleur' ? 'bailleur' : 'auteure'].newPage()
        await page.goto(site + chemin)
        await verifierLargeur(page, nom)
        if (largeur === 1366) {
          await verifierAccessibilite(page, nom)
        }
        await page.close()
      }
      for (const contexte of Object.values(contextes)) await contexte.close()
    })
  }

  test('[ESP-03] by the keyboard and without scripts, the circle is chosen, the readers are read, the note is kept', async () => {
    const contexte = await ouvrir('auteure', 390)
    const page = await contexte.newPage()
    await page.goto(`${site}${dossier}`)
    await page.getByRole('link', { name: 'Écrire dans le dossier', exact: true }).click()
    const cercles = page.getByRole('group', { name: /Qui lira ceci/ })
    await cercles.getByRole('radio', { name: /1\. Note professionnelle/ }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    assert.ok(await cercles.getByRole('radio', { name: /3\. Suivi partagé/ }).isChecked())
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await page.getByRole('textbox', { name: 'Votre texte' }).fill('Première ligne.\nSeconde ligne.')
    await page.getByRole('checkbox', { name: 'Camille COLLEGUE', exact: true }).check()
    await page.getByRole('button', { name: /Relire/ }).click()
    // The reason is missing: what was typed is still there.
    assert.match((await page.getByRole('alert').textContent()) ?? '', /Dire pourquoi/)
    assert.equal(
      await page.getByRole('textbox', { name: 'Votre texte' }).inputValue(),
      'Première ligne.\nSeconde ligne.',
    )
    await page.getByRole('textbox', { name: /Pourquoi/ }).fill('Relais.')
    await page.getByRole('button', { name: /Relire/ }).click()
    assert.ok(await page.getByRole('heading', { name: /Seront lecteurs\s: vous et 1\spersonne/ }).isVisible())
    assert.ok(await page.getByText('vous, Camille COLLEGUE').isVisible())
    await page.getByRole('button', { name: 'Garder cette note' }).click()
    assert.match(
      (await page.getByRole('status').first().textContent()) ?? '',
      /Note gardée\. Lecteurs\s: vous et 1\spersonne/,
    )
    await contexte.close()
  })
})
