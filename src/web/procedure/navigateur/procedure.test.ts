import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { consignerActe, type SaisieActe } from '#dossiers'
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
  type DossierCree,
  type Essai,
  ouvrirEssai,
} from '../../accompagner/fabrique-essai.ts'
import { routesProcedure } from '../index.ts'

const ACTES: readonly Pick<SaisieActe, 'genre' | 'le' | 'contenu'>[] = [
  { genre: 'commandement_de_payer', le: jour('2026-01-12'), contenu: { etude: 'Étude Vallier', montant: 142_000 } },
  {
    genre: 'jugement',
    le: jour('2026-05-04'),
    contenu: {
      decision: 'resiliation_ferme',
      tribunal: 'Tribunal judiciaire de Mâcon',
      refere: 'refere',
      present: false,
    },
  },
  { genre: 'jugement_signifie', le: jour('2026-05-20'), contenu: {} },
  { genre: 'commandement_de_quitter_les_lieux', le: jour('2026-06-15'), contenu: { etude: 'Étude Vallier' } },
  {
    genre: 'jex_decision',
    le: jour('2026-09-10'),
    contenu: { accord: 'accordes', jusqu_au: '2026-12-31', tribunal: 'Tribunal judiciaire de Mâcon' },
  },
  { genre: 'requisition_force_publique', le: jour('2026-10-05'), contenu: { recue_le: '2026-10-07' } },
  { genre: 'surendettement_depose', le: jour('2026-09-01'), contenu: { toutes_dettes: true } },
  { genre: 'surendettement_recevable', le: jour('2026-10-20'), contenu: {} },
  { genre: 'dette_relevee', le: jour('2026-10-31'), contenu: { montant: 412_050, part_loyer: 380_000, frais: 32_050 } },
  { genre: 'referent_designe', le: jour('2026-06-20'), contenu: { organisme: 'Département', nom: 'Mme Perrin' } },
  { genre: 'dalo_saisi', le: jour('2026-09-15'), contenu: {} },
]

function jour(texte: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(texte)
}

describe('the procedure of a dossier, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: Essai
  let navigateur: Browser
  let adresse: string
  let dossier: DossierCree
  let page: string

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), routesProcedure)
    const [cree] = await creerDossiers(essai, [
      {
        nom: 'Montagnier-Delacroix',
        prenom: 'Anne-Charlotte',
        le: '2026-03-02',
        contenu: { montant_dette: 162_000, date_bail: '2024-02-01', bailleur_nature: 'personne_physique' },
      },
    ])
    assert.ok(cree)
    dossier = cree
    page = `/dossiers/${dossier.reference}/procedure`
    await essai.enSysteme('dossier.consulter', async (session) => {
      for (const acte of ACTES) await consignerActe(session, { ...acte, dossier: dossier.id, envoi: randomUUID() })
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

  async function ecrans(): Promise<readonly (readonly [string, string])[]> {
    const acte = /\/actes\/([0-9a-f-]{36})"/.exec((await essai.lire('secretariat', page)).html)?.[1] ?? ''
    return [
      ['procedure', page],
      ['choisir', `${page}/saisir`],
      ['jugement', `${page}/saisir?genre=jugement`],
      ['acte', `${page}/actes/${acte}`],
      ['retirer', `${page}/actes/${acte}/retirer`],
      ['clore', `${page}/clore`],
    ]
  }

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, chemin] of await ecrans()) {
      const lue = await essai.lire('secretariat', chemin)
      assert.equal(lue.statut, 200, nom)
      await verifierHtml(nom, lue.html)
    }
  })

  for (const largeur of [1366, 390])
    test(`no page overflows at ${largeur} px, and none breaks an accessibility rule`, async () => {
      for (const [nom, chemin] of await ecrans()) {
        const contexte = await ouvrir('secretariat', largeur)
        const onglet = await contexte.newPage()
        await onglet.goto(adresse + chemin)
        if (process.env.AMONT_CAPTURES)
          await onglet.screenshot({ path: `${process.env.AMONT_CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(onglet, nom)
        if (largeur > 390 || nom === 'procedure' || nom === 'jugement') {
          await verifierAccessibilite(onglet, nom)
        }
        await contexte.close()
      }
    })

  test('[DOS-05] without scripts, an act is chosen, filled, warned about, confirmed, then taken back', async () => {
    const contexte = await ouvrir('secretariat', 390, false)
    const onglet = await contexte.newPage()
    await onglet.goto(adresse + page)
    await onglet.getByRole('link', { name: 'Ajouter un acte ou une situation' }).click()
    await onglet.getByRole('link', { name: 'Tentative d’expulsion' }).click()
    await onglet.getByRole('button', { name: 'Enregistrer cet acte' }).click()
    await onglet
      .getByRole('alert')
      .getByText(/Donner la date/)
      .waitFor()
    await onglet.getByLabel('Date de l’acte').fill('2026-11-12')
    await onglet.getByLabel('Ce qui s’est passé').selectOption({ label: 'Personne sur place' })
    await onglet.getByRole('button', { name: 'Enregistrer cet acte' }).click()
    await onglet.getByText(/en pleine trêve hivernale/).waitFor()
    await onglet.getByRole('button', { name: 'Enregistrer malgré tout' }).click()
    await onglet.getByText(/Tentative d’expulsion\s*: enregistré/).waitFor()
    await onglet.getByRole('button', { name: 'Défaire' }).click()
    await onglet.getByText(/Tentative d’expulsion\s*: retiré/).waitFor()
    await contexte.close()
  })
})
