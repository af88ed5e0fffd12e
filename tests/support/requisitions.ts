import { randomBytes, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import {
  hacherMotDePasse,
  installerCompte,
  installerOrganismes,
  lireConnexion,
  ouvrirConnexion,
  type Role,
} from '#acces'
import { envoyerNotifications } from '#notifications'
import { parseKeyring } from '#socle/cipher'
import type { Mail, Mailer } from '#socle/mail'
import { creerServeur, routes } from '#web'
import {
  type ApplicationDEssai,
  ecrireCsv,
  horlogeDu,
  importer,
  ligne,
  ouvrirApplicationDEssai,
} from './application.ts'

const DEPT = '71'
const MOT_DE_PASSE = 'essai-des-requisitions'

const COMPTES = {
  prefecture: ['PREF71', 'prefecture'],
  secretariat: ['SEC71-AUTUN', 'secretariat'],
  assistante: ['DEP71', 'service_social'],
  collegue: ['DEP71', 'service_social'],
  siao: ['SIAO71', 'partenaire'],
  maire: ['MAIRIE71-CREUSOT', 'maire'],
  bailleur: ['OPAC71', 'emetteur'],
  autreBailleur: ['MH71', 'emetteur'],
  commissaire: ['CDJ71', 'emetteur'],
  police: ['FDO71', 'partenaire'],
  caf: ['CAF71', 'service_social'],
  pilote: ['PREF71', 'pilote'],
} as const satisfies Record<string, readonly [string, Role]>
export type CompteRequisitions = keyof typeof COMPTES

export interface LueRequisitions {
  readonly statut: number
  readonly html: string
  /** Words only, plain spaces. */
  readonly texte: string
  readonly octets: Buffer
  readonly type: string
  readonly vers: string
  /** Said once after an act. */
  readonly message: string
}
type Champs = Readonly<Record<string, string | readonly string[]>>

/** A household of Le Creusot whose landlord is the OPAC, and everybody who has to do with its eviction. */
export interface EssaiRequisitions {
  readonly application: ApplicationDEssai
  readonly serveur: FastifyInstance
  readonly dossier: { readonly id: string; readonly reference: string }
  readonly comptes: readonly CompteRequisitions[]
  /** Mails that left. */
  readonly courriels: readonly Mail[]
  organisme(code: string): string
  /** Moves every later request to another day. */
  aller(jour: string, heure?: string): void
  jeton(compte: CompteRequisitions): Promise<string>
  lire(compte: CompteRequisitions, adresse: string): Promise<LueRequisitions>
  poster(compte: CompteRequisitions, adresse: string, champs: Champs): Promise<LueRequisitions>
  /** Address of the force request of the household. */
  adresse(suite?: string): string
  /** Runs the mails that wait, as the background work does. */
  envoyerCourriels(): Promise<void>
  fermer(): Promise<void>
}

const enTexte = (html: string): string =>
  html
    .replace(/<(?:script|style)[\s\S]*?<\/(?:script|style)>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;|&#39;/g, '’')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')

/** Hidden field of a page. */
export const cache = ({ html }: Pick<LueRequisitions, 'html'>, nom: string): string =>
  new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''

/** Opens it on a database of its own, with the routes of the whole site. `type` of the force request that is already in the dossier, if any. */
export async function ouvrirEssaiRequisitions(
  jour = '2026-09-28',
  lignes: readonly Readonly<Record<string, string>>[] = [],
): Promise<EssaiRequisitions> {
  const courriels: Mail[] = []
  const courrier: Mailer = {
    ready: true,
    send: async (mail) => {
      courriels.push(mail)
    },
    close: () => {},
  }
  let horloge = horlogeDu(jour)
  const base = await ouvrirApplicationDEssai(jour)
  const application: ApplicationDEssai = {
    ...base,
    horloge: { now: () => horloge.now() },
    acces: {
      cles: parseKeyring(randomBytes(32).toString('base64')),
      courrier,
      adresse: 'http://localhost',
      demonstration: true,
    },
  }
  await installerOrganismes(application.base, DEPT, [
    { code: 'FDO71', nom: 'Commissariat du Creusot', type: 'forces_de_l_ordre' },
  ])
  const menage = { nom_usage: 'Lacombe', parc: 'public', bailleur_nom: 'OPAC de Saône-et-Loire' }
  await importer(
    application,
    'OPAC71',
    'impayes.csv',
    ecrireCsv([
      ligne({
        ...menage,
        type: 'impaye_bailleur_social',
        reference_source: 'OPAC-77',
        date_signalement: '2026-03-02',
        enfants_a_charge: '2',
      }),
    ]),
  )
  await importer(
    application,
    'PREF71',
    'requisitions.csv',
    ecrireCsv(
      (lignes.length > 0
        ? lignes
        : [
            {
              type: 'requisition_force_publique',
              reference_source: 'RFP-1',
              date_signalement: '2026-06-15',
              date_acte: '2026-06-10',
            },
          ]
      ).map((une) => ligne({ ...menage, ...une })),
    ),
  )
  const { pool } = application.base
  const { rows: organismes } = await pool.query('select id, code from organisme where dept = $1', [DEPT])
  const organisme = (code: string): string =>
    (organismes as { id: string; code: string }[]).find((un) => un.code === code)?.id ?? ''
  const { rows } = await pool.query('select id, reference from dossier where dept = $1', [DEPT])
  if (rows.length !== 1) throw new Error('one dossier is expected')
  const dossier = rows[0] as { id: string; reference: string }
  const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
  const comptes = Object.keys(COMPTES) as CompteRequisitions[]
  for (const compte of comptes) {
    const [code, role] = COMPTES[compte]
    await installerCompte(application.base, {
      dept: DEPT,
      courriel: `${compte}@essai.example`,
      prenom: 'Camille',
      nom: compte.toUpperCase(),
      motDePasse,
      organisme: code,
      role,
      du: Temporal.PlainDate.from('2020-01-01'),
      motif: 'Essai',
      a: application.horloge.now(),
    })
  }
  const serveur = await creerServeur(application, routes, {
    securise: false,
    departement: DEPT,
    journalErreurs: (_reference, erreur) => {
      throw erreur
    },
  })
  const jetons = new Map<CompteRequisitions, string>()
  const jeton = async (compte: CompteRequisitions): Promise<string> => {
    const connu = jetons.get(compte)
    if (connu !== undefined && (await lireConnexion(application, connu))) return connu
    const { jeton: ouvert } = await ouvrirConnexion(application, {
      dept: DEPT,
      courriel: `${compte}@essai.example`,
      motDePasse: MOT_DE_PASSE,
      adresse: `192.0.2.${comptes.indexOf(compte) + 1}`,
    })
    jetons.set(compte, ouvert)
    return ouvert
  }
  const enLue = (reponse: Awaited<ReturnType<FastifyInstance['inject']>>): LueRequisitions => {
    const cookie = reponse.cookies.find(({ name, value }) => name === 'amont_message' && value !== '')
    return {
      statut: reponse.statusCode,
      html: reponse.body,
      texte: enTexte(reponse.body),
      octets: reponse.rawPayload,
      type: String(reponse.headers['content-type'] ?? ''),
      vers: String(reponse.headers.location ?? ''),
      message: cookie ? (JSON.parse(Buffer.from(cookie.value, 'base64url').toString()) as { texte: string }).texte : '',
    }
  }
  return {
    application,
    serveur,
    dossier,
    comptes,
    courriels,
    organisme,
    jeton,
    aller(autre, heure) {
      horloge = horlogeDu(autre, heure)
    },
    lire: async (compte, adresse) =>
      enLue(await serveur.inject({ url: adresse, cookies: { amont_session: await jeton(compte) } })),
    async poster(compte, adresse, champs) {
      const ouvert = await jeton(compte)
      const corps = new URLSearchParams({
        _jeton: (await lireConnexion(application, ouvert))?.jetonFormulaire ?? '',
        ...(champs.envoi === undefined ? { envoi: randomUUID() } : {}),
      })
      for (const [nom, valeurs] of Object.entries(champs))
        for (const valeur of typeof valeurs === 'string' ? [valeurs] : valeurs) corps.append(nom, valeur)
      return enLue(
        await serveur.inject({
          method: 'POST',
          url: adresse,
          cookies: { amont_session: ouvert },
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload: corps.toString(),
        }),
      )
    },
    adresse: (suite = '') => `/dossiers/${dossier.reference}/force-publique${suite}`,
    async envoyerCourriels() {
      await envoyerNotifications(application, DEPT)
    },
    async fermer() {
      await serveur.close()
      await application.fermer()
    },
  }
}
