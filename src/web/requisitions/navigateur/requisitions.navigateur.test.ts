import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { type CompteRequisitions, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

const CAPTURES = process.env.AMONT_CAPTURES
/** Which screens axe reads at each width; all are checked for overflow. */
const LARGEURS: readonly (readonly [number, readonly string[]])[] = [
  [1366, ['force', 'liste', 'concertation', 'rapport', 'sollicitation']],
  [390, ['force']],
  [320, []],
]

describe('« Force publique », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiRequisitions
  let navigateur: Browser
  let adresse: string
  let requisition = ''
  let enquete = ''
  let sollicitation = ''

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28')
    const formulaire = await essai.lire('prefecture', essai.adresse('/recevoir'))
    const recue = await essai.poster('prefecture', essai.adresse('/recevoir'), {
      acte: /name="acte"[^>]*value="([\w-]{36})"/.exec(formulaire.html)?.[1] ?? '',
      recue_le: '2026-08-20',
    })
    requisition = /force-publique\/([\w-]{36})\/enquetes/.exec(recue.vers)?.[1] ?? ''
    await essai.poster('prefecture', essai.adresse(`/${requisition}/enquetes`), {
      demander_sociale: 'oui',
      organisme_sociale: essai.organisme('DEP71'),
      moyen_sociale: 'amont',
      demander_bailleur: 'oui',
      organisme_bailleur: essai.organisme('OPAC71'),
      moyen_bailleur: 'amont',
      demander_police: 'oui',
      aupres_police: 'Commissariat du Creusot',
      moyen_police: 'courriel',
    })
    await essai.poster('prefecture', essai.adresse(`/${requisition}/noter/decision`), {
      le: '2026-09-28',
      sens: 'accord',
      executoire_le: '2026-10-05',
      prevue_le: '2026-10-12',
      texte: 'Dette ancienne, aucune reprise du loyer.',
    })
    await essai.poster('prefecture', essai.adresse(`/${requisition}/noter/preparation`), {
      le: '2026-09-28',
      point: 'meubles',
      etat: 'demande',
      qui: 'OPAC de Saône-et-Loire',
    })
    const tenue = await essai.poster('prefecture', essai.adresse(`/${requisition}/noter/concertation_tenue`), {
      le: '2026-09-28',
      participants: 'Préfecture\nSIAO',
      place: 'attente',
      decisions: 'Le SIAO cherche une place.',
    })
    assert.equal(tenue.statut, 303, tenue.texte.slice(0, 400))
    const { rows } = await essai.application.base.pool.query("select id from enquete where genre = 'police'")
    enquete = rows[0].id
    sollicitation =
      /\/sollicitations\/([\w-]{36})/.exec((await essai.lire('bailleur', '/sollicitations')).html)?.[1] ?? ''
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  async function ouvrir(
    compte: CompteRequisitions,
    options: { largeur?: number; scripts?: boolean } = {},
  ): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: options.largeur ?? 1366, height: 768 },
      javaScriptEnabled: options.scripts ?? true,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: adresse }])
    return contexte
  }

  const ecrans = (): Readonly<Record<string, readonly [CompteRequisitions, string]>> => ({
    force: ['prefecture', essai.adresse()],
    liste: ['prefecture', '/requisitions?vue=rue'],
    liste_vide: ['prefecture', '/requisitions?vue=suivi'],
    recevoir: ['prefecture', essai.adresse('/recevoir')],
    enquetes: ['prefecture', essai.adresse(`/${requisition}/enquetes`)],
    enquete: ['prefecture', essai.adresse(`/enquetes/${enquete}`)],
    decision: ['prefecture', essai.adresse(`/${requisition}/noter/decision`)],
    intervention: ['prefecture', essai.adresse(`/${requisition}/noter/intervention`)],
    diffuser: ['prefecture', essai.adresse(`/${requisition}/diffuser`)],
    concertation: ['prefecture', essai.adresse(`/${requisition}/diffuser?quoi=concertation`)],
    depart: ['prefecture', essai.adresse(`/${requisition}/depart`)],
    force_social: ['assistante', essai.adresse()],
    rapport: ['assistante', essai.adresse(`/${requisition}/rapport`)],
    sollicitations: ['bailleur', '/sollicitations'],
    sollicitation: ['bailleur', `/sollicitations/${sollicitation}`],
  })

  test('every page is valid HTML, without inline style nor script', async () => {
    for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
      const page = await essai.lire(compte, chemin)
      assert.equal(page.statut, 200, nom)
      await verifierHtml(nom, page.html)
    }
  })

  for (const [largeur, lus] of LARGEURS)
    test(`no page overflows at ${largeur} px, and those read break no accessibility rule`, async () => {
      for (const [nom, [compte, chemin]] of Object.entries(ecrans())) {
        const contexte = await ouvrir(compte, { largeur })
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(page, nom)
        if (lus.includes(nom)) {
          await verifierAccessibilite(page, nom)
        }
        await contexte.close()
      }
    })

  test('[RFP-27] without scripts, a departure is reported, everything stops, and comes back', async () => {
    const contexte = await ouvrir('prefecture', { scripts: false })
    const page = await contexte.newPage()
    await page.goto(adresse + essai.adresse())
    await page.getByRole('link', { name: 'Signaler un départ' }).click()
    await page.getByRole('button', { name: 'Signaler le départ' }).click()
    await page
      .getByRole('alert')
      .getByRole('link', { name: /Parti le/ })
      .waitFor()
    await page.getByLabel('Parti le').fill('2026-09-27')
    await page.getByLabel('Oui, clés remises').check()
    await page.getByLabel('Qui l’a constaté').fill('Gardien')
    await page.getByRole('button', { name: 'Signaler le départ' }).click()
    await page.getByRole('button', { name: 'Tout annuler et prévenir' }).click()
    await page.getByRole('status').filter({ hasText: 'annulés' }).waitFor()
    await page.getByRole('button', { name: 'Défaire l’annulation' }).first().click()
    await page.getByText('Concours accordé', { exact: true }).first().waitFor()
    await contexte.close()
  })
})
