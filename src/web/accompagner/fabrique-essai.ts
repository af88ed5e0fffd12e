import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import {
  type Application,
  acteurSysteme,
  type Droit,
  hacherMotDePasse,
  installerCompte,
  installerOrganismes,
  lireConnexion,
  lireOrganisme,
  ouvrirConnexion,
  ouvrirSession,
  type Role,
  type Session,
} from '#acces'
import { type DossierDerive, deriver, ecrireDerives, ouvrirDossiers } from '#dossiers'
import { chargerDelais } from '#procedure'
import { rapprocherLot } from '#rapprochement'
import { chargerReferentiel } from '#referentiel'
import { repartirDossiers } from '#repartition'
import { deposerFichier, terminerLot, traiterLignes } from '#signalements'
import { projectRoot } from '#socle/config'
import type { Database } from '#socle/db'
import { frozenClock } from '#socle/time'
import type { Route } from '../route.ts'
import { creerServeur } from '../serveur.ts'
import { routesAccompagner } from './index.ts'

/** What the tests of this face share: a département, accounts, a server without a port, and households. Synthetic names only. */
export const DEPT = '71'
const MOT_DE_PASSE = 'essai-amont-2026'

const COMPTES = {
  secretariat: ['SEC71-AUTUN', 'secretariat'],
  chalon: ['SEC71-CHALON', 'secretariat'],
  departement: ['DEP71', 'service_social'],
  caf: ['CAF71', 'service_social'],
  collegue: ['CAF71', 'service_social'],
  adil: ['ADIL71', 'service_social'],
  prefecture: ['PREF71', 'prefecture'],
  ccas: ['CCAS71-AUTUN', 'service_social'],
  bailleur: ['OPAC71', 'emetteur'],
  agenceSociale: ['AIVS71', 'emetteur'],
  actionLogement: ['AL71', 'partenaire'],
  siao: ['SIAO71', 'partenaire'],
  pilote: ['PREF71', 'pilote'],
  copilote: ['DEP71', 'pilote'],
  administrateur: ['DEP71', 'administrateur'],
  dpd: ['DEP71', 'dpd'],
} as const satisfies Record<string, readonly [string, Role]>
export type Compte = keyof typeof COMPTES

export interface Essai {
  readonly application: Application
  readonly serveur: FastifyInstance
  /** Token of the session of an account, for a browser. */
  jeton(compte: Compte): Promise<string>
  lire(compte: Compte, adresse: string): Promise<PageLue>
  /** Sends a form with the token of the session, unless `champs` gives another. */
  poster(compte: Compte, adresse: string, champs: Champs, entetes?: Record<string, string>): Promise<PageLue>
  enSysteme<T>(droit: Droit, travail: (session: Session) => Promise<T>): Promise<T>
  fermer(): Promise<void>
}
type Champs = Readonly<Record<string, string | readonly string[]>>

/** An answer, with its text as a person reads it. */
export interface PageLue {
  readonly statut: number
  readonly vers: string
  /** As sent, except that non-breaking spaces are plain ones. */
  readonly html: string
  readonly texte: string
  readonly octets: Buffer
  readonly entetes: Readonly<Record<string, unknown>>
  /** Message of the act, left for the next page. */
  readonly message: {
    readonly texte: string
    readonly defaire?: { readonly action: string; readonly champs: Record<string, string> }
  } | null
}

const lisible = (html: string): string =>
  html
    .replace(/<script[\s\S]*?<\/script>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;|&#39;/g, '’')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.])/g, '$1')

/** The real rules and time limits of the département over a database of the test, accounts, and the routes of « Accompagner », with others if need be. */
export async function ouvrirEssai(base: Database, autres: readonly Route[] = []): Promise<Essai> {
  const racine = join(projectRoot, 'donnees')
  const referentiel = chargerReferentiel(racine)
  const departement = referentiel.departements.get(DEPT)
  if (!departement) throw new Error('no département 71')
  const application: Application = {
    base,
    referentiel,
    horloge: frozenClock('2026-11-20T08:00:00Z'),
    delais: new Map([[DEPT, chargerDelais(racine, departement.dossier)]]),
  }
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
      a: application.horloge.now(),
    })
  }
  const serveur = await creerServeur(application, [...routesAccompagner, ...autres], {
    securise: false,
    departement: DEPT,
    journalErreurs: (_reference, erreur) => {
      throw erreur
    },
  })
  const jetons = new Map<Compte, string>()
  const jeton = async (compte: Compte): Promise<string> => {
    const connu = jetons.get(compte)
    if (connu !== undefined) return connu
    const demande = { dept: DEPT, courriel: `${compte}@essai.example`, motDePasse: MOT_DE_PASSE, adresse: '127.0.0.1' }
    const ouvert = (await ouvrirConnexion(application, demande)).jeton
    jetons.set(compte, ouvert)
    return ouvert
  }
  const enPage = (reponse: Awaited<ReturnType<FastifyInstance['inject']>>): PageLue => {
    const cookie = reponse.cookies.find(({ name, value }) => name === 'amont_message' && value !== '')
    return {
      statut: reponse.statusCode,
      vers: String(reponse.headers.location ?? ''),
      html: reponse.body.replace(/[\u00a0\u202f]/g, ' '),
      texte: lisible(reponse.body),
      octets: reponse.rawPayload,
      entetes: reponse.headers,
      message: cookie ? JSON.parse(Buffer.from(cookie.value, 'base64url').toString()) : null,
    }
  }
  return {
    application,
    serveur,
    jeton,
    enSysteme: (droit, travail) => ouvrirSession(application, acteurSysteme(DEPT, 'essai'), droit, travail),
    async lire(compte, adresse) {
      return enPage(await serveur.inject({ url: adresse, cookies: { amont_session: await jeton(compte) } }))
    },
    async poster(compte, adresse, champs, entetes = {}) {
      const ouvert = await jeton(compte)
      const connecte = await lireConnexion(application, ouvert)
      const corps = new URLSearchParams()
      for (const [nom, valeurs] of Object.entries({ _jeton: connecte?.jetonFormulaire ?? '', ...champs })) {
        for (const valeur of typeof valeurs === 'string' ? [valeurs] : valeurs) corps.append(nom, valeur)
      }
      return enPage(
        await serveur.inject({
          method: 'POST',
          url: adresse,
          cookies: { amont_session: ouvert },
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...entetes },
          payload: corps.toString(),
        }),
      )
    },
    async fermer() {
      await serveur.close()
      await base.close()
    },
  }
}

/** A household to put in the list, with what its one signalement says. */
export interface MenageEssai {
  readonly nom: string
  readonly prenom?: string
  readonly type?: string
  readonly le?: string
  readonly territoire?: string
  readonly commune?: string
  readonly contenu?: Readonly<Record<string, unknown>>
  /** Last word on what is written, for what no column of the format brings. */
  readonly retoucher?: (derive: DossierDerive) => DossierDerive
}

export interface DossierCree {
  readonly id: string
  readonly reference: string
}

/** Opens one dossier per household and dispatches them by the rules. They have no line of import: enough for a list. */
export function creerDossiers(essai: Essai, menages: readonly MenageEssai[]): Promise<DossierCree[]> {
  return essai.enSysteme('dossier.reaffecter', async (session) => {
    const ouverts = await ouvrirDossiers(session, menages.length)
    const derives = menages.flatMap((menage, rang): DossierDerive[] => {
      const dossier = ouverts[rang]
      if (!dossier) return []
      const { type = 'assignation', le = '2026-10-05' } = menage
      const derive = deriver(session, dossier, [
        {
          id: dossier.id,
          organisme: 'prefecture',
          organismeNom: 'Préfecture de Saône-et-Loire',
          organismeType: 'prefecture',
          type,
          dateSignalement: le,
          dateActe: le,
          recuLe: le,
          codeInsee: '71014',
          commune: menage.commune ?? 'Autun',
          territoire: menage.territoire ?? 'autun',
          contenu: { nom_usage: menage.nom, prenom: menage.prenom ?? 'Camille', parc: 'prive', ...menage.contenu },
        },
      ])
      return [menage.retoucher ? menage.retoucher(derive) : derive]
    })
    await ecrireDerives(session, derives)
    await repartirDossiers(
      session,
      ouverts.map(({ id }) => id),
    )
    return ouverts
  })
}

/** One line of the exchange format, as its sender writes it. */
type LigneEssai = Readonly<Record<string, string>>

/** Brings lines through the real import: reception, recognition, dispatch. */
export async function importer(essai: Essai, code: string, lignes: readonly LigneEssai[]): Promise<void> {
  const colonnes = [...new Set(lignes.flatMap((ligne) => Object.keys(ligne)))]
  const csv = [colonnes.join(';'), ...lignes.map((ligne) => colonnes.map((cle) => ligne[cle] ?? '').join(';'))].join(
    '\r\n',
  )
  const lot = await essai.enSysteme('lot.deposer', async (session) => {
    const organisme = await lireOrganisme(session, code)
    return deposerFichier(session, {
      organisme: organisme.id,
      nom: `${code.toLowerCase()}.csv`,
      octets: Buffer.from(csv, 'utf8'),
      recuLe: session.jour,
    })
  })
  await traiterLignes(essai.application, DEPT, lot.id)
  await rapprocherLot(essai.application, DEPT, lot.id)
  await essai.enSysteme('dossier.reaffecter', async (session) => {
    const dossiers = await session.sql<{ id: string }>`select id from dossier where dept = ${DEPT}`
    await repartirDossiers(
      session,
      dossiers.map(({ id }) => id),
    )
  })
  await terminerLot(essai.application, DEPT, lot.id)
}
