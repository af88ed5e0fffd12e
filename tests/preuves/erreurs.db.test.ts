import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect as ouvrirPrise } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { hacherMotDePasse, installerCompte, ouvrirConnexion } from '#acces'
import { connect } from '#socle/db'
import { Interdit, Introuvable, refus } from '#socle/errors'
import { type ApplicationDEssai, ouvrirApplicationDEssai } from '#tests/application'
import { freePort } from '#tests/oidc'
import { creerServeur, decrirePourLeJournal, type ReglagesWeb, routes } from '#web'

/** What people are shown and what the log keeps when something fails: a sentence and a reference, never the inside, never a content. */
const DEPT = '71'
const CANARI = 'canari-3f9c'
const MOT_DE_PASSE = `mot de passe ${CANARI}`
const INTERIEUR =
  /\bat .*\.[jt]sx?:\d|node_modules|dist\/src|\bselect\b.*\bfrom\b|insert into|DETAIL|constraint|SQLSTATE|pg_|ECONNREFUSED|FST_ERR|"statusCode"|Error:/i

/** Several lines, one of which looks like a place in the program: everything a log must not copy. */
const bavarde = () => new Error(`${CANARI}\nligne de ${CANARI}\n    at ${CANARI} (/dossier/${CANARI}.js:1:2)`)

type Ecran = (typeof routes)[number]
const essais: readonly Ecran[] = [
  { methode: 'GET', chemin: '/essai/bogue', droit: 'aide.consulter', traiter: () => Promise.reject(bavarde()) },
  {
    methode: 'GET',
    chemin: '/essai/unique',
    droit: 'aide.consulter',
    // The error of the database says the row: DETAIL: Key (dept, courriel)=(71, …) already exists.
    traiter: async ({ session }) => {
      await session.sql`insert into compte (dept, courriel, nom, prenom, cree_a) values (${DEPT}, ${`${CANARI}@essai.example`}, ${CANARI}, 'x', now())`
      return { genre: 'redirection', vers: '/' }
    },
  },
  {
    methode: 'GET',
    chemin: '/essai/refus',
    droit: 'aide.consulter',
    traiter: () => Promise.reject(refus('essai.refus', 'Choisir une autre date.')),
  },
  {
    methode: 'GET',
    chemin: '/essai/absent',
    droit: 'aide.consulter',
    traiter: () => Promise.reject(new Introuvable()),
  },
  { methode: 'GET', chemin: '/essai/interdit', droit: 'aide.consulter', traiter: () => Promise.reject(new Interdit()) },
  {
    methode: 'GET',
    chemin: '/essai/sans-objet',
    droit: 'aide.consulter',
    traiter: async () => {
      throw null
    },
  },
  { methode: 'POST', chemin: '/essai/bogue', droit: 'aide.consulter', traiter: () => Promise.reject(bavarde()) },
]

describe('when something fails', () => {
  let application: ApplicationDEssai
  let serveur: FastifyInstance
  let cookies: Record<string, string>
  const journal: string[] = []
  const reglages: ReglagesWeb = {
    securise: false,
    departement: DEPT,
    journalErreurs: (reference, erreur) => journal.push(decrirePourLeJournal(reference, erreur)),
    noterErreur: (ligne) => journal.push(ligne),
  }
  before(async () => {
    application = await ouvrirApplicationDEssai()
    await installerCompte(application.base, {
      dept: DEPT,
      courriel: `${CANARI}@essai.example`,
      prenom: 'Lise',
      nom: CANARI,
      motDePasse: await hacherMotDePasse(MOT_DE_PASSE),
      organisme: 'DEP71',
      role: 'service_social',
      du: Temporal.PlainDate.from('2026-01-01'),
      motif: 'essai',
      a: application.horloge.now(),
    })
    const demande = { dept: DEPT, courriel: `${CANARI}@essai.example`, motDePasse: MOT_DE_PASSE, adresse: '192.0.2.1' }
    cookies = { amont_session: (await ouvrirConnexion(application, demande)).jeton }
    serveur = await creerServeur(application, [...routes, ...essais], reglages)
  })
  after(async () => {
    await serveur.close()
    await application.fermer()
  })

  interface Cas {
    readonly quoi: string
    readonly demande: InjectOptions
    readonly statut: number | readonly number[]
  }
  const formulaire = { 'content-type': 'application/x-www-form-urlencoded' }
  const cookieMessage = (valeur: unknown) => ({
    ...cookies,
    amont_message: Buffer.from(JSON.stringify(valeur)).toString('base64url'),
  })
  const cas = (): Cas[] => [
    { quoi: 'un bogue', demande: { url: `/essai/bogue?q=${CANARI}` }, statut: 500 },
    { quoi: 'une erreur de la base qui cite la ligne', demande: { url: '/essai/unique' }, statut: 500 },
    { quoi: 'une erreur qui n’en est pas une', demande: { url: '/essai/sans-objet' }, statut: 500 },
    { quoi: 'un refus', demande: { url: '/essai/refus' }, statut: 422 },
    { quoi: 'une absence', demande: { url: '/essai/absent' }, statut: 404 },
    { quoi: 'une interdiction', demande: { url: '/essai/interdit' }, statut: 403 },
    { quoi: 'un droit qui manque', demande: { url: '/journal' }, statut: 403 },
    { quoi: 'une adresse inconnue', demande: { url: `/${CANARI}` }, statut: 404 },
    { quoi: 'un identifiant illisible', demande: { url: `/tableaux/${CANARI}` }, statut: 404 },
    { quoi: 'un codage faux dans l’adresse', demande: { url: `/dossiers/%E0%A4%A${CANARI}` }, statut: [400, 404] },
    { quoi: 'un caractère nul', demande: { url: `/dossiers?q=%00${CANARI}` }, statut: 400 },
    { quoi: 'une adresse très longue', demande: { url: `/dossiers/${CANARI.repeat(400)}` }, statut: [404, 414] },
    {
      quoi: 'un formulaire trop gros',
      demande: { method: 'POST', url: '/essai/bogue', headers: formulaire, payload: `x=${CANARI.repeat(300_000)}` },
      statut: 413,
    },
    {
      quoi: 'un type inconnu',
      demande: {
        method: 'POST',
        url: '/essai/bogue',
        headers: { 'content-type': `application/${CANARI}` },
        payload: CANARI,
      },
      statut: 415,
    },
    {
      quoi: 'un JSON illisible',
      demande: {
        method: 'POST',
        url: '/essai/bogue',
        headers: { 'content-type': 'application/json' },
        payload: `{${CANARI}`,
      },
      statut: 400,
    },
    {
      quoi: 'un envoi en plusieurs parties illisible',
      demande: {
        method: 'POST',
        url: '/essai/bogue',
        headers: { 'content-type': 'multipart/form-data' },
        payload: CANARI,
      },
      statut: [400, 406, 415, 500],
    },
    {
      quoi: 'un jeton faux',
      demande: { method: 'POST', url: '/essai/bogue', headers: formulaire, payload: `_jeton=${CANARI}&note=${CANARI}` },
      statut: 403,
    },
    ...['%E0%A4%A', '71.', '.', '71.x"><script>', 'x'.repeat(5000)].map((valeur) => ({
      quoi: `un cookie de session malformé (${valeur.slice(0, 8)})`,
      demande: { url: '/dossiers', headers: { cookie: `amont_session=${valeur}` } },
      statut: 303,
    })),
    ...[
      null,
      5,
      'x',
      {},
      { texte: { a: 1 } },
      { texte: 'x', defaire: { action: 'https://ailleurs.example', libelle: CANARI } },
    ].map((valeur) => ({
      quoi: `un cookie de message malformé (${JSON.stringify(valeur)?.slice(0, 12)})`,
      demande: { url: '/aide', cookies: cookieMessage(valeur) },
      statut: 200,
    })),
  ]

  /** What is wrong with an answer, and with what the log kept of it. */
  const fautesDe = (
    reponse: { statusCode: number; headers: Record<string, unknown>; body: string },
    lignes: readonly string[],
    { statut }: Cas,
  ): string[] => {
    const { statusCode, body } = reponse
    const fautes = []
    if (![statut].flat().includes(statusCode)) fautes.push(`statut ${statusCode}`)
    if (lignes.join('\n').includes(CANARI)) fautes.push('le journal a un contenu')
    if (statusCode < 400) {
      if (body.includes('ailleurs.example')) fautes.push('une adresse d’ailleurs')
      return fautes
    }
    if (!/^<!DOCTYPE html><html lang="fr">/.test(body) || !/<h1>[^<]+<\/h1>/.test(body))
      fautes.push('pas une page en français')
    if (INTERIEUR.test(body.replace(/<(?:link|script)[^>]*>/g, ''))) fautes.push('un détail de l’intérieur')
    if (body.includes(CANARI)) fautes.push('un contenu')
    const reference = /Référence\s?: <code>([0-9a-f]{8})<\/code>/.exec(body)?.[1]
    // « Not yours » and « does not exist » are the same page to the byte: it carries nothing drawn at random.
    if (statusCode !== 404 && !reference) fautes.push('pas de référence')
    if (reference && !lignes.some((ligne) => ligne.startsWith(reference))) fautes.push('référence absente du journal')
    return fautes
  }

  const essayer = async (cible: FastifyInstance, tous: readonly Cas[]) => {
    const fautes: string[] = []
    for (const un of tous) {
      journal.length = 0
      const reponse = await cible.inject({ cookies: un.demande.headers?.cookie ? {} : cookies, ...un.demande })
      for (const faute of fautesDe(reponse, journal, un)) fautes.push(`${un.quoi} : ${faute}`)
    }
    return fautes
  }

  test('the page is in French, with a reference the log has, and neither says what was typed nor how the program is made', async (t) => {
    const tous = cas()
    const fautes = await essayer(serveur, tous)
    t.diagnostic(`erreurs : ${tous.length} sortes essayées, ${fautes.length} faute`)
    assert.deepEqual(fautes, [])
  })

  test('the proof has teeth: a log that copies messages is found', async (t) => {
    const bavard = await creerServeur(application, [...routes, ...essais], {
      ...reglages,
      journalErreurs: (reference, erreur) => journal.push(`${reference} ${(erreur as Error)?.stack ?? ''}`),
    })
    const tous = cas()
    const fautes = await essayer(bavard, tous)
    await bavard.close()
    t.diagnostic(`erreurs, journal bavard : ${tous.length} sortes essayées, ${fautes.length} fautes`)
    assert.ok(fautes.includes('un bogue : le journal a un contenu'))
  })

  test('without the database, every page says to come back in a minute, with 503 and Retry-After', async (t) => {
    const base = connect({ host: '127.0.0.1', port: await freePort(), user: 'x', database: CANARI, max: 2 })
    const coupe = await creerServeur({ ...application, base }, [...routes, ...essais], reglages)
    const adresses = ['/dossiers', '/', '/sante', '/a-faire', '/nulle-part', '/compte']
    const fautes: string[] = []
    for (const url of adresses) {
      journal.length = 0
      const reponse = await coupe.inject({ url, cookies })
      for (const faute of fautesDe(reponse, journal, { quoi: url, demande: {}, statut: 503 }))
        fautes.push(`${url} : ${faute}`)
      if (reponse.headers['retry-after'] !== '60') fautes.push(`${url} : Retry-After ${reponse.headers['retry-after']}`)
    }
    const connexion = await coupe.inject({
      method: 'POST',
      url: '/connexion',
      headers: formulaire,
      payload: new URLSearchParams({
        dept: DEPT,
        courriel: `${CANARI}@essai.example`,
        mot_de_passe: CANARI,
      }).toString(),
    })
    if (connexion.statusCode !== 503) fautes.push(`connexion : ${connexion.statusCode}`)
    await coupe.close()
    await base.close()
    t.diagnostic(`base absente : ${adresses.length + 1} demandes, ${fautes.length} faute`)
    assert.deepEqual(fautes, [])
  })

  test('what is not HTTP is answered without a word', async () => {
    await serveur.listen({ port: 0, host: '127.0.0.1' })
    const { port } = serveur.server.address() as AddressInfo
    const prise = ouvrirPrise(port, '127.0.0.1')
    let lu = ''
    prise.on('data', (morceau) => {
      lu += morceau.toString()
    })
    prise.write(`${CANARI} / QUOI/9\r\n\r\n`)
    await once(prise, 'close')
    assert.equal(lu, 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
})
