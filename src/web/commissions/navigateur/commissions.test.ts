import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { ecrireCsv, importer, ligne } from '#tests/application'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { type CompteRequisitions, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

const CAPTURES = process.env.AMONT_CAPTURES
/** Screens whose every rule is tried: the others are made of the same parts. */
const PRINCIPAUX = ['commission', 'seance', 'presence', 'rappel', 'fiche']
const NOMS = ['Aubertin', 'Besnard', 'Castelin', 'Delorme', 'Estève', 'Fabregat']

describe('« Commissions et séances », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiRequisitions
  let navigateur: Browser
  let site: string
  let commission = ''
  let seance = ''
  let fiche = ''
  let inscription = ''

  const cache = (html: string, nom: string): string => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const poster = async (adresse: string, champs: Record<string, string | string[]>) => {
    const faite = await essai.poster('secretariat', adresse, champs)
    assert.equal(faite.statut, 303, `${adresse} ${faite.texte}`)
    return faite.vers
  }

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-09-28')
    await importer(
      essai.application,
      'PREF71',
      'cql.csv',
      ecrireCsv(
        NOMS.map((nom_usage, rang) =>
          ligne({
            type: 'commandement_de_quitter_les_lieux',
            reference_source: `CQL-${rang}`,
            date_signalement: '2026-09-10',
            date_acte: '2026-09-05',
            nom_usage,
            prenom: 'Alix',
            date_naissance: `198${rang}-04-03`,
            adresse: `${rang + 2} rue aux Raz`,
            code_postal: '71400',
            commune: 'Autun',
          }),
        ),
      ),
    )
    await essai.application.base.pool.query("update dossier set territoire = 'autun'")
    commission = await poster('/commissions', {
      nom: 'Commission d’Autun',
      niveau: 'territoriale',
      territoires: 'autun',
      secretariat: essai.organisme('SEC71-AUTUN'),
    })
    for (const [code, qualite, compte] of [
      ['PREF71', 'copresident_etat', 'PREFECTURE'],
      ['DEP71', 'copresident_departement', 'ASSISTANTE'],
      ['CAF71', 'droit', 'CAF'],
    ] as const) {
      const membre = await poster(`${commission}/membres`, {
        organisme: essai.organisme(code),
        qualite,
        du: '2026-01-01',
      })
      const { html } = await essai.lire('secretariat', membre)
      const id = new RegExp(`<option value="([\\w-]+)"[^>]*>Camille ${compte}`).exec(html)?.[1] ?? ''
      await poster(membre, { vu: cache(html, 'vu'), qualite, voix: 'deliberative', du: '2026-01-01', titulaire: id })
    }
    await poster(`${commission}/reglement`, {
      reference: 'Règlement intérieur du 12 mai 2026, art. 4',
      reglement_du: '2026-01-01',
      capacite: '30',
      minutes_par_dossier: '6',
      quorum: '2',
      jours_envoi: '10',
      jours_apports: '5',
    })
    seance = await poster(`${commission}/seances`, { le: '2026-10-20', debut: '09:00', fin: '12:00', lieu: 'Salle 2' })
    await poster(`${commission}/seances`, { le: '2026-11-17', debut: '09:00', fin: '12:00' })
    const propose = await essai.lire('secretariat', seance)
    const dossiers = [...propose.html.matchAll(/name="dossiers" value="([\w-]+)"/g)].map(([, id]) => id ?? '')
    await poster(`${seance}/inscrire`, { dossiers: dossiers.slice(0, 5) })
    await poster(`${seance}/envoyer`, { vu: cache((await essai.lire('secretariat', seance)).html, 'vu') })
    await essai.poster('caf', `${seance}/rappel`, {})
    fiche = /href="(\/seances\/[\w-]+\/dossiers\/[\w-]+)"/.exec((await essai.lire('caf', seance)).html)?.[1] ?? ''
    inscription = fiche.split('/').at(-1) ?? ''
    site = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  async function ouvrir(compte: CompteRequisitions, largeur = 1366): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 768 },
      javaScriptEnabled: largeur !== 390,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: site }])
    return contexte
  }

  const ecrans = (): Readonly<Record<string, readonly [CompteRequisitions, string]>> => ({
    calendrier: ['secretariat', '/commissions'],
    nouvelle: ['secretariat', '/commissions/nouvelle'],
    commission: ['secretariat', commission],
    seance: ['secretariat', seance],
    preparerFiche: ['secretariat', `${seance}/dossiers/${inscription}`],
    presence: ['secretariat', `${seance}/presence`],
    rappel: ['prefecture', seance],
    membre: ['caf', seance],
    fiche: ['caf', fiche],
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
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierLargeur(page, nom)
        if (largeur === 1366 && PRINCIPAUX.includes(nom)) {
          await verifierAccessibilite(page, nom)
        }
        await contexte.close()
      }
    })
  }

  test('[COM-04] the agenda is ordered with the keyboard alone, without dragging', async () => {
    const contexte = await ouvrir('secretariat')
    const page = await contexte.newPage()
    await page.goto(site + seance)
    const lignes = page.getByRole('table', { name: 'Ordre du jour' }).getByRole('row')
    const seconde = (await lignes.nth(2).getByRole('link').first().textContent()) ?? ''
    await page.getByRole('button', { name: `Monter ${seconde}` }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/#ordre$/)
    assert.equal(await lignes.nth(1).getByRole('link').first().textContent(), seconde)
    await contexte.close()
  })
})
