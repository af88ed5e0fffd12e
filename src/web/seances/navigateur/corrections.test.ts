import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from '@playwright/test'
import { type Compte, DEPT, type Lue } from '#tests/ecrits'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { cache, corriger, type EssaiDeSeance, ouvrirSeanceDEssai, remplirPoste } from '../fabrique-essai.ts'

const CAPTURES = process.env.AMONT_CAPTURES

describe('after the session, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let un: EssaiDeSeance
  let navigateur: Browser
  let site: string
  let commission = ''
  const poste = (): string => `/seances/${un.seance}/poste/${un.inscriptions[0]}`
  const poster = async (champs: Readonly<Record<string, string>>): Promise<Lue> =>
    un.essai.poster('secretariat', poste(), remplirPoste(await un.essai.lire('secretariat', poste()), champs))
  const ecrans = (): readonly (readonly [string, Compte, string])[] => [
    ['poste', 'secretariat', poste()],
    ['releve', 'secretariat', `/seances/${un.seance}/releve`],
    ['releve-avant', 'prefecture', `/seances/${un.seance}/releve?version=1`],
    ['corriger', 'secretariat', `/seances/${un.seance}/releve/corriger/${un.inscriptions[1]}`],
    ['dossier', 'caf', `/dossiers/${un.dossiers[0]?.reference}/commission`],
    ['suites', 'secretariat', '/suites'],
    ['fermer', 'secretariat', `/commissions/${commission}/fermer`],
    ['seance', 'secretariat', `/seances/${un.seance}`],
    ['presence', 'secretariat', `/seances/${un.seance}/presence`],
  ]

  before(async () => {
    un = await ouvrirSeanceDEssai(3)
    const { essai, seance } = un
    await essai.application.base.pool.query(
      `update dossier set actes = actes || '[{"type": "impaye_caf", "le": "2026-07-01", "signalement": "", "organisme": ""}]' where dept = $1`,
      [DEPT],
    )
    const decision = {
      'q-adapte_ressources': 'oui',
      'q-adapte_taille': 'non',
      'q-maintien': 'non',
      'avis-maintien-ou-suspension-aide': 'maintien',
      'pouvoir-maintien-ou-suspension-aide': 'avis',
      discours: 'Chercher plus petit, payer le loyer.',
    }
    for (const code of ['plan-ou-protocole', 'mutation'])
      assert.equal((await poster({ ...decision, 'rec-code': code, geste: 'recommander' })).statut, 303)
    assert.equal((await poster({ geste: 'adopter' })).statut, 303)
    assert.equal((await essai.poster('secretariat', `/seances/${seance}/clore`, { restants: '2' })).statut, 303)
    for (const compte of ['prefecture', 'copilote'] as const) {
      const releve = await essai.lire(compte, `/seances/${seance}/releve`)
      await essai.poster(compte, `/seances/${seance}/releve/approuver`, { vu: cache(releve, 'vu') })
    }
    assert.equal((await corriger(un, 0, 'La mutation avait été refusée en séance')).statut, 303)
    const { rows } = await essai.application.base.pool.query('select commission from seance where id = $1', [seance])
    commission = (rows[0] as { commission: string }).commission
    site = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await un?.essai.fermer()
  })

  test('the screens and the pages of a conflict are valid HTML, without inline style nor script', async () => {
    const lues = await Promise.all(
      ecrans().map(async ([nom, compte, chemin]) => [nom, await un.essai.lire(compte, chemin)] as const),
    )
    const conflit = await un.essai.poster('secretariat', `/seances/${un.seance}/deplacer`, {
      vu: '0',
      le: '2026-11-20',
      debut: '10:00',
      fin: '13:00',
      lieu: 'Salle 9',
    })
    const fermeture = await un.essai.poster('secretariat', `/commissions/${commission}/fermer`, {
      vu: '0',
      motif: 'autre',
    })
    assert.deepEqual([conflit.statut, fermeture.statut], [409, 409])
    for (const [nom, { html }] of [...lues, ['conflit', conflit], ['fermeture', fermeture]] as const)
      await verifierHtml(nom, html)
  })

  for (const largeur of [1366, 390]) {
    test(`no screen overflows at ${largeur} px nor breaks an accessibility rule`, async () => {
      for (const [nom, compte, chemin] of ecrans()) {
        const contexte = await navigateur.newContext({ viewport: { width: largeur, height: 768 } })
        try {
          await contexte.addCookies([{ name: 'amont_session', value: await un.essai.jeton(compte), url: site }])
          const page = await contexte.newPage()
          await page.goto(`${site}${chemin}`)
          if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/apres-${nom}-${largeur}.png`, fullPage: true })
          await verifierAccessibilite(page, nom)
          await verifierLargeur(page, nom)
        } finally {
          await contexte.close()
        }
      }
    })
  }
})
