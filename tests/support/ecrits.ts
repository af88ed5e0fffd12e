import type { FastifyInstance } from 'fastify'
import { type Acces, hacherMotDePasse, installerCompte, lireConnexion, ouvrirConnexion, type Role } from '#acces'
import { type Mailer, noMailer } from '#socle/mail'
import { creerServeur, routes } from '#web'
import {
  type ApplicationDEssai,
  accesLivre,
  ecrireCsv,
  importer,
  ligne,
  ouvrirApplicationDEssai,
} from './application.ts'
import { clesDEssai } from './base.ts'

export const DEPT = '71'
const MOT_DE_PASSE = 'essai-des-cercles'

/** One account per kind of organisation and role of the demonstration, and colleagues where a circle makes a difference. */
const COMPTES = {
  auteure: ['DEP71', 'service_social'],
  collegue: ['DEP71', 'service_social'],
  autreCollegue: ['DEP71', 'service_social'],
  caf: ['CAF71', 'service_social'],
  adil: ['ADIL71', 'service_social'],
  secretariat: ['SEC71-AUTUN', 'secretariat'],
  autreSecretariat: ['SEC71-CHALON', 'secretariat'],
  prefecture: ['PREF71', 'prefecture'],
  pilote: ['PREF71', 'pilote'],
  copilote: ['DEP71', 'pilote'],
  bailleur: ['OPAC71', 'emetteur'],
  autreBailleur: ['MH71', 'emetteur'],
  commissaire: ['CDJ71', 'emetteur'],
  agence: ['AGI71-CHALON', 'partenaire'],
  autreAgence: ['AGI71-MACON', 'partenaire'],
  socialDuPersonnel: ['SSP71', 'partenaire'],
  administrateur: ['PREF71', 'administrateur'],
  dpd: ['DEP71', 'dpd'],
} as const satisfies Record<string, readonly [string, Role]>
export type Compte = keyof typeof COMPTES
export const comptes = Object.keys(COMPTES) as Compte[]
/** What the matrix gives to one of the accounts. */
export const accesDuCompte = (compte: Compte): Acces => accesLivre(COMPTES[compte][0], COMPTES[compte][1]).acces

/** An answer as its reader has it. */
export interface Lue {
  readonly statut: number
  readonly html: string
  /** Words only, plain spaces. */
  readonly texte: string
  readonly octets: Buffer
  readonly vers: string
}

type Champs = Readonly<Record<string, string | readonly string[]>>

/** A département with one household that DEP71 and the CAF follow, and whose landlord is the OPAC. */
export interface EssaiDesCercles {
  readonly application: ApplicationDEssai
  readonly serveur: FastifyInstance
  readonly dossier: { readonly id: string; readonly reference: string }
  readonly ids: Readonly<Record<Compte, string>>
  readonly organisme: (code: string) => string
  lire(compte: Compte, adresse: string): Promise<Lue>
  /** With `fichier`, the form carries a file. */
  poster(compte: Compte, adresse: string, champs: Champs, fichier?: { nom: string; octets: Buffer }): Promise<Lue>
  /** Sends a form twice: re-reads it, then saves what was re-read. Returns both answers. */
  ecrire(
    compte: Compte,
    adresse: string,
    champs: Champs,
  ): Promise<{ readonly relue: Lue; readonly relus: Champs; readonly faite: Lue }>
  jeton(compte: Compte): Promise<string>
  fermer(): Promise<void>
}

const enTexte = (html: string): string =>
  html
    .replace(/<(?:script|style)[\s\S]*?<\/(?:script|style)>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;|&#39;/g, '’')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')

/** Opens it on a database of its own, with the routes of the whole site. */
export async function ouvrirEssaiDesCercles(
  journalErreurs: (reference: string, erreur: unknown) => void = (_reference, erreur) => {
    throw erreur
  },
  courrier: Mailer = noMailer,
): Promise<EssaiDesCercles> {
  const application: ApplicationDEssai = {
    ...(await ouvrirApplicationDEssai()),
    acces: {
      cles: clesDEssai,
      courrier,
      adresse: 'http://localhost',
      demonstration: true,
    },
  }
  const { pool } = application.base
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
        montant_dette: '1620,00',
        handicap: 'oui',
      }),
    ]),
  )
  await importer(
    application,
    'PREF71',
    'assignations.csv',
    ecrireCsv([
      ligne({
        ...menage,
        type: 'assignation',
        reference_source: 'ASG-1',
        date_signalement: '2026-11-06',
        date_acte: '2026-11-04',
        date_audience: '2027-01-14',
      }),
    ]),
  )
  const { rows: organismes } = await pool.query('select id, code from organisme where dept = $1', [DEPT])
  const parCode = new Map((organismes as { id: string; code: string }[]).map(({ id, code }) => [code, id]))
  const organisme = (code: string): string => parCode.get(code) ?? ''
  const { rows } = await pool.query(
    'update dossier set organismes_habilites = $2 where dept = $1 returning id, reference',
    [DEPT, [organisme('DEP71'), organisme('CAF71')]],
  )
  const dossier = rows[0] as { id: string; reference: string }
  if (rows.length !== 1) throw new Error('one dossier is expected')

  const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
  const ids = {} as Record<Compte, string>
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
    const { rows: crees } = await pool.query('select id from compte where dept = $1 and courriel = $2', [
      DEPT,
      `${compte.toLowerCase()}@essai.example`,
    ])
    ids[compte] = (crees[0] as { id: string }).id
  }
  const serveur = await creerServeur(application, routes, { securise: false, departement: DEPT, journalErreurs })
  const jetons = new Map<Compte, string>()
  const jeton = async (compte: Compte): Promise<string> => {
    const connu = jetons.get(compte)
    if (connu !== undefined) return connu
    const { jeton: ouvert } = await ouvrirConnexion(application, {
      dept: DEPT,
      courriel: `${compte}@essai.example`,
      motDePasse: MOT_DE_PASSE,
      adresse: `192.0.2.${comptes.indexOf(compte) + 1}`,
    })
    jetons.set(compte, ouvert)
    return ouvert
  }
  const enLue = (reponse: Awaited<ReturnType<FastifyInstance['inject']>>): Lue => ({
    statut: reponse.statusCode,
    html: reponse.body,
    texte: enTexte(reponse.body),
    octets: reponse.rawPayload,
    vers: String(reponse.headers.location ?? ''),
  })
  const poster: EssaiDesCercles['poster'] = async (compte, adresse, champs, fichier) => {
    const ouvert = await jeton(compte)
    const corps = fichier ? new FormData() : new URLSearchParams()
    corps.append('_jeton', (await lireConnexion(application, ouvert))?.jetonFormulaire ?? '')
    for (const [nom, valeurs] of Object.entries(champs))
      for (const valeur of typeof valeurs === 'string' ? [valeurs] : valeurs) corps.append(nom, valeur)
    if (fichier && corps instanceof FormData)
      corps.append('fichier', new Blob([Uint8Array.from(fichier.octets)]), fichier.nom)
    const demande = new Response(corps)
    return enLue(
      await serveur.inject({
        method: 'POST',
        url: adresse,
        cookies: { amont_session: ouvert },
        headers: { 'content-type': demande.headers.get('content-type') ?? '' },
        payload: Buffer.from(await demande.arrayBuffer()),
      }),
    )
  }
  return {
    application,
    serveur,
    dossier,
    ids,
    organisme,
    jeton,
    lire: async (compte, adresse) =>
      enLue(await serveur.inject({ url: adresse, cookies: { amont_session: await jeton(compte) } })),
    poster,
    async ecrire(compte, adresse, champs) {
      const relue = await poster(compte, adresse, champs)
      const cache = (nom: string) => new RegExp(`name="${nom}" value="([\\w-]+)"`).exec(relue.html)?.[1] ?? ''
      const relus = { ...champs, lecteurs: cache('lecteurs'), envoi: cache('envoi'), etape: 'enregistrer' }
      return { relue, relus, faite: await poster(compte, adresse, relus) }
    },
    async fermer() {
      await serveur.close()
      await application.fermer()
    },
  }
}
