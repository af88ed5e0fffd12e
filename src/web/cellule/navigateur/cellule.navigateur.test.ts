import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { acteurSysteme, ouvrirSession } from '#acces'
import { tenirLocataires } from '#echanges'
import { echoirCellules } from '#jobs'
import { type Compte, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'

const CAPTURES = process.env.AMONT_CAPTURES
/** Screens with forms and lists of their own: the others are made of the same parts. */
const PRINCIPAUX = ['ouverte', 'complexe', 'conclue', 'recue', 'bilan']

describe('« Cellule technique », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiDesCercles
  let navigateur: Browser
  let site: string
  let dossier: string
  let ouverte: string
  let complexe: string
  let fiche: string
  let conclue: string
  let locataire: string
  let recue: string

  const cache = (html: string, nom: string, formulaire?: string): string => {
    const part = formulaire ? (html.split('<form').find((un) => un.includes(`aria-label="${formulaire}"`)) ?? '') : html
    return new RegExp(`name="${nom}" value="([^"]*)"`).exec(part)?.[1] ?? ''
  }
  const demande = (plus: Record<string, string | string[]>) => ({
    objet: 'second-protocole',
    question: 'Le loyer est repris depuis cinq mois.\nAccord pour un second protocole de cohésion sociale ?',
    mode: 'dematerialise',
    urgence: 'urgent',
    envoi: crypto.randomUUID(),
    ...plus,
  })
  const consulter = async (
    compte: Compte,
    plus: Record<string, string | string[]>,
    adresse = `${dossier}/nouvelle`,
  ) => {
    const champs = demande(plus)
    const relue = await essai.poster(compte, adresse, { ...champs, etape: 'relire' })
    return (await essai.poster(compte, adresse, { ...champs, etape: 'confirmer', marque: cache(relue.html, 'marque') }))
      .vers
  }
  const repondre = async (compte: Compte, adresse: string, sens: string) => {
    const { html } = await essai.lire(compte, adresse)
    await essai.poster(compte, `${adresse}/position`, {
      sens,
      motif: 'Loyer repris, dette en baisse.',
      envoi: cache(html, 'envoi', 'Position'),
      vu: cache(html, 'vu', 'Position'),
    })
  }

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    dossier = `/dossiers/${essai.dossier.reference}/cellule`
    await ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'dossier.consulter', tenirLocataires)
    locataire =
      /href="(\/locataires\/[^"]+\/cellule)"/.exec((await essai.lire('bailleur', '/locataires')).html)?.[1] ?? ''
    conclue = await consulter('auteure', { urgence: 'tres-urgent' })
    await repondre('caf', conclue, 'favorable')
    await essai.application.base.pool.query("update consultation set echeance_a = ouverte_a - interval '1 minute'")
    await echoirCellules(essai.application, '71')
    const vue = (await essai.lire('secretariat', conclue)).html
    await essai.poster('secretariat', `${conclue}/conclure`, {
      issue: 'accord',
      motif: 'Les pilotes sont d’accord.',
      vu: cache(vue, 'vu', 'Conclure la consultation'),
      envoi: crypto.randomUUID(),
      etape: 'confirmer',
    })
    ouverte = await consulter('auteure', {})
    await repondre('caf', ouverte, 'favorable')
    await repondre('prefecture', ouverte, 'reunion')
    complexe = await consulter('auteure', {
      objet: 'situation-complexe',
      situations: ['vieillissement', 'voisinage'],
      mode: 'reunion',
    })
    const { html } = await essai.lire('auteure', complexe)
    await essai.poster('auteure', `${complexe}/reunion`, {
      le: '2027-01-15',
      heure: '14:30',
      minutes: '45',
      lieu: 'Sous-préfecture d’Autun, salle 2',
      envoi: crypto.randomUUID(),
      vu: cache(html, 'vu', 'Fixer la réunion'),
    })
    fiche = (await essai.poster('auteure', `${complexe}/fiche`, { envoi: crypto.randomUUID() })).vers
    recue = await consulter('bailleur', {}, locataire)
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
    liste: ['secretariat', '/cellule'],
    dossier: ['auteure', dossier],
    nouvelle: ['secretariat', `${dossier}/nouvelle`],
    ouverte: ['prefecture', ouverte],
    auteur: ['auteure', ouverte],
    complexe: ['auteure', complexe],
    fiche: ['auteure', `${fiche}?groupe=tout`],
    conclue: ['secretariat', conclue],
    recues: ['bailleur', '/cellule/recues'],
    recue: ['bailleur', recue],
    locataires: ['bailleur', '/locataires'],
    solliciter: ['bailleur', locataire],
    bilan: ['pilote', '/cellule/bilan'],
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
      for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
        const contexte = await ouvrir(compte, largeur)
        const page = await contexte.newPage()
        await page.goto(site + chemin)
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: nom !== 'fiche' })
        await verifierLargeur(page, nom)
        if (largeur === 1366 && PRINCIPAUX.includes(nom)) {
          await verifierAccessibilite(page, nom)
        }
        await contexte.close()
      }
    })
  }

  test('[CEL-04] without scripts, on a phone: consult, read who will read, confirm', async () => {
    const contexte = await ouvrir('auteure', 390)
    const page = await contexte.newPage()
    await page.goto(`${site}${dossier}`)
    await page.getByRole('link', { name: 'Consulter la cellule' }).click()
    await page.getByRole('radio', { name: /Rappel d’aide au logement/ }).check()
    await page.getByRole('textbox', { name: 'La question' }).fill('Rappel en une fois possible ?')
    await page.getByRole('radio', { name: /^Urgent/ }).check()
    await page.getByRole('button', { name: 'Relire avant d’envoyer' }).click()
    assert.ok(await page.getByText(/Qui lira ceci\s\?/).isVisible())
    await page.getByRole('button', { name: 'Corriger' }).click()
    assert.equal(await page.getByRole('textbox', { name: 'La question' }).inputValue(), 'Rappel en une fois possible ?')
    await page.getByRole('button', { name: 'Relire avant d’envoyer' }).click()
    await page.getByRole('button', { name: 'Consulter la cellule' }).click()
    assert.ok(await page.getByText('Rappel en une fois possible').isVisible())
    await contexte.close()
  })
})
