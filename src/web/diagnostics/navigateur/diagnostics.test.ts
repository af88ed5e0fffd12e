import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'

const CAPTURES = process.env.CAPTURES

describe('« Diagnostic », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiDesCercles
  let navigateur: Browser
  let site: string
  let place: string
  let volet = ''
  let diagnostic = ''
  let demande = ''
  let fsl = ''

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    const dossier = `/dossiers/${essai.dossier.reference}`
    place = `${dossier}/diagnostics`
    const { pool } = essai.application.base
    await pool.query(`update dossier set audience_le = '2026-12-30' where dept = $1`, [DEPT])
    const envoyer = (adresse: string, champs: Record<string, string>) =>
      essai.poster('auteure', adresse, { envoi: randomUUID(), ...champs })
    await envoyer(place, { organisme: essai.organisme('DEP71'), saisi_le: '2026-11-10', origine: 'assignation' })
    const { rows } = await pool.query('select id from diagnostic where dept = $1', [DEPT])
    diagnostic = (rows[0] as { id: string }).id
    const un = `${place}/${diagnostic}`
    for (const pour of ['2026-11-17', '2026-11-26'])
      await envoyer(`${un}/entretiens`, {
        propose_le: '2026-11-12',
        canal: 'courrier',
        pour_le: pour,
        demi_journee: 'matin',
        lieu: 'service',
      })
    const entretien = /entretiens\/([0-9a-f-]{36})/.exec((await essai.lire('auteure', place)).html)?.[1] ?? ''
    await envoyer(`${un}/entretiens/${entretien}`, { issue: 'reporte' })
    await envoyer(`${un}/observations`, {
      de: 'menage',
      observe_le: '2026-11-18',
      texte: 'Madame dit avoir repris le loyer depuis octobre.\n\nElle demande des délais.',
    })
    await envoyer(`${dossier}/contact`, {
      canal: 'appel',
      le: '2026-11-18',
      demi_journee: 'matin',
      resultat: 'message_laisse',
    })
    volet = (await envoyer(`${un}/volets/social`, {})).vers
    await envoyer(`${dossier}/accords`, { objet: 'echange_bailleur', sens: 'accord', le: '2026-11-18', moyen: 'oral' })
    await envoyer(`${place}/bailleur`, {
      canal: 'appel',
      le: '2026-11-19',
      resultat: 'accord_de_principe',
      present: 'oui',
      contenu: 'Dette confirmée : 1 620 euros.',
      version: 'Accepterait un plan sur trois ans.',
    })
    const questions = ['dette', 'dernier_versement', 'plan', 'version_bailleur']
    await essai.poster('auteure', `${un}/renseignements`, {
      ...{ envoi: randomUUID(), a: essai.organisme('OPAC71'), questions, avant: '2026-12-04' },
    })
    demande = /\/renseignements\/[0-9a-f-]{36}/.exec((await essai.lire('bailleur', '/renseignements')).html)?.[0] ?? ''
    fsl = (await envoyer(`${dossier}/fsl`, {})).vers
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
    diagnostic: ['auteure', place],
    prefecture: ['prefecture', place],
    volet: ['auteure', `${volet}?groupe=famille`],
    loyer: ['auteure', `${place}/loyer`],
    bailleur: ['auteure', `${place}/bailleur`],
    travail: ['secretariat', '/diagnostics'],
    demander: ['auteure', `${place}/${diagnostic}/renseignements?a=${essai.organisme('OPAC71')}`],
    renseigner: ['bailleur', '/renseignements'],
    repondre: ['bailleur', demande],
    jugement: ['auteure', '/outils/jugement'],
    fsl: ['auteure', `/dossiers/${essai.dossier.reference}/fsl`],
    'fsl-demande': ['auteure', fsl],
    'fsl-tout': ['auteure', `${fsl}?groupe=tout`],
    contact: ['auteure', `/dossiers/${essai.dossier.reference}/contact`],
  })

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
      const page = await essai.lire(compte, chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const largeur of [1366, 390]) {
    test(`pages are accessible and nothing overflows at ${largeur} px`, async () => {
      for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
        const contexte = await ouvrir(compte, largeur)
        const page = await contexte.newPage()
        await page.goto(`${site}${chemin}`)
        if (CAPTURES) await page.screenshot({ path: join(CAPTURES, `${nom}-${largeur}.png`), fullPage: true })
        if (largeur === 1366) {
          await verifierAccessibilite(page, nom)
        }
        await verifierLargeur(page, nom)
        await contexte.close()
      }
    })
  }

  test('what was typed a moment ago is finished with the part, and a colleague’s answer is not put back', async () => {
    const adresse = (await essai.poster('auteure', `${place}/${diagnostic}/volets/financier`, {})).vers
    const contexte = await ouvrir('auteure')
    const page = await contexte.newPage()
    await page.goto(`${site}${adresse}?groupe=tout`)
    await essai.poster('collegue', `${adresse}/auto`, {
      vu: '1',
      groupes: 'plan',
      plan_duree: '36',
      capacite: 'limitee',
    })
    const garde = () => page.waitForResponse((reponse) => reponse.url().endsWith('/auto'))
    await Promise.all([garde(), page.getByLabel('Loyer hors charges').fill('450')])
    await Promise.all([garde(), page.getByLabel('Eau', { exact: true }).fill('30')])
    assert.match((await essai.lire('auteure', `${adresse}?groupe=plan`)).html, /name="plan_duree"[^>]*value="36"/)
    await page.reload()
    await Promise.all([garde(), page.getByRole('textbox', { name: /^Dette de loyer/ }).fill('1700')])
    await page.getByRole('combobox', { name: /Le loyer courant est-il entièrement repris/ }).selectOption('non')
    await page.getByRole('button', { name: 'Terminer ce volet' }).click()
    await page.getByText('Volet terminé et figé.').waitFor()
    const finie = (await essai.lire('auteure', adresse)).texte
    assert.match(finie, /entièrement repris \? Non/)
    await contexte.close()
  })

  test('an answer on the rent is given with the keyboard, without scripts', async () => {
    const contexte = await ouvrir('auteure', 390)
    const page = await contexte.newPage()
    await page.goto(`${site}${place}/loyer`)
    await page.getByLabel('Oui, entièrement').focus()
    await page.keyboard.press('Space')
    await page.getByLabel(/Si oui, repris depuis le/).fill('2026-10-01')
    await page.getByLabel('Qui l’a dit').selectOption('menage')
    await page.getByRole('button', { name: 'Noter cette réponse' }).press('Enter')
    await page
      .getByText(/Oui, entièrement, depuis le 01\/10\/2026/)
      .first()
      .waitFor()
    await contexte.close()
  })

  for (const largeur of [1366, 390])
    test(`[OUT-12] a judgment is read on the page at ${largeur} px, without scripts on the smaller one, and prints`, async () => {
      const contexte = await ouvrir('auteure', largeur)
      const page = await contexte.newPage()
      await page.goto(`${site}/outils/jugement`)
      await page.getByRole('button', { name: 'Lire', exact: true }).click()
      await page
        .getByRole('alert')
        .getByRole('link', { name: /Choisir ce que le juge décide/ })
        .waitFor()
      await page.getByLabel('Décision', { exact: true }).selectOption('delais')
      await page.getByLabel('Rendu le').fill('2026-11-12')
      await page.getByLabel('Signifié le').fill('2026-11-20')
      await page.getByLabel('Jugement au fond').check()
      await page.getByLabel('Somme due selon le juge').fill('1 620,50')
      await page.getByLabel(/^Mensualité/).fill('45')
      await page.getByLabel('Nombre de mois').fill('4')
      await page.getByLabel('Première mensualité le').fill('2026-12-10')
      await page.getByRole('button', { name: 'Lire', exact: true }).click()
      await page.getByRole('heading', { name: /Ce que cela veut dire/ }).waitFor()
      await page.getByText(/puis une dernière de 1\s485,50/).waitFor()
      if (CAPTURES) await page.screenshot({ path: join(CAPTURES, `jugement-lu-${largeur}.png`), fullPage: true })
      await verifierLargeur(page, 'jugement')
      if (largeur === 1366) await verifierAccessibilite(page, 'jugement')
      await contexte.close()
    })
})
