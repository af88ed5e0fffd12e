import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from '@playwright/test'
import { allowInsecureRequests } from 'openid-client'
import { dansContexte } from '#socle/db'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'
import { freePort, type IdentityProvider, openIdentityProvider } from '#tests/oidc'
import { routesAide } from '../../aide/index.ts'
import { routesComptes } from '../../comptes/index.ts'
import { creerProconnect } from '../client-proconnect.ts'
import { DEPT, type EssaiConnexion, MOT_DE_PASSE, ouvrirEssaiConnexion } from '../fabrique-essai.ts'
import { routesCompte } from '../index.ts'

const ROUTES = [...routesCompte, ...routesComptes, ...routesAide]

/** Opens the application and its provider, each at an address the other knows. */
async function ouvrir(
  personnes: ReadonlyMap<string, string>,
  { unsigned = false, niveaux = [] }: { unsigned?: boolean; niveaux?: readonly string[] } = {},
) {
  const port = await freePort()
  const adresse = `http://127.0.0.1:${port}`
  const fournisseur = await openIdentityProvider({ people: personnes, application: adresse, unsigned })
  const proconnect = creerProconnect(
    { url: fournisseur.url, client: fournisseur.client, secret: fournisseur.secret, adresse, niveaux },
    { execute: [allowInsecureRequests] },
  )
  const essai = await ouvrirEssaiConnexion(ROUTES, { proconnect }, { travaux: false, adresse })
  await essai.serveur.listen({ port, host: '127.0.0.1' })
  return { adresse, fournisseur, essai }
}

describe('signing in, in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiConnexion
  let fournisseur: IdentityProvider
  let adresse: string
  let navigateur: Browser

  const personnes = new Map([
    ['sujet-agnes', 'agnes.rivoire@essai.example'],
    ['sujet-imposteur', 'agnes.rivoire@essai.example'],
    ['sujet-inconnu', 'inconnu@essai.example'],
  ])

  before(async () => {
    ;({ essai, fournisseur, adresse } = await ouvrir(personnes))
    await essai.compte('agnes.rivoire@essai.example', 'administrateur', 'PREF71')
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
    await fournisseur?.close()
  })

  const session = async () => {
    const [ligne] = await dansContexte(
      essai.application.base,
      { dept: DEPT, portee: 'connexion' },
      ({ sql }) =>
        sql<{ methode: string; amr: string[]; second_facteur: boolean; revoquee: boolean; sujet: string }>`
        select s.methode, s.amr, s.second_facteur, s.revoquee_a is not null as revoquee, c.sujet_externe as sujet
        from session_web s join compte c on c.dept = ${DEPT} and c.id = s.compte
        where s.dept = ${DEPT} and s.methode = 'proconnect' order by s.cree_a desc, s.revoquee_a nulls first limit 1`,
    )
    return ligne
  }
  const parProconnect = async (page: Page, sujet: string) => {
    await page.goto(`${adresse}/connexion`)
    await page.getByRole('link', { name: 'S’identifier avec ProConnect' }).click()
    await page.getByLabel('Identifiant').fill(sujet)
    await page.getByRole('button', { name: 'Entrer' }).click()
  }

  test('[ACC-01] ProConnect says who somebody is, once by the address then by the identifier; Amont says what they may do', async () => {
    const contexte = await navigateur.newContext()
    const page = await contexte.newPage()
    await parProconnect(page, 'sujet-agnes')
    await page.getByRole('heading', { level: 1, name: 'Engagement de confidentialité' }).waitFor()
    await page.getByLabel('J’ai lu cet engagement et je le tiendrai').check()
    await page.getByRole('button', { name: 'Accepter et continuer' }).click()
    await page.getByRole('heading', { level: 1, name: 'Comptes et habilitations' }).waitFor()
    assert.deepEqual(await session(), {
      methode: 'proconnect',
      amr: ['pwd', 'totp'],
      second_facteur: true,
      revoquee: false,
      sujet: 'sujet-agnes',
    })
    const [demande] = fournisseur.asked
    assert.equal(demande?.code_challenge_method, 'S256')
    assert.equal(demande?.acr_values, 'eidas1')
    assert.match(String(demande?.claims), /"amr"/)
    assert.ok(String(demande?.state).length > 20 && String(demande?.nonce).length > 20)

    // Signing out of Amont leads to the provider, whose session ends too.
    await page.locator('summary', { hasText: 'Menu du compte' }).click()
    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    await page.waitForURL(/\/session\/end/)
    assert.equal((await session())?.revoquee, true)
    await contexte.close()

    // The address changes at the provider: the identifier still finds the account, and whoever has the address does not.
    personnes.set('sujet-agnes', 'autre.nom@essai.example')
    const retour = await navigateur.newContext()
    const encore = await retour.newPage()
    await parProconnect(encore, 'sujet-agnes')
    await encore.getByRole('heading', { level: 1, name: 'Comptes et habilitations' }).waitFor()
    await retour.close()
    const imposteur = await navigateur.newContext()
    const autre = await imposteur.newPage()
    await parProconnect(autre, 'sujet-imposteur')
    await autre.getByRole('heading', { level: 1, name: 'Pas d’accès à Amont pour cette identité' }).waitFor()
    assert.match((await autre.textContent('main')) ?? '', /administrateur d’Amont/)
    assert.equal((await session())?.sujet, 'sujet-agnes')
    await imposteur.close()
  })

  test('[ACC-01] without an account, the page says whom to ask, and no session opens', async () => {
    const contexte = await navigateur.newContext({ javaScriptEnabled: false })
    const page = await contexte.newPage()
    await parProconnect(page, 'sujet-inconnu')
    await page.getByRole('heading', { level: 1, name: 'Pas d’accès à Amont pour cette identité' }).waitFor()
    assert.equal(
      (await contexte.cookies()).some(({ name }) => name === 'amont_session'),
      false,
    )
    await contexte.close()
  })

  for (const champ of ['state', 'nonce', 'verifier']) {
    test(`an answer whose ${champ} is not the one that left is refused`, async () => {
      const contexte = await navigateur.newContext()
      const page = await contexte.newPage()
      await page.goto(`${adresse}/connexion`)
      await page.getByRole('link', { name: 'S’identifier avec ProConnect' }).click()
      await page.getByLabel('Identifiant').fill('sujet-agnes')
      const cookie = (await contexte.cookies(adresse)).find(({ name }) => name === 'amont_proconnect')
      assert.ok(cookie)
      const etat = JSON.parse(Buffer.from(cookie.value, 'base64url').toString()) as Record<string, string>
      etat[champ] = 'x'.repeat(43)
      await contexte.addCookies([{ ...cookie, value: Buffer.from(JSON.stringify(etat)).toString('base64url') }])
      await page.getByRole('button', { name: 'Entrer' }).click()
      await page.getByRole('heading', { level: 1, name: 'La connexion n’a pas abouti' }).waitFor()
      assert.equal(
        (await contexte.cookies()).some(({ name }) => name === 'amont_session'),
        false,
      )
      await contexte.close()
    })
  }

  test('a userinfo that nobody signed is refused', async () => {
    const faux = await ouvrir(new Map([['sujet-agnes', 'agnes.rivoire@essai.example']]), { unsigned: true })
    try {
      await faux.essai.compte('agnes.rivoire@essai.example')
      const contexte = await navigateur.newContext()
      const page = await contexte.newPage()
      await page.goto(`${faux.adresse}/connexion/proconnect`)
      await page.getByLabel('Identifiant').fill('sujet-agnes')
      await page.getByRole('button', { name: 'Entrer' }).click()
      await page.getByRole('heading', { level: 1, name: 'La connexion n’a pas abouti' }).waitFor()
      await contexte.close()
    } finally {
      await faux.essai.fermer()
      await faux.fournisseur.close()
    }
  })

  test('[ACC-01] an identity proved by a level the département does not admit opens nothing, and the page says whom to ask', async () => {
    for (const [niveaux, titre] of [
      [['eidas2', 'eidas3'], 'ProConnect n’a pas assez vérifié l’identité'],
      [['eidas2', 'eidas1'], 'Engagement de confidentialité'],
    ] as const) {
      const strict = await ouvrir(new Map([['sujet-agnes', 'agnes.rivoire@essai.example']]), { niveaux })
      try {
        await strict.essai.compte('agnes.rivoire@essai.example')
        const contexte = await navigateur.newContext()
        const page = await contexte.newPage()
        await page.goto(`${strict.adresse}/connexion/proconnect`)
        await page.getByLabel('Identifiant').fill('sujet-agnes')
        await page.getByRole('button', { name: 'Entrer' }).click()
        await page.getByRole('heading', { level: 1, name: titre }).waitFor()
        assert.equal(strict.fournisseur.asked[0]?.acr_values, niveaux.join(' '))
        const entree = (await contexte.cookies()).some(({ name }) => name === 'amont_session')
        assert.equal(entree, niveaux.includes('eidas1' as never))
        if (!entree) {
          assert.match((await page.textContent('main')) ?? '', /service informatique/)
          const { rows } = await strict.essai.application.base.pool.query(
            `select details->>'code' as code, compte from journal where action = 'connexion.ouvrir' and resultat = 'refuse'`,
          )
          assert.deepEqual(rows, [{ code: 'niveau', compte: null }])
        }
        await contexte.close()
      } finally {
        await strict.essai.fermer()
        await strict.fournisseur.close()
      }
    }
  })

  test('[ACC-13] who enters by ProConnect signs in there again before a large export: passing silently is not enough', async () => {
    personnes.set('sujet-noel', 'noel.verdier@essai.example')
    await essai.compte('noel.verdier@essai.example')
    const enBase = <T>(travail: (sql: Parameters<Parameters<typeof dansContexte>[2]>[0]['sql']) => Promise<T>) =>
      dansContexte(essai.application.base, { dept: DEPT, portee: 'connexion' }, ({ sql }) => travail(sql))
    await enBase(
      (sql) => sql`update compte set mot_de_passe = null, engagement_a = ${essai.maintenant()}, engagement_version =
      (select max(engagement_version) from compte where dept = ${DEPT}) where dept = ${DEPT} and courriel = 'noel.verdier@essai.example'`,
    )
    const confirmee = async () => {
      const [ligne] = await enBase(
        (sql) => sql<{ oui: boolean }>`select s.confirmee_a is not null as oui from session_web s
        join compte c on c.dept = ${DEPT} and c.id = s.compte where s.dept = ${DEPT} and c.courriel = 'noel.verdier@essai.example'
        order by s.cree_a desc, s.confirmee_a nulls last limit 1`,
      )
      return ligne?.oui
    }
    const contexte = await navigateur.newContext()
    const page = await contexte.newPage()
    await parProconnect(page, 'sujet-noel')
    await page.waitForURL((url) => url.port === new URL(adresse).port)
    assert.equal(await confirmee(), false)
    await page.goto(`${adresse}/compte/confirmer?vers=%2Faide`)
    assert.equal(await page.getByLabel('Mot de passe').count(), 0)
    await page.getByRole('link', { name: 'S’identifier de nouveau avec ProConnect' }).click()
    await page.getByLabel('Identifiant').fill('sujet-noel')
    await page.getByRole('button', { name: 'Entrer' }).click()
    await page.waitForURL(`${adresse}/aide`)
    assert.equal(await confirmee(), true)
    await contexte.close()
  })

  test('a provider that does not answer leaves the password, and says so', async () => {
    const proconnect = creerProconnect({ url: 'http://127.0.0.1:9', client: 'x', secret: 'x', adresse })
    const seul = await ouvrirEssaiConnexion(ROUTES, { proconnect }, { travaux: false })
    const qui = seul.visiteur()
    const page = await qui.lire('/connexion/proconnect')
    assert.equal(page.statut, 503)
    assert.match(page.texte, /ProConnect ne répond pas/)
    await seul.fermer()
    const sans = await ouvrirEssaiConnexion(ROUTES, {}, { travaux: false })
    assert.doesNotMatch((await sans.visiteur().lire('/connexion')).texte, /ProConnect/)
    assert.equal((await sans.visiteur().lire('/connexion/proconnect')).statut, 404)
    await sans.fermer()
  })

  test('every step and screen is valid HTML, accessible and not wider than a phone; by keyboard and without scripts', async () => {
    await essai.compte('camille.essai@essai.example', 'administrateur', 'PREF71')
    const contexte = await navigateur.newContext({ javaScriptEnabled: false, viewport: { width: 1366, height: 768 } })
    const page = await contexte.newPage()
    const verifier = async (nom: string) => {
      await verifierHtml(nom, await (await contexte.request.get(page.url())).text())
      for (const width of [390, 1366]) {
        await page.setViewportSize({ width, height: 768 })
        await verifierLargeur(page, nom)
      }
    }
    await page.goto(`${adresse}/connexion`)
    await verifier('sign-in')
    await page.getByLabel('Adresse électronique').focus()
    await page.keyboard.type('camille.essai@essai.example')
    await page.keyboard.press('Tab')
    await page.keyboard.type(MOT_DE_PASSE)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Protéger ce compte par un code' }).waitFor()
    await verifier('enrolment')
    const secret = ((await page.locator('code').first().textContent()) ?? '').replace(/\s/g, '')
    await page.getByLabel('Premier code').fill(await essai.code(secret))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Codes de secours' }).waitFor()
    assert.equal(await page.locator('main code').count(), 10)
    await page.getByRole('link', { name: 'Les codes sont notés, continuer' }).click()
    await page.getByRole('heading', { level: 1, name: 'Engagement de confidentialité' }).waitFor()
    await verifier('commitment')
    await page.getByLabel('J’ai lu cet engagement et je le tiendrai').check()
    await page.getByRole('button', { name: 'Accepter et continuer' }).click()
    await page.getByRole('heading', { level: 1, name: 'Comptes et habilitations' }).waitFor()
    const fiche = await page.getByRole('link', { name: /AGNES\.RIVOIRE/ }).getAttribute('href')
    const ecrans = [
      '/comptes',
      '/comptes/nouveau',
      '/comptes/revue',
      `${fiche}`,
      `${fiche}/depart`,
      '/compte',
      '/compte/confirmer?vers=%2Fdossiers%2Fexport.csv',
      '/mot-de-passe/oublie',
    ]
    for (const chemin of ecrans) {
      await page.goto(adresse + chemin)
      await verifier(chemin)
    }
    const lecteur = await navigateur.newContext({ viewport: { width: 1366, height: 768 } })
    await lecteur.addCookies(await contexte.cookies())
    for (const chemin of ['/connexion', ...ecrans]) {
      const lue = await lecteur.newPage()
      await lue.goto(adresse + chemin)
      await verifierAccessibilite(lue, chemin)
      await lue.close()
    }
    await lecteur.close()
    await contexte.close()
  })
})
