import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import type { ReactElement } from 'react'
import { lancerNavigateur, SANS_NAVIGATEUR, verifierHtml } from '#tests/navigateur'
import { rendre } from '../mise-en-page/index.tsx'
import { actifs } from '../statique/index.ts'
import {
  pageCatalogue,
  pageCatalogueComparaison,
  pageCatalogueDossier,
  pageCatalogueImport,
  pageCatalogueListe,
  pageCataloguePublique,
  pageCatalogueReponses,
  pageCatalogueTaches,
} from './catalogue.tsx'

const CAPTURES = process.env.AMONT_CAPTURES
const LARGEURS = [1366, 390, 320] as const
const POLITIQUE =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"

/** The file being read advances at each request. */
let faites = 3412

const pages: Readonly<Record<string, () => ReactElement>> = {
  composants: pageCatalogue,
  liste: pageCatalogueListe,
  taches: pageCatalogueTaches,
  dossier: pageCatalogueDossier,
  import: () => pageCatalogueImport(faites),
  comparaison: pageCatalogueComparaison,
  reponses: pageCatalogueReponses,
  publique: pageCataloguePublique,
}

describe('catalogue, as mark-up', () => {
  for (const [nom, page] of Object.entries(pages)) {
    test(`page ${nom} is valid HTML, without inline style nor script`, async () => {
      await verifierHtml(nom, rendre(page()))
    })
  }

  test('every form that writes carries the token of the session', () => {
    for (const [nom, page] of Object.entries(pages)) {
      for (const [formulaire] of rendre(page()).matchAll(/<form[^>]*method="post".*?<\/form>/gs)) {
        assert.match(formulaire, /<input type="hidden" name="_jeton" value="jeton-d-exemple"\/>/, nom)
      }
    }
  })
})

describe('catalogue, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let serveur: Server
  let navigateur: Browser
  let adresse: string

  before(async () => {
    const fichiers = new Map(actifs().map((actif) => [actif.chemin, actif]))
    serveur = createServer((requete, reponse) => {
      const chemin = (requete.url ?? '/').split('?')[0] ?? '/'
      const fichier = fichiers.get(chemin)
      if (fichier) {
        reponse.writeHead(200, { 'content-type': fichier.type }).end(fichier.octets)
        return
      }
      const page = pages[chemin.slice(1)]
      if (!page) {
        reponse.writeHead(404).end()
        return
      }
      reponse
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLITIQUE })
        .end(rendre(page()))
    })
    await new Promise<void>((pret) => serveur.listen(0, '127.0.0.1', pret))
    adresse = `http://127.0.0.1:${(serveur.address() as AddressInfo).port}`
    navigateur = await lancerNavigateur()
  })

  after(async () => {
    await navigateur?.close()
    serveur?.close()
    serveur?.closeAllConnections()
  })

  /** Opens a page of the catalogue; any error or refusal of the security policy fails the test. */
  async function ouvrir(
    nom: string,
    options: { largeur?: number; scripts?: boolean } = {},
  ): Promise<{ page: Page; contexte: BrowserContext; fautes: string[] }> {
    const contexte = await navigateur.newContext({
      viewport: { width: options.largeur ?? 1366, height: 768 },
      javaScriptEnabled: options.scripts ?? true,
      locale: 'fr-FR',
    })
    const page = await contexte.newPage()
    const fautes: string[] = []
    page.on('pageerror', (erreur) => fautes.push(erreur.message))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') fautes.push(message.text())
    })
    await page.goto(`${adresse}/${nom}`)
    if (options.scripts !== false) await page.evaluate(() => document.fonts.ready)
    return { page, contexte, fautes }
  }

  async function capturer(page: Page, nom: string): Promise<void> {
    if (!CAPTURES) return
    mkdirSync(CAPTURES, { recursive: true })
    await page.screenshot({ path: join(CAPTURES, `${nom}.png`), fullPage: true })
  }

  for (const nom of Object.keys(pages)) {
    test(`page ${nom}: no accessibility violation, no sideways scroll, no error`, async () => {
      for (const largeur of LARGEURS) {
        const { page, contexte, fautes } = await ouvrir(nom, { largeur })
        const debord = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        assert.equal(debord, 0, `${nom} scrolls sideways at ${largeur} px`)
        await capturer(page, `${nom}-${largeur}`)
        if (largeur !== 320) {
          // On the narrow screen, everything that opens is examined open.
          const ouvert = largeur === 390
          if (ouvert) {
            await page.evaluate(() => {
              for (const details of document.querySelectorAll('details')) details.open = true
            })
          }
          const { violations, incomplete } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
          assert.deepEqual(
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`),
            [],
            `${nom} at ${largeur} px`,
          )
          // What axe cannot decide is news, but for the contrast of texts drawn in SVG or under an open panel: contraste.test.ts computes it.
          const indecis = incomplete.flatMap(({ id, nodes }) =>
            nodes
              .filter(({ html }) => id !== 'color-contrast' || (!ouvert && !html.startsWith('<text')))
              .map(({ html }) => `${id}: ${html}`),
          )
          assert.deepEqual(indecis, [], `${nom} at ${largeur} px, to review`)
        }
        assert.deepEqual(fautes, [], `${nom} at ${largeur} px`)
        await contexte.close()
      }
    })
  }

  test('what is pressed measures 24 px at least, links in a sentence aside', async () => {
    for (const nom of Object.keys(pages)) {
      const { page, contexte } = await ouvrir(nom, { largeur: 390 })
      const petits = await page.evaluate(() =>
        [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, textarea')]
          .filter(
            (element) =>
              !element.closest('p, li:not(.menu li, .onglets li), small, dd, .frise-plus, .cles') &&
              !element.closest('th.principal, .n'),
          )
          .map((element) => (element.closest('label') ?? element) as HTMLElement)
          .filter((element) => element.checkVisibility() && !element.classList.contains('evitement'))
          .map((element) => ({ boite: element.getBoundingClientRect(), html: element.outerHTML.slice(0, 90) }))
          .filter(({ boite }) => boite.height > 0 && (boite.height < 24 || boite.width < 24))
          .map(({ boite, html }) => `${Math.round(boite.width)} × ${Math.round(boite.height)} ${html}`),
      )
      assert.deepEqual(petits, [], nom)
      await contexte.close()
    }
  })

  test('labels of the frise never cover each other nor leave the drawing, and are no wider than measured', async () => {
    for (const nom of ['composants', 'dossier']) {
      const { page, contexte } = await ouvrir(nom)
      const resultat = await page.evaluate(() => {
        const fautes: string[] = []
        let libelles = 0
        for (const dessin of document.querySelectorAll<SVGSVGElement>('svg.frise')) {
          const textes = [...dessin.querySelectorAll('text')].filter((texte) => texte.textContent !== '')
          libelles += textes.length
          const boites = textes.map((texte) => ({ texte: texte.textContent ?? '', boite: texte.getBBox() }))
          const cadre = dessin.viewBox.baseVal
          for (const [rang, { texte, boite }] of boites.entries()) {
            if (
              boite.x < 0 ||
              boite.x + boite.width > cadre.width ||
              boite.y < 0 ||
              boite.y + boite.height > cadre.height + 4
            )
              fautes.push(`sort : ${texte}`)
            for (const autre of boites.slice(rang + 1)) {
              const b = autre.boite
              const recouvre =
                boite.x < b.x + b.width &&
                b.x < boite.x + boite.width &&
                boite.y + 3 < b.y + b.height - 3 &&
                b.y + 3 < boite.y + boite.height - 3
              if (recouvre) fautes.push(`${texte} / ${autre.texte}`)
            }
          }
        }
        return { fautes, libelles }
      })
      assert.deepEqual(resultat.fautes, [])
      assert.ok(resultat.libelles > 20)
      await contexte.close()
    }
  })

  test('without scripts, everything is there and dates open', async () => {
    const { page, contexte } = await ouvrir('liste', { scripts: false })
    assert.equal(
      await page.locator('thead input[type=checkbox]').isVisible(),
      false,
      'choosing everything needs scripts',
    )
    await page.locator('.ech > summary').first().click()
    assert.equal(await page.locator('.ech-src').first().isVisible(), true)
    assert.equal(await page.locator('tbody .coche input:checked').count(), 3)
    await contexte.close()
  })

  test('choosing everything, then a range with Shift, keeps the count right', async () => {
    const { page, contexte, fautes } = await ouvrir('liste')
    const compte = page.locator('[data-choisis]')
    assert.equal(await compte.textContent(), '3\u00a0dossiers choisis')
    await page.locator('[data-tout]').check()
    assert.equal(await compte.textContent(), '12\u00a0dossiers choisis')
    await page.locator('[data-tout]').uncheck()
    assert.equal(await compte.textContent(), 'Cocher des dossiers, puis choisir une action')
    const cases = page.locator('tbody .coche input')
    await cases.nth(2).click()
    await cases.nth(6).click({ modifiers: ['Shift'] })
    assert.equal(await compte.textContent(), '5\u00a0dossiers choisis')
    await cases.nth(8).click({ modifiers: ['Shift'] })
    assert.equal(await compte.textContent(), '7\u00a0dossiers choisis')
    await cases.nth(3).focus()
    await page.keyboard.press('Space')
    assert.equal(await compte.textContent(), '6\u00a0dossiers choisis')
    assert.deepEqual(fautes, [])
    await contexte.close()
  })

  test('Escape closes what floats and gives the focus back; a click elsewhere closes too', async () => {
    const { page, contexte } = await ouvrir('liste')
    const puce = page.locator('.ech').nth(2)
    await puce.locator('summary').click()
    await capturer(page, 'liste-echeance-ouverte')
    await page.keyboard.press('Escape')
    assert.equal(await puce.getAttribute('open'), null)
    assert.equal(await puce.locator('summary').evaluate((element) => element === document.activeElement), true)
    await page.locator('.compte > summary').click()
    await capturer(page, 'liste-compte-ouvert')
    await page.locator('h1').click()
    assert.equal(await page.locator('.compte').getAttribute('open'), null)
    await contexte.close()
  })

  test('one-letter keys answer, except while typing or once turned off; `/` goes to the search box', async () => {
    const { page, contexte } = await ouvrir('comparaison')
    await page.evaluate(() => {
      document.addEventListener('submit', (evenement) => {
        evenement.preventDefault()
        document.body.dataset.reponse = (evenement.submitter as HTMLButtonElement).value
      })
    })
    const reponse = () => page.evaluate(() => document.body.dataset.reponse)
    assert.equal(
      await page.locator('.flash').evaluate((element) => element === document.activeElement),
      true,
      'the message that undoes has the focus',
    )
    await page.keyboard.press('/')
    assert.equal(await page.locator('#recherche').evaluate((element) => element === document.activeElement), true)
    await page.keyboard.press('m')
    assert.equal(await reponse(), undefined, 'typed in the search box')
    await page.locator('h1').click()
    await page.keyboard.press('n')
    assert.equal(await reponse(), 'autre')
    await page.locator('[data-raccourcis]').click()
    assert.equal(await page.locator('[data-raccourcis]').textContent(), 'Activer les raccourcis clavier')
    await page.locator('h1').click()
    await page.keyboard.press('m')
    assert.equal(await reponse(), 'autre', 'turned off')
    await contexte.close()
  })

  test('a reading under way refreshes in place, says each tenth, keeps the focus and stops at the end', async () => {
    faites = 3412
    const { page, contexte, fautes } = await ouvrir('import')
    let demandes = 0
    page.on('request', (requete) => {
      if (requete.url().endsWith('/import')) demandes += 1
    })
    await page.clock.install()
    await page.reload()
    const depart = demandes
    await page.locator('.comptes a').nth(1).focus()
    faites = 3601
    await page.clock.runFor(5200)
    await page.waitForFunction(() => document.querySelector('progress')?.value === 3601)
    assert.equal(await page.locator('#annonces').textContent(), '72\u202f% lu, 22 lignes rejetées')
    assert.equal(
      await page
        .locator('.comptes a')
        .nth(1)
        .evaluate((element) => element === document.activeElement),
      true,
    )
    faites = 5000
    await page.clock.runFor(5200)
    await page.waitForFunction(() => document.querySelector('progress')?.value === 5000)
    const fin = demandes
    assert.equal(fin, depart + 2)
    await page.clock.runFor(20_000)
    assert.equal(demandes, fin, 'no request once the reading is over')
    assert.deepEqual(fautes, [])
    faites = 3412
    await contexte.close()
  })

  test('without scripts, a reading under way reloads the page, and only then', async () => {
    const html = rendre(pageCatalogueImport(3412))
    assert.match(html, /<noscript><meta http-equiv="refresh" content="5"\/><\/noscript>/i)
    assert.doesNotMatch(rendre(pageCatalogueImport(5000)), /http-equiv/i)
  })

  test('on paper: no banner, no button, no box; titles, filters in words, header repeated, nothing behind colour', async () => {
    for (const nom of ['liste', 'dossier', 'reponses'] as const) {
      const { page, contexte } = await ouvrir(nom, { largeur: 1040 })
      await page.emulateMedia({ media: 'print' })
      for (const absent of ['.bandeau', '.b', '.coche', '.filtres', '.barre--lot', '.onglets', '.vues']) {
        const visibles = await page
          .locator(absent)
          .evaluateAll((elements) => elements.filter((element) => element.checkVisibility()).length)
        assert.equal(visibles, 0, `${absent} on paper in ${nom}`)
      }
      assert.equal(await page.locator('h1').isVisible(), true)
      assert.equal(
        await page
          .locator('thead')
          .first()
          .evaluate((element) => getComputedStyle(element).display),
        'table-header-group',
      )
      if (nom === 'liste') {
        assert.match((await page.locator('.actifs > p').textContent()) ?? '', /^186 dossiers pour/)
        assert.equal(await page.locator('.actifs a', { hasText: 'Territoire' }).isVisible(), true)
      }
      if (nom === 'dossier') {
        assert.equal(await page.locator('svg.frise').isVisible(), true)
        assert.equal(await page.locator('svg.frise text', { hasText: 'Commandement' }).first().isVisible(), true)
        assert.equal(await page.locator('.ech[open] .ech-src').isVisible(), true)
      }
      await capturer(page, `${nom}-papier`)
      await contexte.close()
    }
  })
})
