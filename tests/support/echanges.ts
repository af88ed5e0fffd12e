import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { hacherMotDePasse, installerCompte, lireConnexion, ouvrirConnexion, type Role } from '#acces'
import type { Database } from '#socle/db'
import { creerServeur, routes } from '#web'
import { type ApplicationDEssai, importer, lireExemple, ouvrirApplicationDEssai } from './application.ts'
import { pdf } from './fichiers.ts'

const DEPT = '71'
const MOT_DE_PASSE = 'canaris-des-echanges'

const COMPTES = {
  caf: ['CAF71', 'service_social'],
  secretariat: ['SEC71-AUTUN', 'secretariat'],
  departement: ['DEP71', 'service_social'],
  chalon: ['SEC71-CHALON', 'secretariat'],
  prefecture: ['PREF71', 'prefecture'],
  adil: ['ADIL71', 'service_social'],
  ccas: ['CCAS71-AUTUN', 'service_social'],
  bailleur: ['OPAC71', 'emetteur'],
  pilote: ['PREF71', 'pilote'],
  administrateur: ['DEP71', 'administrateur'],
  dpd: ['DEP71', 'dpd'],
} as const satisfies Record<string, readonly [string, Role]>
export type CompteEchanges = keyof typeof COMPTES

export interface EssaiDeCanaris {
  readonly application: ApplicationDEssai
  readonly base: Database
  readonly dossier: { readonly id: string; readonly reference: string }
  readonly comptes: readonly CompteEchanges[]
  /** Those who are named in nothing. */
  readonly etrangers: readonly CompteEchanges[]
  /** A word found in one thing only → who may read that thing. */
  readonly canaris: ReadonlyMap<string, readonly CompteEchanges[]>
  organisme(code: string): string
  /** Every page and file of the route table that these accounts could ask for, ids filled in. */
  adresses(): readonly string[]
  /** Every act on what was written. */
  actes(): readonly string[]
  lire(compte: CompteEchanges, adresse: string): Promise<{ type: string; octets: Buffer; vers: string }>
  poster(compte: CompteEchanges, adresse: string, champs: Readonly<Record<string, string>>): Promise<number>
  /** Changes when anything of the exchanges does. */
  empreinte(): Promise<string>
  fermer(): Promise<void>
}

/** The whole server, households imported, and a thread, a request and documents of one of them that hold a canary each. */
export async function ouvrirEssaiDeCanaris(): Promise<EssaiDeCanaris> {
  const application = await ouvrirApplicationDEssai()
  await importer(application, 'CAF71', 'caf-2026-10.csv', lireExemple('caf-2026-10.csv'))
  const motDePasse = await hacherMotDePasse(MOT_DE_PASSE)
  const jetons = new Map<CompteEchanges, { jeton: string; formulaire: string }>()
  for (const [nom, [organisme, role]] of Object.entries(COMPTES)) {
    await installerCompte(application.base, {
      dept: DEPT,
      courriel: `${nom}@canari.example`,
      prenom: 'Maxence',
      nom: 'Quidemont',
      motDePasse,
      organisme,
      role,
      du: Temporal.PlainDate.from('2026-01-01'),
      motif: 'preuve',
      a: application.horloge.now(),
    })
    const demande = { dept: DEPT, courriel: `${nom}@canari.example`, motDePasse: MOT_DE_PASSE, adresse: '192.0.2.9' }
    const { jeton } = await ouvrirConnexion(application, demande)
    const lue = await lireConnexion(application, jeton)
    jetons.set(nom as CompteEchanges, { jeton, formulaire: lue?.jetonFormulaire ?? '' })
  }
  const serveur: FastifyInstance = await creerServeur(application, routes, {
    securise: false,
    departement: DEPT,
    journalErreurs: (_reference, erreur) => {
      throw erreur
    },
  })
  const { pool } = application.base
  const { rows: organismes } = await pool.query('select code, id from organisme where dept = $1', [DEPT])
  const organisme = (code: string): string => organismes.find((un) => un.code === code)?.id ?? ''
  const { rows: dossiers } = await pool.query(
    "select id, reference from dossier where dept = $1 and territoire = 'autun' limit 1",
    [DEPT],
  )
  const dossier = dossiers[0] as { id: string; reference: string }
  await pool.query('update dossier set organismes_habilites = $1 where id = $2', [
    [organisme('CAF71'), organisme('DEP71')],
    dossier.id,
  ])

  const connecte = (compte: CompteEchanges) => jetons.get(compte) ?? { jeton: '', formulaire: '' }
  const envoyer = async (
    compte: CompteEchanges,
    adresse: string,
    champs: Readonly<Record<string, string>>,
    fichier?: { nom: string; octets: Buffer },
  ) => {
    const { jeton, formulaire } = connecte(compte)
    const complets = Object.entries({ _jeton: formulaire, ...champs })
    if (!fichier)
      return serveur.inject({
        method: 'POST',
        url: adresse,
        cookies: { amont_session: jeton },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(complets).toString(),
      })
    const borne = 'borne-canari'
    const champ = (entete: string, octets: Buffer) =>
      Buffer.concat([
        Buffer.from(`--${borne}\r\nContent-Disposition: form-data; ${entete}\r\n\r\n`),
        octets,
        Buffer.from('\r\n'),
      ])
    return serveur.inject({
      method: 'POST',
      url: adresse,
      cookies: { amont_session: jeton },
      headers: { 'content-type': `multipart/form-data; boundary=${borne}` },
      payload: Buffer.concat([
        ...complets.map(([nom, valeur]) => champ(`name="${nom}"`, Buffer.from(valeur))),
        champ(`name="fichier"; filename="${fichier.nom}"`, fichier.octets),
        Buffer.from(`--${borne}--\r\n`),
      ]),
    })
  }
  const ecrire = async (...demande: Parameters<typeof envoyer>): Promise<string> => {
    const reponse = await envoyer(...demande)
    if (reponse.statusCode !== 303)
      throw new Error(`${demande[1]} : ${reponse.statusCode} ${reponse.body.replace(/<[^>]+>/g, ' ').slice(0, 2000)}`)
    return String(reponse.headers.location)
  }

  const racine = `/dossiers/${dossier.reference}/echanges`
  const fil = await ecrire('caf', `${racine}/fil`, {
    etape: 'envoyer',
    cercle: '3',
    sujet: 'sujet qzsujet',
    texte: 'message qzmessage',
    destinataires: organisme('SEC71-AUTUN'),
    envoi: randomUUID(),
  })
  await ecrire('secretariat', fil, { texte: 'réponse qzsuite', envoi: randomUUID() })
  const demande = await ecrire('secretariat', `${racine}/demande`, {
    destinataire: organisme('CAF71'),
    genre: 'versements',
    texte: 'demande qzdemande',
    avant: '2026-11-30',
    envoi: randomUUID(),
  })
  const close = await ecrire('secretariat', `${racine}/demande`, {
    destinataire: organisme('CAF71'),
    genre: 'avis',
    texte: 'demande qzclose',
    avant: '2026-11-30',
    envoi: randomUUID(),
  })
  await ecrire('caf', close, { acte: 'repondre', reponse: 'réponse qzreponse' })
  const piece = { cercle: '3', genre: 'decompte', date: '', envoi: randomUUID() }
  await ecrire(
    'caf',
    `${racine}/piece`,
    { ...piece, destinataires: organisme('SEC71-AUTUN') },
    { nom: 'qznom.pdf', octets: pdf('/Q(qzoctets)') },
  )
  const jointe = { ...piece, envoi: randomUUID(), fil: fil.split('/').at(-1) ?? '' }
  await ecrire('caf', `${racine}/piece`, jointe, { nom: 'qzjointe.pdf', octets: pdf('/J(qzcontenu)') })

  const lus = ['caf', 'secretariat'] as const
  const canaris = new Map<string, readonly CompteEchanges[]>(
    [
      'qzsujet',
      'qzmessage',
      'qzsuite',
      'qzdemande',
      'qzclose',
      'qzreponse',
      'qznom',
      'qzoctets',
      'qzjointe',
      'qzcontenu',
    ].map((mot) => [mot, lus]),
  )
  const { rows: pieces } = await pool.query('select id from piece order by a, nom')
  const { rows: messages } = await pool.query('select id from message order by rang')
  const comptes = Object.keys(COMPTES) as CompteEchanges[]
  const etrangers = comptes.filter((compte) => !(lus as readonly string[]).includes(compte))

  /** Values of the parameters; several make several addresses. Addresses with another parameter show nothing of a dossier. */
  const valeurs: Readonly<Record<string, readonly string[]>> = {
    reference: [dossier.reference],
    fil: [fil.split('/').at(-1) ?? ''],
    demande: [demande.split('/').at(-1) ?? '', close.split('/').at(-1) ?? ''],
    piece: pieces.map(({ id }) => id),
    message: [messages[0].id],
  }
  const remplir = (chemin: string): string[] => {
    const trouve = /:(\w+)/.exec(chemin)
    if (!trouve) return [chemin]
    return (valeurs[trouve[1] ?? ''] ?? []).flatMap((valeur) => remplir(chemin.replace(trouve[0], valeur)))
  }
  const suites: Readonly<Record<string, readonly string[]>> = {
    '/echanges': ['a_repondre', 'en_attente', 'en_retard', 'a_lire'].map((file) => `?file=${file}`),
    '/echanges/export.csv': ['a_repondre', 'en_attente', 'a_lire'].map((file) => `?file=${file}`),
    '/echanges/export.xlsx': ['?file=en_attente'],
    '/echanges/export.ods': ['?file=en_attente'],
    [`${racine}/piece`]: ['', `?fil=${valeurs.fil?.[0]}`, `?demande=${valeurs.demande?.[0]}`],
    '/dossiers': ['?territoire=tous'],
  }
  const adresses = routes
    .filter(({ methode }) => methode === 'GET')
    .flatMap(({ chemin }) => remplir(chemin))
    .flatMap((chemin) => (suites[chemin] ?? ['']).map((suite) => chemin + suite))
  return {
    application,
    base: application.base,
    dossier,
    comptes,
    etrangers,
    canaris,
    organisme,
    adresses: () => adresses,
    actes: () =>
      routes
        .filter(({ methode, chemin }) => methode === 'POST' && /echanges\/(?:fils|demandes|pieces)\//.test(chemin))
        .flatMap(({ chemin }) => remplir(chemin)),
    async lire(compte, adresse) {
      const reponse = await serveur.inject({ url: adresse, cookies: { amont_session: connecte(compte).jeton } })
      if (reponse.statusCode >= 500) throw new Error(`${compte} ${adresse} : ${reponse.statusCode}`)
      return {
        type: String(reponse.headers['content-type']),
        octets: reponse.rawPayload,
        vers: `${reponse.headers.location ?? ''} ${reponse.headers['content-disposition'] ?? ''}`,
      }
    },
    poster: async (compte, adresse, champs) => (await envoyer(compte, adresse, champs)).statusCode,
    async empreinte() {
      const { rows } = await pool.query(`select md5(string_agg(t, '' order by t)) as empreinte from (
        select fil::text as t from fil union all select message::text from message union all select demande::text from demande
        union all select demande_acte::text from demande_acte union all select piece::text from piece union all select fil_ajout::text from fil_ajout) x`)
      return rows[0].empreinte
    },
    async fermer() {
      await serveur.close()
      await application.fermer()
    },
  }
}
