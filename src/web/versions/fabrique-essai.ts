import { join } from 'node:path'
import {
  type Acteur,
  type Application,
  accesDe,
  acteurSysteme,
  type Droit,
  hacherMotDePasse,
  installerCompte,
  installerOrganismes,
  lireConnexion,
  ouvrirConnexion,
  ouvrirSession,
  type Role,
  type Session,
} from '#acces'
import { avecReglesLocales } from '#charte'
import { chargerDelais } from '#procedure'
import { chargerReferentiel } from '#referentiel'
import { projectRoot } from '#socle/config'
import type { Database, DatabaseSettings } from '#socle/db'
import { frozenClock } from '#socle/time'
import { openTestDatabase } from '#tests/base'
import { routesAFaire } from '../a-faire/index.ts'
import { routesAide } from '../aide/index.ts'
import { routesRegles } from '../regles/index.ts'
import { creerServeur } from '../serveur.ts'
import { lireTexte, type ReponseEssai } from '../tableaux/fabrique-essai.ts'
import { routesVersions } from './index.ts'

/** What the tests of versions share: two départements, pilots of both sides, days that the test chooses. */
const RACINE = join(projectRoot, 'donnees')
const livre = chargerReferentiel(RACINE)
const delais: Application['delais'] = new Map(
  [...livre.departements.values()].map((departement) => [departement.code, chargerDelais(RACINE, departement.dossier)]),
)
const MOT_DE_PASSE = 'essai-amont-2026'

const COMPTES: readonly (readonly [dept: string, nom: string, organisme: string, role: Role, du: string])[] = [
  ['71', 'pilote', 'PREF71', 'pilote', '2020-01-01'],
  ['71', 'collegue', 'PREF71', 'pilote', '2020-01-01'],
  ['71', 'copilote', 'DEP71', 'pilote', '2020-01-01'],
  ['71', 'adil', 'ADIL71', 'pilote', '2020-01-01'],
  // Pilots for the préfecture, then for the Département from December on.
  ['71', 'double', 'PREF71', 'pilote', '2020-01-01'],
  ['71', 'double', 'DEP71', 'pilote', '2026-11-27'],
  ['71', 'secretariat', 'SEC71-AUTUN', 'secretariat', '2020-01-01'],
  ['71', 'caf', 'CAF71', 'service_social', '2020-01-01'],
  ['71', 'bailleur', 'OPAC71', 'emetteur', '2020-01-01'],
  ['modele-pdalhpd', 'pilote', 'PREF99', 'pilote', '2020-01-01'],
  ['modele-pdalhpd', 'copilote', 'DEP99', 'pilote', '2020-01-01'],
]

const LIVRES_CODES = [...livre.departements.keys()]
/** Code of the model département, whatever the data call it. */
export const MODELE = LIVRES_CODES.find((code) => code !== '71') ?? ''
const codeDe = (dept: string): string => (dept === '71' ? '71' : MODELE)

/** One process of Amont: its own memory of the rules, over the same database. */
export interface Noeud {
  le(jour: string): Application
}

export interface EssaiVersions {
  readonly base: Database & { readonly settings: DatabaseSettings }
  /** Another process over the same database. */
  noeud(): Noeud
  readonly premier: Noeud
  ouvrir(nom: string, jour: string, options?: { dept?: string; noeud?: Noeud }): Promise<Page>
  /** Listens on a port, for a browser; gives the address. */
  ecouter(jour: string): Promise<string>
  fermer(): Promise<void>
}

/** Somebody in a browser without scripts, on one day. */
export interface Page {
  readonly cookie: string
  lire(chemin: string): Promise<ReponseEssai>
  envoyer(chemin: string, champs?: Readonly<Record<string, string>>): Promise<ReponseEssai>
}

function horlogeDu(jour: string) {
  const a = Temporal.PlainDate.from(jour).toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: '09:00' })
  return frozenClock(a.toInstant().toString())
}

/** Opens a database with the organismes and the accounts of both départements. */
export async function ouvrirEssaiVersions(): Promise<EssaiVersions> {
  const base = await openTestDatabase()
  for (const [dept, departement] of livre.departements) await installerOrganismes(base, dept, departement.organismes)
  const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
  for (const [dept, nom, organisme, role, du] of COMPTES) {
    await installerCompte(base, {
      dept: codeDe(dept),
      courriel: `${nom}@essai.example`,
      prenom: 'Camille',
      nom: nom.toUpperCase(),
      motDePasse,
      organisme,
      role,
      du: Temporal.PlainDate.from(du),
      motif: 'Essai',
      a: Temporal.Instant.from('2026-11-16T08:00:00Z'),
    })
  }
  const noeud = (): Noeud => {
    const application = avecReglesLocales({ base, horloge: horlogeDu('2026-11-20'), referentiel: livre, delais })
    return { le: (jour) => ({ ...application, horloge: horlogeDu(jour) }) }
  }
  const premier = noeud()
  const creer = (application: Application, dept: string) =>
    creerServeur(application, [...routesRegles, ...routesVersions, ...routesAFaire, ...routesAide], {
      securise: false,
      departement: dept,
      journalErreurs: (reference, erreur) => process.stderr.write(`${reference} ${String((erreur as Error).stack)}\n`),
    })
  const ecoutes: { close(): Promise<unknown> }[] = []
  const ouvrir = async (nom: string, jour: string, options: { dept?: string; noeud?: Noeud } = {}): Promise<Page> => {
    const application = (options.noeud ?? premier).le(jour)
    const dept = codeDe(options.dept ?? '71')
    const serveur = await creer(application, dept)
    const { jeton } = await ouvrirConnexion(application, {
      dept,
      courriel: `${nom}@essai.example`,
      motDePasse: MOT_DE_PASSE,
      adresse: '127.0.0.1',
    })
    const connecte = await lireConnexion(application, jeton)
    const cookie = `amont_session=${jeton}`
    const rendre = (reponse: Awaited<ReturnType<typeof serveur.inject>>): ReponseEssai => ({
      statut: reponse.statusCode,
      html: reponse.body,
      // What is only read aloud repeats what is shown.
      texte: lireTexte(reponse.body.replace(/<(caption|thead) class="sr">[\s\S]*?<\/\1>/g, ' ')),
      octets: reponse.rawPayload,
      vers: String(reponse.headers.location ?? ''),
      message: null,
    })
    return {
      cookie,
      lire: async (url) => rendre(await serveur.inject({ method: 'GET', url, headers: { cookie } })),
      envoyer: async (url, champs = {}) =>
        rendre(
          await serveur.inject({
            method: 'POST',
            url,
            headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
            payload: new URLSearchParams({ _jeton: connecte?.jetonFormulaire ?? '', ...champs }).toString(),
          }),
        ),
    }
  }
  return {
    base,
    noeud,
    premier,
    ouvrir,
    ecouter: async (jour) => {
      const serveur = await creer(premier.le(jour), '71')
      ecoutes.push(serveur)
      return serveur.listen({ port: 0, host: '127.0.0.1' })
    },
    fermer: async () => {
      for (const serveur of ecoutes) await serveur.close()
      await base.close()
    },
  }
}

/** A session of the system of a département. */
export function enSysteme<T>(
  application: Application,
  droit: Droit,
  travail: (session: Session) => Promise<T>,
  dept = '71',
): Promise<T> {
  return ouvrirSession(application, acteurSysteme(codeDe(dept), 'essai'), droit, travail)
}

/** A session of somebody of an organisme, without an account: to look at the database through other eyes. */
export function enRole<T>(
  application: Application,
  role: Role,
  droit: Droit,
  travail: (session: Session) => Promise<T>,
): Promise<T> {
  const type = role === 'service_social' ? 'departement' : 'prefecture'
  const acteur: Acteur = {
    dept: '71',
    compte: null,
    organisme: null,
    organismeNom: 'Essai',
    role,
    organismeType: type,
    acces: accesDe(application.referentiel.matrice, type, role),
    territoires: null,
    libelle: 'essai',
  }
  return ouvrirSession(application, acteur, droit, travail)
}

/** The form of a draft, as the browser would send it back. */
export function lireChamps(html: string): Record<string, string> {
  const decoder = (texte: string) =>
    texte
      .replace(/&quot;/g, '"')
      .replace(/&#x27;/g, "'")
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&')
  const formulaire = /<form class="formulaire"[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
  const champs: Record<string, string> = {}
  for (const [balise] of formulaire.matchAll(/<input [^>]*>/g)) {
    const nom = /name="([^"]+)"/.exec(balise)?.[1]
    const genre = /type="([^"]+)"/.exec(balise)?.[1]
    if (!nom || nom === '_jeton' || genre === 'file') continue
    if ((genre === 'checkbox' || genre === 'radio') && !/ checked/.test(balise)) continue
    champs[nom] = decoder(/value="([^"]*)"/.exec(balise)?.[1] ?? '')
  }
  for (const [, nom = '', texte = ''] of formulaire.matchAll(
    /<textarea [^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/textarea>/g,
  ))
    champs[nom] = decoder(texte.replace(/^\n/, ''))
  for (const [, nom = '', corps = ''] of formulaire.matchAll(/<select [^>]*name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
    champs[nom] = decoder(/<option value="([^"]*)" selected/.exec(corps)?.[1] ?? '')
  return champs
}

/** Opens a draft and gives its address. */
export async function preparer(page: Page, genre: string, depart?: string): Promise<string> {
  const ouvert = await page.envoyer('/regles/versions/nouvelle', { genre, ...(depart ? { depart } : {}) })
  return ouvert.vers.replace(/\/modifier$/, '')
}

/** Changes a draft as its form does; what is not given stays. `texte` receives the text and returns another. */
export async function modifier(
  page: Page,
  adresse: string,
  champs: Readonly<Record<string, string>>,
  texte: (avant: string) => string = (avant) => avant,
): Promise<ReponseEssai> {
  const presents = lireChamps((await page.lire(`${adresse}/modifier`)).html)
  return page.envoyer(`${adresse}/modifier`, {
    ...presents,
    ...(presents.texte === undefined ? {} : { texte: texte(presents.texte) }),
    ...champs,
  })
}

/** Why and by whom: what every version needs before it is submitted. */
export const CADRE = { motif: 'Révision annuelle des règles.', reference: 'COREP du 12 novembre 2026' }

/** Prepares, simulates and submits; gives the address. */
export async function soumettre(
  page: Page,
  genre: string,
  champs: Readonly<Record<string, string>>,
  texte?: (avant: string) => string,
): Promise<string> {
  const adresse = await preparer(page, genre)
  await modifier(page, adresse, { ...CADRE, ...champs }, texte)
  await page.envoyer(`${adresse}/simuler`)
  const { revision } = relue((await page.lire(adresse)).html)
  const soumise = await page.envoyer(`${adresse}/soumettre`, { revision })
  if (soumise.statut !== 303) throw new Error(`not submitted: ${soumise.texte}`)
  return adresse
}

/** What the page carries to say which text was read. */
export function relue(html: string): { revision: string; empreinte: string } {
  return {
    revision: /name="revision" value="(\d+)"/.exec(html)?.[1] ?? '',
    empreinte: /name="empreinte" value="([^"]+)"/.exec(html)?.[1] ?? '',
  }
}

/** The other side approves what it reads. */
export async function approuver(page: Page, adresse: string): Promise<ReponseEssai> {
  const lu = await page.lire(`${adresse}/decider`)
  return page.envoyer(`${adresse}/decider`, { ...relue(lu.html), decision: 'approuver' })
}

/** The CAF leaves the summons to the ADIL: rule and example change together. */
export const sansLaCaf = (texte: string): string =>
  texte
    .replace(/(id: assignation-connu-de-la-caf[\s\S]*?service: )caf/, '$1adil')
    .replace('regle: assignation-connu-de-la-caf, service: caf', 'regle: assignation-connu-de-la-caf, service: adil')
