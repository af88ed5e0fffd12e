import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser } from '@playwright/test'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { type CompteRequisitions, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

/** Folder of pictures, for whoever looks at the pages. */
const CAPTURES = process.env.AMONT_CAPTURES

describe('relays, complex situations, follow-up, schemes and tools, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiRequisitions
  let navigateur: Browser
  let adresse = ''
  let dossier = ''

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28', [
      { type: 'assignation', reference_source: 'ASG-1', date_signalement: '2026-05-15', date_acte: '2026-05-10' },
    ])
    await essai.application.base.pool.query(
      "update dossier set territoire = 'autun', organismes_habilites = array[$1::uuid], organisme = $1::uuid",
      [essai.organisme('DEP71')],
    )
    dossier = `/dossiers/${essai.dossier.reference}`
    const poster = async (chemin: string, champs: Record<string, string | string[]>) => {
      const fait = await essai.poster('assistante', chemin, { envoi: randomUUID(), ...champs })
      assert.equal(fait.statut, 303, fait.texte)
    }
    for (const nature of ['asll', 'gestion'])
      await poster(`${dossier}/mesures`, {
        nature,
        organisme: essai.organisme('DEP71'),
        jugement: '2026-06-10',
        debut: '2026-07-01',
        periodicite: '60',
      })
    const { rows } = await essai.application.base.pool.query("select id from mesure_suivie where nature = 'asll'")
    await poster(`${dossier}/mesures/${rows[0].id}/points`, {
      vu: '1',
      le: '2026-09-25',
      etat: 'fragile',
      loyer: 'partiel',
      texte: 'Un loyer sur deux depuis août.',
    })
    await poster('/dispositifs/ajouter', {
      nom: 'Bail glissant',
      organisme: essai.organisme('DEP71'),
      public_vise: 'Familles du parc privé, dès l’assignation',
      etapes: ['assignation'],
      territoires: ['autun'],
      places: '12',
      contact: 'Mme Perrin, 03 85 00 00 00',
      constate_le: '2025-09-01',
    })
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  const ouvrir = async (compte: CompteRequisitions, largeur: number, scripts = true) => {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 900 },
      javaScriptEnabled: scripts,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: adresse }])
    return contexte
  }
  const pages = (): Record<string, readonly [CompteRequisitions, string]> => ({
    complexe: ['assistante', `${dossier}/complexe`],
    relais: ['assistante', `${dossier}/echanges/relais`],
    'relais-pcb': ['secretariat', `${dossier}/echanges/relais`],
    mesures: ['assistante', `${dossier}/mesures`],
    'mesure-nouvelle': ['assistante', `${dossier}/mesures/nouvelle`],
    liste: ['secretariat', '/mesures?territoire=tous'],
    'a-faire': ['secretariat', '/a-faire?territoire=tous'],
    dispositifs: ['assistante', '/dispositifs'],
    'dispositif-ajouter': ['assistante', '/dispositifs/ajouter'],
    impaye: ['bailleur', '/outils/impaye'],
    desistement: ['bailleur', '/outils/desistement'],
  })

  for (const largeur of [1366, 390])
    test(`[DOS-27] [DOS-35] [REP-21] [REP-25] [OUT-09] [OUT-23] every page is valid, accessible and fits at ${largeur} px`, async () => {
      for (const [nom, [compte, chemin]] of Object.entries(pages())) {
        const contexte = await ouvrir(compte, largeur)
        try {
          const page = await contexte.newPage()
          assert.equal((await page.goto(`${adresse}${chemin}`))?.status(), 200, nom)
          for (const plus of await page.locator('#contenu details:not([open]) > summary').all())
            if (await plus.isVisible()) await plus.click()
          if (CAPTURES) await page.screenshot({ path: join(CAPTURES, `${nom}-${largeur}.png`), fullPage: true })
          await verifierLargeur(page, nom)
          // « À faire » repeats the empty state of its queues: its own browser tests answer for it.
          if (largeur === 1366 && nom !== 'a-faire') await verifierHtml(nom, (await essai.lire(compte, chemin)).html)
          await verifierAccessibilite(page, `${nom} at ${largeur}`)
        } finally {
          await contexte.close()
        }
      }
    })

  test('[OUT-09] [DOS-27] without scripts: the tool answers on the page, and a situation is marked with the keyboard of a form', async () => {
    const contexte = await ouvrir('assistante', 1366, false)
    try {
      const page = await contexte.newPage()
      await page.goto(`${adresse}/outils/impaye`)
      await page.getByLabel('Date à examiner').fill('2026-09-15')
      await page.getByLabel(/Dette de loyer/).fill('700')
      await page.getByLabel('Loyer mensuel hors charges').fill('500')
      await page.getByLabel('Charges mensuelles').fill('100')
      await page.getByLabel('Aide au logement mensuelle').fill('250')
      await page.getByLabel('Au bailleur').check()
      await page.getByRole('button', { name: 'Vérifier' }).click()
      await page.getByText('L’impayé est constitué au sens de la caisse.').waitFor()
      if (CAPTURES) await page.screenshot({ path: join(CAPTURES, 'impaye-resultat-1366.png'), fullPage: true })
      await page.goto(`${adresse}${dossier}/complexe`)
      await page.getByLabel('Troubles de voisinage').check()
      await page.getByLabel('Motif').fill('Trois services, aucun accord.')
      await page.getByLabel('À la commission (CCAPEX)').check()
      await page.getByRole('button', { name: 'Marquer « situation complexe »' }).click()
      await page.getByText('Situation marquée complexe. Elle sera proposée').waitFor()
      if (CAPTURES) await page.screenshot({ path: join(CAPTURES, 'dossier-complexe-1366.png'), fullPage: true })
    } finally {
      await contexte.close()
    }
  })
})
