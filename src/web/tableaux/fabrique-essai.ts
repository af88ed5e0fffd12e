import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import {
  type Application,
  accesDe,
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
import { deriver, ecrireDerives, ouvrirDossiers, type SignalDuDossier } from '#dossiers'
import { chargerDelais } from '#procedure'
import { chargerReferentiel } from '#referentiel'
import { figerListes, listerListes, repartirDossiers } from '#repartition'
import { projectRoot } from '#socle/config'
import type { Database } from '#socle/db'
import { frozenClock } from '#socle/time'
import { openTestDatabase } from '#tests/base'
import type { Route } from '../route.ts'
import { creerServeur } from '../serveur.ts'

/** What the tests of lists, queues and rules share: a département in a database, on a day that the test chooses. Synthetic households only. */
const DEPT = '71'

/** The application at eight in the morning of a day, Paris time. */
export function applicationLe(base: Database, jour: string): Application {
  const racine = join(projectRoot, 'donnees')
  referentiel ??= chargerReferentiel(racine)
  const departement = referentiel.departements.get(DEPT)
  if (!departement) throw new Error('no département 71')
  delais ??= new Map([[DEPT, chargerDelais(racine, departement.dossier)]])
  const horloge = frozenClock(
    Temporal.PlainDate.from(jour)
      .toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: '08:00' })
      .toInstant()
      .toString(),
  )
  return { base, horloge, referentiel, delais }
}
let referentiel: Application['referentiel'] | undefined
let delais: Application['delais'] | undefined

/** Organismes of the département, and one account per role and organisme the tests sign in with. */
export async function installer(base: Database, jour: string): Promise<void> {
  const application = applicationLe(base, jour)
  await installerOrganismes(base, DEPT, application.referentiel.departements.get(DEPT)?.organismes ?? [])
  motDePasse ??= await hacherMotDePasse(MOT_DE_PASSE)
  const comptes: readonly [string, string, Role][] = [
    ['secretariat', 'SEC71-AUTUN', 'secretariat'],
    ['departement', 'DEP71', 'service_social'],
    ['caf', 'CAF71', 'service_social'],
    ['adil', 'ADIL71', 'service_social'],
    ['prefecture', 'PREF71', 'prefecture'],
    ['pilote', 'PREF71', 'pilote'],
  ]
  for (const [nom, organisme, role] of comptes) {
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
}
const MOT_DE_PASSE = 'essai-amont-2026'
let motDePasse: string | undefined

/** A session of the system, under one right. */
export function enSysteme<T>(
  application: Application,
  droit: Droit,
  travail: (session: Session) => Promise<T>,
): Promise<T> {
  return ouvrirSession(application, acteurSysteme(DEPT, 'essai'), droit, travail)
}

/** A session of somebody of an organisme. */
export async function enTantQue<T>(
  application: Application,
  code: string,
  role: Role,
  droit: Droit,
  travail: (session: Session) => Promise<T>,
): Promise<T> {
  const organisme = await enSysteme(application, 'dossier.consulter', (session) => lireOrganisme(session, code))
  const acteur = {
    dept: DEPT,
    compte: null,
    organisme: organisme.id,
    organismeNom: organisme.nom,
    role,
    organismeType: organisme.type,
    acces: accesDe(application.referentiel.matrice, organisme.type, role),
    territoires: organisme.territoires,
    libelle: code,
  }
  return ouvrirSession(application, acteur, droit, travail)
}

/** Somebody signed in: what the browser sends back. */
export interface Connecte {
  readonly cookie: string
  readonly jeton: string
}

/** Signs somebody in on the day of the application. */
export async function seConnecter(application: Application, nom: string): Promise<Connecte> {
  const { jeton } = await ouvrirConnexion(application, {
    dept: DEPT,
    courriel: `${nom}@essai.example`,
    motDePasse: MOT_DE_PASSE,
    adresse: '127.0.0.1',
  })
  const connecte = await lireConnexion(application, jeton)
  return { cookie: `amont_session=${jeton}`, jeton: connecte?.jetonFormulaire ?? '' }
}

/** One answer of the server: its page as text, spaces made plain, and its mark-up. */
export interface ReponseEssai {
  readonly statut: number
  readonly html: string
  readonly texte: string
  readonly octets: Buffer
  readonly vers: string
  /** What the act left to say on the next page, and how to undo it. */
  readonly message: { readonly texte: string; readonly defaire?: { readonly champs: Record<string, string> } } | null
}

/** A browser without scripts, for one person on one day. */
export interface Navigateur {
  lire(chemin: string): Promise<ReponseEssai>
  envoyer(chemin: string, champs: Readonly<Record<string, string>>): Promise<ReponseEssai>
  deposer(chemin: string, nom: string, octets: Uint8Array): Promise<ReponseEssai>
  /** A form that may carry a file, with its other fields. */
  televerser(
    chemin: string,
    champs: Readonly<Record<string, string>>,
    fichier?: { readonly champ: string; readonly nom: string; readonly octets: Uint8Array },
  ): Promise<ReponseEssai>
}

const ENTITES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
}

/** What a person reads of a page: tags removed, entities read, every space plain. */
export function lireTexte(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:amp|lt|gt|quot|#x27);/g, (entite) => ENTITES[entite] ?? entite)
    .replace(/[\s\u00a0\u202f]+/g, ' ')
}

/** Opens the screens as somebody, on the day of the application. The server is closed with `fermer`. */
export async function naviguer(
  application: Application,
  nom: string,
  routes: readonly Route[],
): Promise<Navigateur & { fermer(): Promise<void> }> {
  const serveur = await creerServeur(application, routes, {
    securise: false,
    departement: DEPT,
    journalErreurs: (reference, erreur) => process.stderr.write(`${reference} ${String((erreur as Error).stack)}\n`),
  })
  const { cookie, jeton } = await seConnecter(application, nom)
  const lireMessage = (reponse: Awaited<ReturnType<typeof serveur.inject>>): ReponseEssai['message'] => {
    const cookie = reponse.cookies.find(({ name, value }) => name === 'amont_message' && value !== '')
    return cookie
      ? (JSON.parse(
          Buffer.from(cookie.value, 'base64url')
            .toString()
            .replace(/[\u00a0\u202f]/g, ' '),
        ) as ReponseEssai['message'])
      : null
  }
  const rendre = (reponse: Awaited<ReturnType<typeof serveur.inject>>): ReponseEssai => ({
    statut: reponse.statusCode,
    html: reponse.body,
    texte: lireTexte(reponse.body),
    octets: reponse.rawPayload,
    vers: String(reponse.headers.location ?? ''),
    message: lireMessage(reponse),
  })
  return {
    lire: async (url) => rendre(await serveur.inject({ method: 'GET', url, headers: { cookie } })),
    envoyer: async (url, champs) =>
      rendre(
        await serveur.inject({
          method: 'POST',
          url,
          headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
          payload: new URLSearchParams({ _jeton: jeton, ...champs }).toString(),
        }),
      ),
    deposer: async (url, fichier, octets) => {
      const bord = 'essai-amont'
      const debut = `--${bord}\r\ncontent-disposition: form-data; name="_jeton"\r\n\r\n${jeton}\r\n--${bord}\r\ncontent-disposition: form-data; name="fichier"; filename="${fichier}"\r\ncontent-type: application/octet-stream\r\n\r\n`
      const payload = Buffer.concat([Buffer.from(debut), Buffer.from(octets), Buffer.from(`\r\n--${bord}--\r\n`)])
      return rendre(
        await serveur.inject({
          method: 'POST',
          url,
          headers: { cookie, 'content-type': `multipart/form-data; boundary=${bord}` },
          payload,
        }),
      )
    },
    televerser: async (url, champs, fichier) => {
      const formulaire = new FormData()
      for (const [nom, valeur] of Object.entries({ _jeton: jeton, ...champs })) formulaire.append(nom, valeur)
      if (fichier) formulaire.append(fichier.champ, new Blob([Buffer.from(fichier.octets)]), fichier.nom)
      const demande = new Request('http://essai.example', { method: 'POST', body: formulaire })
      return rendre(
        await serveur.inject({
          method: 'POST',
          url,
          headers: { cookie, 'content-type': demande.headers.get('content-type') ?? '' },
          payload: Buffer.from(await demande.arrayBuffer()),
        }),
      )
    },
    fermer: () => serveur.close(),
  }
}

/** A signalement, with the columns of the exchange format that matter to the test. */
export interface SignalEssai {
  readonly type: string
  readonly le: string
  readonly acteLe?: string
  readonly organisme?: string
  readonly contenu?: Readonly<Record<string, unknown>>
}

/** A household to create: its name, where it lives, and what partners said of it. */
export interface MenageEssai {
  readonly nom: string
  readonly prenom?: string
  readonly commune?: string
  readonly codeInsee?: string
  readonly territoire?: string
  readonly signaux: readonly SignalEssai[]
}

function enSignal(menage: MenageEssai, signal: SignalEssai): SignalDuDossier {
  const organisme =
    signal.organisme ?? (signal.type.startsWith('impaye') ? 'CAF de Saône-et-Loire' : 'Préfecture de Saône-et-Loire')
  return {
    id: randomUUID(),
    organisme,
    organismeNom: organisme,
    organismeType: 'caf',
    type: signal.type,
    dateSignalement: signal.le,
    dateActe: signal.acteLe ?? null,
    recuLe: signal.le,
    codeInsee: menage.codeInsee ?? '71014',
    commune: menage.commune ?? 'Autun',
    territoire: menage.territoire ?? 'autun',
    contenu: {
      nom_usage: menage.nom,
      prenom: menage.prenom ?? 'Camille',
      adresse: '12 rue des Forges',
      parc: 'prive',
      ...signal.contenu,
    },
  }
}

/** Opens a dossier per household, derives it, and dispatches it by the rules. Returns their ids and references, in order. */
export async function creerDossiers(
  application: Application,
  menages: readonly MenageEssai[],
): Promise<{ id: string; reference: string }[]> {
  return enSysteme(application, 'dossier.reaffecter', async (session) => {
    const ouverts = await ouvrirDossiers(session, menages.length)
    await ecrireDerives(
      session,
      menages.flatMap((menage, rang) => {
        const dossier = ouverts[rang]
        return dossier
          ? [
              deriver(
                session,
                dossier,
                menage.signaux.map((signal) => enSignal(menage, signal)),
              ),
            ]
          : []
      }),
    )
    await repartirDossiers(
      session,
      ouverts.map(({ id }) => id),
    )
    return ouverts
  })
}

/** Derives a dossier again from other signalements: what an import does when news comes. */
export async function recevoir(
  application: Application,
  dossier: { id: string; reference: string },
  menage: MenageEssai,
): Promise<void> {
  await enSysteme(application, 'dossier.reaffecter', async (session) => {
    await ecrireDerives(session, [
      deriver(
        session,
        dossier,
        menage.signaux.map((signal) => enSignal(menage, signal)),
      ),
    ])
    await repartirDossiers(session, [dossier.id])
  })
}

/** Freezes the lists of the day of the application, with a delay to answer in days. */
export function figer(application: Application, jours = 7): Promise<{ id: string; lignes: number }[]> {
  return enSysteme(application, 'liste.figer', (session) =>
    figerListes(session, { date: session.jour, delaiReponse: Temporal.Duration.from({ days: jours }) }),
  )
}

/** Assigned household that the CAF says it follows: CAF first, then the Département. */
export function menageAssigne(nom: string, contenu: Readonly<Record<string, unknown>> = {}): MenageEssai {
  return {
    nom,
    signaux: [
      {
        type: 'assignation',
        le: '2026-11-05',
        acteLe: '2026-11-03',
        contenu: { suivi_caf: true, montant_dette: 162000, ...contenu },
      },
    ],
  }
}

/** Assigned household nobody knows: the Département is the first and last rank. */
export function menageInconnu(nom: string, contenu: Readonly<Record<string, unknown>> = {}): MenageEssai {
  const aucun = { suivi_caf: false, suivi_departement: false, suivi_ccas: false, suivi_adil: false }
  return {
    nom,
    signaux: [
      {
        type: 'assignation',
        le: '2026-11-05',
        acteLe: '2026-11-03',
        contenu: { ...aucun, enfants_a_charge: 0, montant_dette: 98010, ...contenu },
      },
    ],
  }
}

/** Runs one test in a database of its own, with the organismes and accounts installed. */
export async function avecBase(travail: (base: Database) => Promise<void>): Promise<void> {
  const base = await openTestDatabase()
  try {
    await installer(base, '2026-01-01')
    await travail(base)
  } finally {
    await base.close()
  }
}

/** The list of one service and step among those of a day. */
export async function trouverListe(
  application: Application,
  code: string,
  stade: string,
  jour: string,
): Promise<string> {
  const listes = await enSysteme(application, 'liste.consulter', async (session) => {
    const organisme = await lireOrganisme(session, code)
    return listerListes(session, { organisme: organisme.id, le: Temporal.PlainDate.from(jour) })
  })
  const trouvee = listes.find((liste) => liste.stade === stade)
  if (!trouvee) throw new Error(`no list ${code} ${stade} ${jour}`)
  return trouvee.id
}
