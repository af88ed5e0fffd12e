import assert from 'node:assert/strict'
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
import { creerDossiers, type DossierCree, type Essai, ouvrirEssai } from '../../accompagner/fabrique-essai.ts'
import { routesAide } from '../../aide/index.ts'
import { routesPartage } from '../../partage/index.ts'
import { routesConservation } from '../index.ts'

/** Folder where screens are drawn, to be looked at; none in the ordinary run. */
const IMAGES = process.env.AMONT_TEST_IMAGES

describe('« Conservation des données », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: Essai
  let navigateur: Browser
  let adresse: string
  let dossiers: DossierCree[]

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), [...routesConservation, ...routesPartage, ...routesAide])
    dossiers = await creerDossiers(essai, [{ nom: 'Montagnier' }, { nom: 'Vernache' }, { nom: 'Ferrandis' }])
    const etats = ['a_archiver', 'a_eliminer', 'vise'] as const
    const { pool } = essai.application.base
    const { rows } = await pool.query(
      `insert into bordereau_elimination (dept, numero, motif, visa_archives, visa_archives_le, vise_a, vise_par, organisme, executable_le)
       select '71', 1, 'Terme de l’archive atteint.', 'AD71 2026-118', '2026-11-18', '2026-11-19', h.compte, h.organisme, '2026-11-26'
       from habilitation h where h.role = 'dpd' limit 1 returning id`,
    )
    for (const [rang, etat] of etats.entries())
      await pool.query(
        `insert into conservation_dossier (dept, dossier, reference, territoire, clos_le, issue, dernier_contact_le, archivable_le, archive_le, eliminable_le, etat, bordereau)
         values ('71', $1, $2, 'autun', '2020-10-02', 'plan_tenu', '2020-10-02', '2022-10-02', $3, $4, $5, $6)`,
        [
          dossiers[rang]?.id,
          dossiers[rang]?.reference,
          etat === 'a_archiver' ? null : '2022-10-03',
          etat === 'a_archiver' ? null : '2026-10-02',
          etat,
          etat === 'vise' ? rows[0].id : null,
        ],
      )
    await pool.query(`insert into statistique_effacee (dept, annee, mesure, detail, territoire, parc, nombre)
      values ('71', 2020, 'dossier.ouvert', '', 'autun', 'prive', 31), ('71', 2020, 'dossier.clos', 'plan_tenu', 'autun', 'prive', 24),
        ('71', 2020, 'dossier.clos', 'depart_avec_cles', 'autun', 'prive', 2), ('71', 2020, 'dossier.clos', 'relogement', 'autun', 'prive', 5),
        ('71', 2020, 'dossier.etape', 'assignation', 'autun', 'prive', 31), ('71', 2020, 'fait', 'contact.abouti', 'autun', 'prive', 18)`)
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  const ouvrir = async (compte: 'secretariat' | 'dpd', largeur: number, scripts = true) => {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 768 },
      javaScriptEnabled: scripts,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: adresse }])
    return contexte
  }
  const ecrans = () =>
    [
      ['secretariat', '/conservation?etat=a_archiver'],
      ['dpd', '/conservation'],
      ['dpd', '/conservation/bordereaux/1'],
      ['dpd', '/conservation/statistiques'],
      ['dpd', `/conservation/dossiers/${dossiers[1]?.reference}`],
      ['secretariat', `/dossiers/${dossiers[0]?.reference}/demandes-menage`],
    ] as const

  test('[ACC-14] what is left of erased dossiers is read by the officer and by the secretariat, small numbers and what gives them back left out', async () => {
    for (const compte of ['dpd', 'secretariat'] as const) {
      const contexte = await ouvrir(compte, 1366)
      const page = await contexte.newPage()
      await page.goto(`${adresse}/conservation?etat=archive`)
      await page.getByRole('link', { name: 'Ce qui reste compté des dossiers effacés' }).click()
      const lignes = await page.getByRole('row').allInnerTexts()
      const valeur = (quoi: string) =>
        lignes
          .find((ligne) => ligne.includes(quoi))
          ?.split(/\s*\t\s*/)
          .at(-1)
          ?.trim()
      assert.equal(valeur('Dossiers ouverts'), '31')
      assert.equal(valeur('Départ avec remise des clés'), 'non montré')
      assert.equal(valeur('Contacts aboutis'), '18')
      const sortie = await contexte.request.get(`${adresse}/conservation/statistiques.csv`)
      assert.match(await sortie.text(), /"2020";"Dossiers ouverts";"31"/)
      await contexte.close()
    }
  })

  test('[ACC-14] every screen passes axe, and none overflows a phone', async () => {
    for (const [rang, [compte, chemin]] of ecrans().entries())
      for (const largeur of [1366, 390]) {
        const contexte = await ouvrir(compte, largeur)
        const page = await contexte.newPage()
        assert.equal((await page.goto(adresse + chemin))?.status(), 200, chemin)
        if (IMAGES) await page.screenshot({ path: `${IMAGES}/${rang}-${largeur}.png`, fullPage: true })
        await verifierLargeur(page, `${chemin} at ${largeur} px`)
        if (largeur === 1366) {
          await verifierHtml(chemin, await (await contexte.request.get(adresse + chemin)).text())
          await verifierAccessibilite(page, chemin)
        }
        await contexte.close()
      }
  })

  test('[ACC-14] without scripts: choose, re-read, sign with both visas, take it back', async () => {
    const contexte = await ouvrir('dpd', 1366, false)
    const page = await contexte.newPage()
    await page.goto(`${adresse}/conservation?etat=a_eliminer`)
    await page.getByLabel(new RegExp(`Choisir le dossier ${dossiers[1]?.reference}`)).check()
    await page.getByRole('button', { name: 'Continuer' }).click()
    await page.getByRole('button', { name: /Viser l.élimination/ }).click()
    await page.getByText('Rien n’a été visé').waitFor()
    await page.getByLabel(/Pourquoi ces dossiers/).fill('Terme atteint, aucun contentieux connu.')
    await page.getByLabel(/Référence du visa/).fill('AD71 2026-120')
    await page.getByLabel(/Date de ce visa/).fill('2026-11-19')
    if (IMAGES) await page.screenshot({ path: `${IMAGES}/viser.png`, fullPage: true })
    await page.getByRole('button', { name: /Viser l.élimination/ }).click()
    await page.getByRole('heading', { name: /Liste d.élimination n°\s2/ }).waitFor()
    await page.getByRole('button', { name: 'Retirer le visa' }).first().click()
    await page.getByText(/de nouveau à éliminer/).waitFor()
    await contexte.close()
  })
})
