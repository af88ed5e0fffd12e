import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { openTestDatabase } from '#tests/base'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import {
  type Compte,
  creerDossiers,
  DEPT,
  type DossierCree,
  type Essai,
  ouvrirEssai,
} from '../../accompagner/fabrique-essai.ts'
import { routesPartage } from '../index.ts'

/** Axe takes a second or more a page: at 390 px it reads those whose layout changes most. */
const LUS_AU_TELEPHONE = new Set(['exceptionnel-ouvert', 'accords'])

describe('who reads a dossier, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: Essai
  let navigateur: Browser
  let adresse: string
  let dossier: DossierCree
  let page: string

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), routesPartage)
    const [cree] = await creerDossiers(essai, [
      { nom: 'Montagnier-Delacroix', prenom: 'Anne-Charlotte', contenu: { montant_dette: 162_000 } },
    ])
    assert.ok(cree)
    dossier = cree
    page = `/dossiers/${dossier.reference}`
    await essai.enSysteme(
      'dossier.reaffecter',
      ({ sql }) => sql`
      update dossier d set organisme = o.id, etat_service = 'prise', organismes_habilites = array[o.id]
      from organisme o where o.dept = ${DEPT} and o.code = 'DEP71' and d.dept = ${DEPT} and d.id = ${dossier.id}`,
    )
    const inviter = (organisme: string) =>
      essai.poster('secretariat', `${page}/partage`, { organisme, motif: 'Étudier le budget', jusqu_au: '2026-12-31' })
    await inviter('ADIL71')
    await inviter('MSA71')
    for (const [objet, sens] of [
      ['visite_domicile', 'refus'],
      ['accompagnement', 'accord'],
    ] as const)
      await essai.poster('secretariat', `${page}/accords`, { objet, sens, le: '2026-11-19', moyen: 'oral' })
    await essai.poster('secretariat', `${page}/accords`, {
      objet: 'mandataire',
      sens: 'accord',
      le: '2026-11-19',
      moyen: 'ecrit',
      portees: ['existence', 'budget'],
    })
    await essai.poster('caf', '/dossiers/exceptionnel', {
      reference: dossier.reference,
      motif: 'Appel de la permanence : rendez-vous ce matin',
    })
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  async function ouvrir(compte: Compte, largeur = 1366, scripts = true): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 900 },
      javaScriptEnabled: scripts,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: adresse }])
    return contexte
  }

  async function ecrans(): Promise<readonly (readonly [string, Compte, string])[]> {
    const lue = await essai.lire('secretariat', page)
    const retrait = /href="([^"]+\/partage\/[^"]+\/retirer)"/.exec(lue.html)?.[1] ?? ''
    return [
      ['dossier', 'secretariat', page],
      ['exceptionnel-ouvert', 'caf', page],
      ['inviter', 'secretariat', `${page}/partage`],
      ['retirer', 'secretariat', retrait],
      ['accords', 'departement', `${page}/accords`],
      ['notice', 'departement', `${page}/notice`],
      ['droit-acces', 'secretariat', `${page}/droit-acces`],
      ['exceptionnel', 'caf', '/dossiers/exceptionnel'],
      ['liste', 'caf', '/dossiers'],
    ]
  }

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, compte, chemin] of await ecrans()) {
      const lue = await essai.lire(compte, chemin)
      assert.equal(lue.statut, 200, nom)
      await verifierHtml(nom, lue.html)
    }
  })

  for (const largeur of [1366, 390])
    test(`no page overflows at ${largeur} px, and those read break no accessibility rule`, async () => {
      for (const [nom, compte, chemin] of await ecrans()) {
        const contexte = await ouvrir(compte, largeur)
        const onglet = await contexte.newPage()
        await onglet.goto(adresse + chemin)
        await verifierLargeur(onglet, nom)
        if (largeur > 390 || LUS_AU_TELEPHONE.has(nom)) {
          await verifierAccessibilite(onglet, nom)
        }
        if (process.env.AMONT_CAPTURES)
          await onglet.screenshot({ path: `${process.env.AMONT_CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await contexte.close()
      }
    })

  test('[ACC-06] without scripts, a partner is invited from the dossier, then withdrawn, and reads in between', async () => {
    const contexte = await ouvrir('secretariat', 390, false)
    const onglet = await contexte.newPage()
    await onglet.goto(adresse + page)
    await onglet.getByRole('link', { name: 'Inviter un organisme' }).click()
    await onglet.getByLabel('Organisme', { exact: true }).selectOption({ label: 'CCAS d’Autun' })
    await onglet.getByLabel('Motif', { exact: true }).fill('Préparer une aide facultative')
    await onglet.getByRole('button', { name: 'Inviter cet organisme' }).click()
    await onglet
      .getByRole('alert')
      .getByText(/Donner le dernier jour/)
      .waitFor()
    await onglet.getByLabel('Dernier jour').fill('2026-12-15')
    await onglet.getByRole('button', { name: 'Inviter cet organisme' }).click()
    await onglet.getByText(/CCAS d’Autun est invité jusqu’au 15\/12\/2026/).waitFor()
    await onglet.getByRole('link', { name: 'Retirer CCAS d’Autun' }).click()
    await onglet.getByLabel('Pourquoi cette participation s’arrête').fill('Aide accordée')
    await onglet.getByRole('button', { name: 'Retirer cet organisme' }).click()
    await onglet.getByText(/CCAS d’Autun ne lit plus ce dossier/).waitFor()
    await contexte.close()
  })
})
