import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Browser, BrowserContext } from '@playwright/test'
import { type Compte, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import {
  lancerNavigateur,
  SANS_NAVIGATEUR,
  verifierAccessibilite,
  verifierHtml,
  verifierLargeur,
} from '#tests/navigateur'

const CAPTURES = process.env.AMONT_CAPTURES

describe('« Partager », in a browser', { skip: SANS_NAVIGATEUR }, () => {
  let essai: EssaiDesCercles
  let navigateur: Browser
  let adresse: string
  const pages = { document: '', logement: '', reseau: '', echange: '' }

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    adresse = await essai.serveur.listen({ port: 0, host: '127.0.0.1' })
    navigateur = await lancerNavigateur()
  })
  after(async () => {
    await navigateur?.close()
    await essai?.fermer()
  })

  async function ouvrir(compte: Compte, largeur: number, scripts = true): Promise<BrowserContext> {
    const contexte = await navigateur.newContext({
      viewport: { width: largeur, height: 768 },
      javaScriptEnabled: scripts,
    })
    await contexte.addCookies([{ name: 'amont_session', value: await essai.jeton(compte), url: adresse }])
    return contexte
  }

  test('[ESP-13] without scripts: a pilot publishes wording, replaces it; a social worker reads both versions', async () => {
    const pilote = await ouvrir('pilote', 1366, false)
    const page = await pilote.newPage()
    await page.goto(`${adresse}/documents`)
    await page.getByRole('link', { name: 'Publier un document' }).first().click()
    await page.getByLabel('Titre').fill('Parler de l’aide au logement')
    await page.getByLabel('Sorte').selectOption('langage')
    await page.getByLabel('Thème').selectOption('aides')
    await page.getByLabel('Service social du Département').check()
    await page.getByRole('button', { name: 'Publier ce document' }).click()
    await page.getByRole('link', { name: 'Choisir un fichier, ou écrire le texte du document.' }).waitFor()
    await page.getByLabel('Texte à lire ici').fill('L’aide au logement est un revenu du ménage.')
    await page.getByRole('button', { name: 'Publier ce document' }).click()
    await page.getByText('Document publié.').waitFor()
    pages.document = new URL(page.url()).pathname
    await page.getByRole('link', { name: 'Remplacer par une nouvelle version' }).click()
    await page.getByLabel('Ce qui change').fill('Montants de 2026.')
    await page.getByRole('button', { name: 'Publier cette version' }).click()
    await page.getByText('Nouvelle version publiée.').waitFor()
    await pilote.close()
    const social = await ouvrir('auteure', 390, false)
    const lecture = await social.newPage()
    await lecture.goto(`${adresse}/documents?texte=revenu`)
    await lecture.getByRole('link', { name: 'Parler de l’aide au logement' }).click()
    await lecture.getByText('Remplacée par la version 2').waitFor()
    await social.close()
  })

  test('[ESP-12] without scripts: a social worker asks, the agency offers, the lease is entered', async () => {
    await essai.poster('pilote', '/logements/agences', {
      organisme: essai.organisme('AGI71-CHALON'),
      secteurs: ['petites_surfaces', 'rural'],
      territoires: 'chalon-sur-saone',
      joindre: 'Accueil, 03 85 00 00 00',
      accord: '2026-11-01',
      version: '0',
    })
    const social = await ouvrir('auteure', 1366, false)
    const page = await social.newPage()
    await page.goto(`${adresse}/logements/demander?dossier=${essai.dossier.reference}`)
    await page.getByRole('radio', { name: 'Petites surfaces en centre urbain' }).check()
    await page.getByLabel('Commune').selectOption({ label: 'Chalon-sur-Saône' })
    await page.getByLabel('Taille minimum').selectOption('2')
    await page.getByLabel('Loyer maximum, charges comprises').fill('480')
    await page.getByLabel('Voulu le').fill('2026-12-20')
    await page.getByRole('button', { name: 'Envoyer cette demande' }).click()
    await page.getByText('Demande envoyée').waitFor()
    pages.logement = new URL(page.url()).pathname
    const agence = await ouvrir('agence', 390, false)
    const recue = await agence.newPage()
    await recue.goto(`${adresse}${pages.logement}`)
    await recue.getByLabel('Une offre').check()
    await recue.getByLabel('Taille proposée').selectOption('2')
    await recue.getByLabel('Loyer proposé, charges comprises').fill('465,50')
    await recue.getByLabel('Libre le').fill('2026-12-15')
    await recue.getByRole('button', { name: 'Envoyer cette réponse' }).click()
    await recue.getByText('Réponse envoyée.').waitFor()
    await agence.close()
    await page.goto(`${adresse}${pages.logement}`)
    await page.getByText('465,50').waitFor()
    await social.close()
  })

  test('[ESP-14] without scripts: a pilot makes a network, a landlord asks, a social worker answers', async () => {
    const pilote = await ouvrir('pilote', 1366, false)
    const page = await pilote.newPage()
    await page.goto(`${adresse}/reseaux/nouveau`)
    await page.getByLabel('Nom').fill('Travailleurs sociaux et bailleurs')
    await page.getByLabel('À quoi il sert').fill('Échanger sur les pratiques, sans dossier.')
    await page.getByLabel('OPAC de Saône-et-Loire').check()
    await page.getByLabel('Service social départemental').check()
    await page.getByRole('button', { name: 'Créer ce réseau' }).click()
    await page.getByText('Réseau créé.').waitFor()
    pages.reseau = new URL(page.url()).pathname
    await pilote.close()
    const bailleur = await ouvrir('bailleur', 390, false)
    const sienne = await bailleur.newPage()
    await sienne.goto(`${adresse}${pages.reseau}`)
    await sienne.getByLabel('Sujet').fill('Plans d’apurement après un jugement')
    await sienne.getByLabel('Message').fill('Qui rédige le protocole de cohésion sociale chez vous ?')
    await sienne.getByRole('button', { name: 'Ouvrir cet échange' }).click()
    await sienne.getByText('Échange ouvert.').waitFor()
    pages.echange = new URL(sienne.url()).pathname
    await bailleur.close()
    await essai.poster('auteure', pages.echange, {
      texte: 'Le service social et le bailleur, ensemble.',
      envoi: randomUUID(),
    })
  })

  for (const largeur of [1366, 390])
    test(`[ESP-12] [ESP-13] [ESP-14] no page overflows at ${largeur} px, nor breaks an accessibility rule`, async () => {
      const ecrans: readonly (readonly [string, Compte, string])[] = [
        ['documents', 'auteure', '/documents'],
        ['documents-vide', 'agence', '/documents'],
        ['documents-pilote', 'pilote', '/documents?theme=aides'],
        ['document', 'pilote', pages.document],
        ['publier', 'pilote', '/documents/publier'],
        ['remplacer', 'pilote', `${pages.document}/remplacer`],
        ['classer', 'pilote', `${pages.document}/classer`],
        ['retirer', 'pilote', `${pages.document}/retirer`],
        ['logements', 'auteure', '/logements'],
        ['logements-agence', 'agence', '/logements'],
        ['logements-vide', 'autreAgence', '/logements'],
        ['demander', 'auteure', '/logements/demander'],
        ['logement', 'auteure', pages.logement],
        ['logement-agence', 'agence', pages.logement],
        ['agences', 'pilote', '/logements/agences'],
        ['agences-sienne', 'autreAgence', '/logements/agences'],
        ['reseaux', 'auteure', '/reseaux'],
        ['reseaux-pilote', 'pilote', '/reseaux'],
        ['reseau', 'bailleur', pages.reseau],
        ['reseau-modifier', 'pilote', `${pages.reseau}/modifier`],
        ['echange', 'pilote', pages.echange],
      ]
      for (const [nom, compte, chemin] of ecrans) {
        const contexte = await ouvrir(compte, largeur)
        const page = await contexte.newPage()
        await page.goto(adresse + chemin)
        if (CAPTURES) await page.screenshot({ path: `${CAPTURES}/${nom}-${largeur}.png`, fullPage: true })
        await verifierHtml(nom, (await essai.lire(compte, chemin)).html)
        await verifierLargeur(page, nom)
        await verifierAccessibilite(page, nom)
        await contexte.close()
      }
    })
})
