import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Application,
  acteurSysteme,
  hacherMotDePasse,
  installerCompte,
  installerOrganismes,
  ouvrirConnexion,
  ouvrirSession,
  type Role,
} from '#acces'
import { chargerDelais } from '#procedure'
import { listerDossiersDuLot, rapprocherLot } from '#rapprochement'
import { chargerReferentiel } from '#referentiel'
import { repartirDossiers } from '#repartition'
import { terminerLot, traiterLignes } from '#signalements'
import { projectRoot } from '#socle/config'
import { frozenClock } from '#socle/time'
import { openTestDatabase } from '#tests/base'
import { routesReconnaitre } from '../reconnaitre/index.ts'
import { creerServeur } from '../serveur.ts'
import { routesRecevoir } from './index.ts'

const DEPT = '71'
const MOT_DE_PASSE = 'essai-amont-2026'

const COMPTES = {
  secretariat: ['SEC71-AUTUN', 'secretariat'],
  prefecture: ['PREF71', 'prefecture'],
  opac: ['OPAC71', 'emetteur'],
  huissiers: ['CDJ71', 'emetteur'],
  social: ['DEP71', 'service_social'],
} as const satisfies Record<string, readonly [string, Role]>

type Compte = keyof typeof COMPTES

/** What a page answered. */
export interface Page {
  readonly statut: number
  readonly texte: string
  readonly octets: Buffer
  readonly vers: string | undefined
  readonly type: string
}

/** Somebody signed in, as their browser sees Amont. */
export interface Navigateur {
  get(adresse: string): Promise<Page>
  /** Sends a form with the token of the session. */
  poster(adresse: string, champs?: Readonly<Record<string, string>>): Promise<Page>
  /** Sends files for an organisme; returns the answer. */
  deposer(organisme: string, ...fichiers: readonly Fichier[]): Promise<Page>
  /** Sends one file, treats it as the worker would, and returns the id of its deposit. */
  recevoir(organisme: string, fichier: Fichier): Promise<string>
}

export interface Fichier {
  readonly nom: string
  readonly octets: Uint8Array
}

export interface Essai {
  readonly application: Application
  seConnecter(compte: Compte): Promise<Navigateur>
  /** Id of an organisme, by its code. */
  organisme(code: string): Promise<string>
  /** What the background job does of a deposit. */
  traiter(lot: string): Promise<void>
  /** The clock moves: each deposit and each answer has its own instant. */
  avancer(): void
  /** Rows of the whole département, for what a test must count. */
  compter(): Promise<Comptes>
  fermer(): Promise<void>
}

/** What an import leaves behind. */
export interface Comptes {
  readonly signalements: number
  readonly versions: number
  readonly dossiers: number
  readonly rattaches: number
  readonly doutes: number
}

/** Texts of a page, without its mark-up: what a person reads, spaces made plain. */
export function lireTexte(page: Page): string {
  return page.texte
    .replace(/<(script|style|svg)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;/g, '’')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .replace(/ ([.,)])/g, '$1')
}

/** A file of the exchange format, from its lines; columns are those of the first. */
export function ecrireCsv(nom: string, lignes: readonly Readonly<Record<string, string>>[]): Fichier {
  const entete = Object.keys(lignes[0] ?? {})
  const texte = [entete, ...lignes.map((ligne) => entete.map((colonne) => ligne[colonne] ?? ''))]
    .map((champs) => champs.join(';'))
    .join('\r\n')
  return { nom, octets: Buffer.from(`${texte}\r\n`) }
}

/** A sample file shipped with the project. */
export function lireExemple(nom: string): Fichier {
  return { nom, octets: readFileSync(join(projectRoot, 'donnees/exemples', nom)) }
}

interface Envoi {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Record<string, string>
  readonly payload?: string | Buffer
}

/** A département in a database of its own, behind the real server. */
export async function ouvrirEssai(): Promise<Essai> {
  const base = await openTestDatabase()
  const racine = join(projectRoot, 'donnees')
  const referentiel = chargerReferentiel(racine)
  const departement = referentiel.departements.get(DEPT)
  if (!departement) throw new Error('no département 71')
  let instant = Temporal.Instant.from('2026-11-20T08:00:00Z')
  const horloge = { now: () => instant }
  const delais = new Map([[DEPT, chargerDelais(racine, departement.dossier)]])
  const application: Application = { base, horloge, referentiel, delais }
  await installerOrganismes(base, DEPT, departement.organismes)
  const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
  for (const [nom, [organisme, role]] of Object.entries(COMPTES)) {
    await installerCompte(base, {
      dept: DEPT,
      courriel: `${nom}@essai.example`,
      prenom: 'Camille',
      nom: nom.toUpperCase(),
      motDePasse,
      organisme,
      role,
      du: Temporal.PlainDate.from('2020-01-01'),
      motif: 'Essai',
      a: frozenClock('2020-01-01T08:00:00Z').now(),
    })
  }
  const serveur = await creerServeur(application, [...routesRecevoir, ...routesReconnaitre], {
    securise: false,
    departement: DEPT,
    journalErreurs: (_reference, erreur) => {
      throw erreur
    },
  })
  const systeme = acteurSysteme(DEPT, 'essai')
  const avancer = () => {
    instant = instant.add({ seconds: 30 })
  }
  const traiter = async (lot: string) => {
    await traiterLignes(application, DEPT, lot)
    await rapprocherLot(application, DEPT, lot)
    const ids = await ouvrirSession(application, systeme, 'dossier.consulter', (session) =>
      listerDossiersDuLot(session, lot),
    )
    await ouvrirSession(application, systeme, 'dossier.reaffecter', (session) => repartirDossiers(session, ids))
    await terminerLot(application, DEPT, lot)
    avancer()
  }
  const organisme = async (code: string) => {
    const lignes = await ouvrirSession(
      application,
      systeme,
      'lot.consulter',
      (session) => session.sql<{ id: string }>`select id from organisme where dept = ${DEPT} and code = ${code}`,
    )
    return lignes[0]?.id ?? ''
  }
  const compter = async () => {
    const lignes = await ouvrirSession(
      application,
      systeme,
      'lot.consulter',
      (session) => session.sql<Comptes>`
      select (select count(*)::int from signalement where dept = ${DEPT} and retire_a is null) as signalements,
        (select count(*)::int from signalement_version where dept = ${DEPT} and annulee_a is null) as versions,
        (select count(*)::int from dossier where dept = ${DEPT} and clos_le is null) as dossiers,
        (select count(*)::int from rattachement where dept = ${DEPT} and defait_a is null) as rattaches,
        (select count(*)::int from doute where dept = ${DEPT} and reponse is null) as doutes`,
    )
    const [comptes] = lignes
    if (!comptes) throw new Error('no count')
    return comptes
  }
  const seConnecter = async (compte: Compte): Promise<Navigateur> => {
    const { jeton } = await ouvrirConnexion(application, {
      dept: DEPT,
      courriel: `${compte}@essai.example`,
      motDePasse: MOT_DE_PASSE,
      adresse: '127.0.0.1',
    })
    const lire = (reponse: Awaited<ReturnType<typeof serveur.inject>>): Page => ({
      statut: reponse.statusCode,
      texte: reponse.body,
      octets: reponse.rawPayload,
      vers: reponse.headers.location?.toString(),
      type: String(reponse.headers['content-type'] ?? ''),
    })
    const cookies: Record<string, string> = { amont_session: jeton }
    const demander = async (requete: Envoi): Promise<Page> => {
      const reponse = await serveur.inject({ ...requete, cookies })
      for (const { name, value } of reponse.cookies) cookies[name] = value
      return lire(reponse)
    }
    const get = (adresse: string) => demander({ method: 'GET', url: adresse })
    let connu: string | undefined
    const jetonDeFormulaire = async () => {
      connu ??= /name="_jeton" value="([^"]+)"/.exec((await get('/recevoir')).texte)?.[1]
      connu ??= /name="_jeton" value="([^"]+)"/.exec((await get('/reconnaitre')).texte)?.[1]
      return connu ?? ''
    }
    const navigateur: Navigateur = {
      get,
      poster: async (adresse, champs = {}) => {
        const corps = new URLSearchParams({ ...champs, _jeton: await jetonDeFormulaire() })
        avancer()
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        return demander({ method: 'POST', url: adresse, headers, payload: corps.toString() })
      },
      deposer: async (code, ...fichiers) => {
        const formulaire = new FormData()
        formulaire.set('_jeton', await jetonDeFormulaire())
        formulaire.set('organisme', await organisme(code))
        formulaire.set('recu_le', '2026-11-20')
        for (const { nom, octets } of fichiers) formulaire.append('fichiers', new Blob([Uint8Array.from(octets)]), nom)
        const corps = new Response(formulaire)
        const headers = { 'content-type': corps.headers.get('content-type') ?? '' }
        avancer()
        return demander({ method: 'POST', url: '/recevoir', headers, payload: Buffer.from(await corps.arrayBuffer()) })
      },
      recevoir: async (code, fichier) => {
        const reponse = await navigateur.deposer(code, fichier)
        const lot = /^\/recevoir\/([0-9a-f-]{36})$/.exec(reponse.vers ?? '')?.[1]
        if (lot === undefined)
          throw new Error(`no deposit: ${reponse.statut} ${reponse.vers ?? ''} ${lireTexte(reponse).slice(0, 300)}`)
        await traiter(lot)
        return lot
      },
    }
    return navigateur
  }
  return {
    application,
    seConnecter,
    organisme,
    traiter,
    avancer,
    compter,
    fermer: async () => {
      await serveur.close()
      await base.close()
    },
  }
}
