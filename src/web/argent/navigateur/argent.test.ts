import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Browser } from '@playwright/test'
import { openTestDatabase } from '#tests/base'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { type EssaiArgent, ouvrirEssaiArgent } from '../fabrique-essai.ts'

/** Axe takes a second or more a page: at 390 px it reads those whose layout changes most. */
const LUS_AU_TELEPHONE = new Set(['ensemble', 'lignes'])

const BUDGET = {
  a: '1 332,50',
  loyer: '520',
  charges: '60',
  aide: '310',
  suspendue: 'oui',
  autres: '145',
  hors: '230',
  personnes: '3',
}

describe('the money of a dossier, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiArgent
  let navigateur: Browser
  let adresse: string
  let plan = ''

  before(async () => {
    essai = await ouvrirEssaiArgent(await openTestDatabase())
    await essai.saisir('departement', [
      ['loyer', '2026-09-05', '520', '09/2026'],
      ['loyer', '2026-10-05', '520', '10/2026'],
      ['loyer', '2026-11-05', '520', '11/2026'],
      ['aide', '2026-11-05', '310', '11/2026'],
      ['menage', '2026-11-10', '210', '11/2026', 'terme'],
      ['frais', '2026-11-12', '89,40'],
    ])
    await essai.poster('departement', essai.adresse('/budget'), {
      ...BUDGET,
      envoi: randomUUID(),
      jeunes: '1',
      pieces: '3',
      le: '2026-11-20',
    })
    const conclu = await essai.poster('departement', essai.adresse('/plan'), {
      acte: 'conclure',
      envoi: randomUUID(),
      origine: 'bailleur',
      conclu_le: '2026-09-20',
      dette: '520,00',
      nombre: '6',
      premiere: '2026-10-05',
      arrondi: 'derniere',
      disponible: '150,00',
    })
    plan = conclu.vers.split('/').at(-1) ?? ''
    await essai.saisir('departement', [['menage', '2026-10-05', '86,67', '', `plan:${plan}`]])
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  const ouvrir = async (largeur: number, scripts = true) => {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 900 },
      javaScriptEnabled: scripts,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton('departement'), url: adresse }])
    return contexte
  }
  const ecrans = (): readonly (readonly [string, string])[] => [
    ['ensemble', essai.adresse()],
    ['lignes', essai.adresse('/lignes')],
    ['preparer', essai.adresse('/plan')],
    ['plan', essai.adresse(`/plans/${plan}`)],
    ['budget', essai.adresse('/budget')],
    ['avis', essai.adresse('/avis?mois=2026-11')],
    ['outils', '/outils'],
    ['apurement', '/outils/apurement'],
    ['affectation', '/outils/affectation'],
    ['avis-outil', '/outils/avis'],
  ]

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, chemin] of ecrans()) {
      const lue = await essai.lire('departement', chemin)
      assert.equal(lue.statut, 200, nom)
      await verifierHtml(nom, lue.html)
    }
  })

  test('every page passes axe and overflows nowhere, at 1366 and 390 pixels', async () => {
    for (const largeur of [1366, 390]) {
      const contexte = await ouvrir(largeur)
      const page = await contexte.newPage()
      for (const [nom, chemin] of ecrans()) {
        await page.goto(adresse + chemin)
        await verifierLargeur(page, nom)
        if (largeur > 390 || LUS_AU_TELEPHONE.has(nom)) {
          await verifierAccessibilite(page, `${nom} at ${largeur}`)
        }
        if (process.env.AMONT_CAPTURES)
          await page.screenshot({ path: `${process.env.AMONT_CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
      }
      await contexte.close()
    }
  })

  test('[OUT-01] without scripts, a plan is computed from the form, and what was typed stays', async () => {
    const contexte = await ouvrir(390, false)
    const page = await contexte.newPage()
    await page.goto(adresse + essai.adresse('/plan'))
    await page.getByLabel('D’où vient-il').selectOption('volontaire')
    await page.getByLabel('Nombre de mensualités').fill('10')
    await page.getByLabel('Première mensualité le').fill('2026-12-05')
    await page.getByLabel(/^Disponible du ménage/).fill('500')
    await page.getByRole('button', { name: 'Calculer' }).click()
    await page.getByText(/^Plan possible/).waitFor()
    assert.equal(await page.getByLabel('Nombre de mensualités').inputValue(), '10')
    await contexte.close()
  })
})
