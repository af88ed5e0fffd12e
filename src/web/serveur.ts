import { createHash, timingSafeEqual } from 'node:crypto'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  type Application,
  type Connecte,
  consignerRefus,
  droits,
  lireConnexion,
  ouvrirSession,
  recevoirEnvoi,
  retenirReponse,
  type Session,
} from '#acces'
import { exigerSansException } from '#participations'
import { Interdit, Introuvable } from '#socle/errors'
import { isUuid } from '#socle/text'
import { CHAMP_ENVOI } from './composants/index.ts'
import type { ClientProconnect } from './compte/client-proconnect.ts'
import { routesConnexion } from './compte/connexion.tsx'
import { cheminLocal, origineEtrangere } from './compte/publique.tsx'
import { entetesDeSecurite } from './entetes.ts'
import {
  direErreur,
  direRythme,
  type ErreurDite,
  FormulairePerime,
  pageErreur,
  pageSessionFinie,
  type Renvoi,
} from './erreurs.tsx'
import { ConfirmationDemandee } from './export.tsx'
import { rendre } from './mise-en-page/index.tsx'
import { demanderNavigation } from './navigation.ts'
import { routeCalendrier } from './notifications/calendrier.ts'
import type { Message, Reponse, Requete, Route } from './route.ts'
import { creerCompteur, type Rythme } from './rythme.ts'
import { actifs } from './statique/index.ts'

const TAILLE_MAX = 60 * 1024 * 1024
/** Size of what a person types, in bytes: what is read from somebody whose session has ended. */
const SAISIE_MAX = 1024 * 1024

/** Settings of the web face. */
export interface ReglagesWeb {
  /** True when people reach the server over https: cookies are then Secure and bound to the host. */
  readonly securise: boolean
  /** Département proposed first at sign-in. */
  readonly departement: string
  /** Sign-in by ProConnect; its button is shown only when it is set up. */
  readonly proconnect?: ClientProconnect | undefined
  /** Bound on the requests of the same process, for the logs of unexpected errors. */
  readonly journalErreurs?: (reference: string, erreur: unknown) => void
  /** One line for each page of refusal or of absence: reference, status, code, pattern of the address. Neither names nor contents. */
  readonly noterErreur?: (ligne: string) => void
  /** Demands a minute. Absent: not counted, for tests of something else. */
  readonly rythme?: Rythme | undefined
}

/** Name of the session cookie: the `__Host-` prefix asks for https. */
export function nomCookieSession(reglages: ReglagesWeb): string {
  return reglages.securise ? '__Host-amont' : 'amont_session'
}

/** Name of the cookie that carries one message to the next page. */
const nomCookieMessage = (reglages: ReglagesWeb): string =>
  reglages.securise ? '__Host-amont_message' : 'amont_message'

/** A cookie is what a browser says: anything but a message of the right shape, leading inside this site, is no message. */
const schemaMessage = z.strictObject({
  texte: z.string().max(2000),
  ton: z.enum(['tenu', 'info', 'bientot', 'retard']).exactOptional(),
  defaire: z
    .strictObject({
      action: z.string().regex(/^\/(?![/\\])/),
      libelle: z.string().max(200),
      champs: z.record(z.string(), z.string()).exactOptional(),
    })
    .exactOptional(),
})

function lireMessage(request: FastifyRequest, reglages: ReglagesWeb): Message | null {
  const brut = request.cookies[nomCookieMessage(reglages)]
  if (!brut) return null
  try {
    return schemaMessage.parse(JSON.parse(Buffer.from(brut, 'base64url').toString()))
  } catch {
    return null
  }
}

function unique(valeur: unknown): string {
  if (Array.isArray(valeur)) return String(valeur.at(-1) ?? '')
  return valeur === undefined || valeur === null ? '' : String(valeur)
}

interface Formulaire {
  readonly champs: Record<string, string[]>
  readonly fichiers: { nom: string; octets: Buffer }[]
}

async function lireFormulaire(request: FastifyRequest): Promise<Formulaire> {
  const champs: Record<string, string[]> = {}
  const ajouter = (nom: string, valeur: string) => {
    const liste = champs[nom]
    if (liste) liste.push(valeur)
    else champs[nom] = [valeur]
  }
  const fichiers: { nom: string; octets: Buffer }[] = []
  if (request.isMultipart()) {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        const octets = await part.toBuffer()
        if (part.filename) fichiers.push({ nom: part.filename.slice(0, 200), octets })
      } else ajouter(part.fieldname, String(part.value))
    }
  } else if (request.body && typeof request.body === 'object') {
    for (const [nom, valeur] of Object.entries(request.body as Record<string, unknown>)) {
      for (const une of Array.isArray(valeur) ? valeur : [valeur]) ajouter(nom, String(une))
    }
  }
  return { champs, fichiers }
}

/** A form comes from our own pages: same origin, and the token of the session. */
function verifierOrigine(request: FastifyRequest, jetonRecu: string, jetonAttendu: string): void {
  if (origineEtrangere(request)) {
    throw new Interdit('Ce formulaire vient d’un autre site : il n’a pas été pris en compte.')
  }
  const empreinte = (texte: string) => createHash('sha256').update(texte).digest()
  if (!timingSafeEqual(empreinte(jetonRecu), empreinte(jetonAttendu))) {
    throw new FormulairePerime()
  }
}

/** The database holds no such byte in a text, and nobody types one. */
function refuserOctetNul(textes: readonly string[]): void {
  if (textes.some((texte) => texte.includes('\0') || texte.includes('%00')))
    throw Object.assign(new Error('a null byte in a demand'), { code: '22021' })
}

function envoyer(reply: FastifyReply, reponse: Reponse, reglages: ReglagesWeb): FastifyReply {
  switch (reponse.genre) {
    case 'page':
      return reply
        .code(reponse.statut ?? 200)
        .type('text/html; charset=utf-8')
        .send(rendre(reponse.element))
    case 'redirection':
      if (reponse.message) {
        reply.setCookie(
          nomCookieMessage(reglages),
          Buffer.from(JSON.stringify(reponse.message)).toString('base64url'),
          {
            path: '/',
            httpOnly: true,
            sameSite: 'lax',
            secure: reglages.securise,
            maxAge: 60,
          },
        )
      }
      return reply.redirect(reponse.vers, 303)
    case 'fichier':
      return reply
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(reponse.nom)}`)
        .header('content-security-policy', "default-src 'none'; sandbox")
        .type(reponse.type)
        .send(Buffer.from(reponse.octets))
    case 'json':
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(reponse.valeur))
  }
}

function erreurEnReponse(
  reply: FastifyReply,
  dite: ErreurDite,
  erreur: unknown,
  reglages: ReglagesWeb,
  connecte: Connecte | null,
  renvoi: Renvoi | null = null,
): FastifyReply {
  if (dite.bogue) reglages.journalErreurs?.(dite.reference ?? '', erreur)
  else {
    const { code } = (erreur ?? {}) as { code?: unknown }
    const route = reply.request.routeOptions?.url ?? '?'
    reglages.noterErreur?.(
      `${dite.reference ?? '-'} ${dite.statut} ${typeof code === 'string' ? code : '-'} ${reply.request.method} ${route}`,
    )
  }
  if (dite.attendre !== undefined) reply.header('retry-after', dite.attendre)
  return envoyer(reply, { genre: 'page', statut: dite.statut, element: pageErreur(dite, connecte, renvoi) }, reglages)
}

/**
 * A form whose text may be sent again: no file, which a page cannot hold, no secret, which it must not, and nothing unless the browser says that it comes from our own
 * pages.
 */
function preparerRenvoi(
  request: FastifyRequest,
  { champs, fichiers }: Formulaire,
  connecte: Connecte | null,
): Renvoi | null {
  const typees = Object.entries(champs).filter(([nom]) => nom !== '_jeton')
  const { origin, 'sec-fetch-site': site } = request.headers
  const secret = typees.some(([nom]) => /mot_de_passe|secret|^code$/.test(nom))
  if (fichiers.length > 0 || typees.length === 0 || secret || (!origin && site !== 'same-origin')) return null
  return {
    adresse: request.url,
    champs: typees.flatMap(([nom, valeurs]) => valeurs.map((valeur) => [nom, valeur] as const)),
    pour: connecte && {
      jeton: connecte.jetonFormulaire,
      nom: `${connecte.nom}, ${connecte.acteur.organismeNom}`,
    },
  }
}

/** The page of ours a form was sent from, or the home page: the address of a form cannot be opened. */
function pageDuFormulaire({ headers, host }: FastifyRequest): string {
  const venue = URL.parse(headers.referer ?? '')
  return venue?.host === host ? cheminLocal(`${venue.pathname}${venue.search}`) : '/'
}

/** Nobody is signed in any more: what was typed stays in the page that says so, whatever else leads to signing in. */
async function demanderConnexion(
  request: FastifyRequest,
  reply: FastifyReply,
  methode: Route['methode'],
  reglages: ReglagesWeb,
): Promise<FastifyReply> {
  const vers = methode === 'GET' ? request.url : pageDuFormulaire(request)
  const connexion = `/connexion?vers=${encodeURIComponent(vers)}`
  const lisible =
    methode === 'POST' && !origineEtrangere(request) && Number(request.headers['content-length']) <= SAISIE_MAX
  const renvoi = lisible ? preparerRenvoi(request, await lireFormulaire(request), null) : null
  return envoyer(
    reply,
    renvoi
      ? { genre: 'page', statut: 401, element: pageSessionFinie(renvoi, connexion) }
      : { genre: 'redirection', vers: connexion },
    reglages,
  )
}

type ReponseGardee = Pick<Extract<Reponse, { genre: 'redirection' }>, 'vers' | 'message'>

/** What is kept of an answer to give it again; null when nothing was done: a page to read again, a refusal. */
const garderReponse = (reponse: Reponse): ReponseGardee | null =>
  reponse.genre === 'redirection'
    ? { vers: reponse.vers, ...(reponse.message ? { message: reponse.message } : {}) }
    : null

const enCours = new Map<string, Promise<unknown>>()

/** The same form twice at once: the second waits for the first here, not with a connection to the database. */
async function unALaFois<T>(cle: string, travail: () => Promise<T>): Promise<T> {
  for (let avant = enCours.get(cle); avant; avant = enCours.get(cle)) await avant.catch(() => {})
  const fait = travail().finally(() => enCours.delete(cle))
  enCours.set(cle, fait)
  return fait
}

/** Digest of a form and of its mark; null for a form without one. */
function cleDEnvoi(request: FastifyRequest, { champs, fichiers }: Formulaire): string | null {
  const marque = champs[CHAMP_ENVOI]?.[0]
  if (!marque || !isUuid(marque)) return null
  const { _jeton, ...saisis } = champs
  const resume = createHash('sha256').update(JSON.stringify([request.url, Object.entries(saisis).sort()]))
  for (const { nom, octets } of fichiers) resume.update(nom).update(octets)
  return resume.digest('hex')
}

/** A file leaves only by a route that says it answers one, through the gate it says. */
function verifierSortie(route: Route, reponse: Reponse): void {
  if (reponse.genre !== 'fichier') return
  if (!route.sortie) throw new Error(`${route.methode} ${route.chemin} answers a file and declares no « sortie »`)
  if (route.sortie === 'menages' && !reponse.garde)
    throw new Error(`${route.methode} ${route.chemin} answers a file that has not passed the gate of exports`)
}

interface Adresse {
  readonly methode: string
  readonly chemin: string
}
const tables = new WeakMap<FastifyInstance, readonly Adresse[]>()

/** Every address a server answers, its own and those of the route table: what the proofs go through. */
export const listerAdresses = (serveur: FastifyInstance): readonly Adresse[] => tables.get(serveur) ?? []

/** Builds the web server. A route without a known right stops here, before anything listens. */
export async function creerServeur(
  application: Application,
  routes: readonly Route[],
  reglages: ReglagesWeb,
): Promise<FastifyInstance> {
  for (const route of routes) {
    if (!(droits as readonly string[]).includes(route.droit))
      throw new Error(`Route sans droit déclaré : ${route.methode} ${route.chemin}`)
  }
  const entetes = entetesDeSecurite(reglages.securise)
  const parAdresse = reglages.rythme && creerCompteur(reglages.rythme.parAdresse, reglages.rythme.maintenant)
  const parPersonne = reglages.rythme && creerCompteur(reglages.rythme.parPersonne, reglages.rythme.maintenant)
  const serveur = fastify({
    // One proxy: what the visitor writes in X-Forwarded-For before it does not count.
    trustProxy: reglages.securise && ((_adresse: string, rang: number) => rang === 0),
    frameworkErrors: (erreur, _request, reply) => {
      reply.headers(entetes)
      erreurEnReponse(reply, direErreur(erreur), erreur, reglages, null)
    },
    clientErrorHandler: (_erreur, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    },
    bodyLimit: 2 * 1024 * 1024,
    routerOptions: { ignoreTrailingSlash: true },
  })
  const table: Adresse[] = []
  tables.set(serveur, table)
  serveur.addHook('onRoute', ({ method, url }) => {
    for (const methode of [method].flat()) table.push({ methode, chemin: url })
  })
  serveur.addHook('onRequest', (request, reply, suite) => {
    reply.headers(entetes)
    const attendre = request.url.startsWith('/statique/') ? 0 : (parAdresse?.(request.ip) ?? 0)
    if (attendre > 0) erreurEnReponse(reply, direRythme(attendre), null, reglages, null)
    else suite()
  })
  await serveur.register(cookie)
  await serveur.register(formbody, { bodyLimit: 2 * 1024 * 1024 })
  await serveur.register(multipart, {
    limits: { fileSize: TAILLE_MAX, files: 10, fields: 400, fieldSize: 1024 * 1024 },
  })

  for (const actif of actifs()) {
    serveur.get(actif.chemin, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(actif.type).send(actif.octets),
    )
  }
  serveur.get('/sante', async (_request, reply) => {
    await application.base.pool.query('select 1')
    return reply.type('text/plain').send('ok')
  })

  const cookieSession = nomCookieSession(reglages)
  const connecter = (request: FastifyRequest) => {
    const jeton = request.cookies[cookieSession]
    return jeton ? lireConnexion(application, jeton) : Promise.resolve(null)
  }

  serveur.setErrorHandler((erreur, _request, reply) =>
    erreurEnReponse(reply, direErreur(erreur), erreur, reglages, null),
  )
  serveur.setNotFoundHandler(async (request, reply) => {
    const connecte = await connecter(request)
    const erreur = new Introuvable()
    return erreurEnReponse(reply, direErreur(erreur), erreur, reglages, connecte)
  })

  routesConnexion({
    serveur,
    application,
    cookie: cookieSession,
    securise: reglages.securise,
    departement: reglages.departement,
    proconnect: reglages.proconnect,
  })
  routeCalendrier({ serveur, application, compter: parPersonne })

  for (const route of routes) {
    serveur.route({
      method: route.methode,
      url: route.chemin,
      handler: async (request, reply) => {
        let connecte: Connecte | null = null
        let renvoi: Renvoi | null = null
        try {
          connecte = await connecter(request)
          if (!connecte) return await demanderConnexion(request, reply, route.methode, reglages)
          const connu = connecte
          const attendre = parPersonne?.(`${connu.acteur.dept} ${connu.acteur.compte}`) ?? 0
          if (attendre > 0) return erreurEnReponse(reply, direRythme(attendre), null, reglages, connu)
          const acte = {
            route: `${route.methode} ${route.chemin}`,
            parametres: request.params as Record<string, string>,
            neutre: route.neutre ?? false,
          }
          const formulaire = route.methode === 'POST' ? await lireFormulaire(request) : { champs: {}, fichiers: [] }
          const cle = cleDEnvoi(request, formulaire)
          refuserOctetNul([request.url, ...Object.values(formulaire.champs).flat()])
          if (route.methode === 'POST') {
            try {
              verifierOrigine(request, formulaire.champs._jeton?.[0] ?? '', connu.jetonFormulaire)
            } catch (erreur) {
              await consignerRefus(application, connu.acteur, route.droit, 'formulaire', acte)
              if (erreur instanceof FormulairePerime) renvoi = preparerRenvoi(request, formulaire, connu)
              throw erreur
            }
            delete formulaire.champs[CHAMP_ENVOI]
          }
          const message = route.methode === 'GET' ? lireMessage(request, reglages) : null
          if (message) reply.clearCookie(nomCookieMessage(reglages), { path: '/', secure: reglages.securise })
          const recherche = Object.fromEntries(
            Object.entries(request.query as Record<string, unknown>).map(([cle, valeur]) => [cle, unique(valeur)]),
          )
          const traiter = async (session: Session): Promise<Reponse> => {
            const deja = cle === null ? null : await recevoirEnvoi<ReponseGardee>(session, cle)
            if (deja) return { genre: 'redirection', ...deja.reponse }
            if (route.methode === 'POST' && !route.parException && acte.parametres.reference)
              await exigerSansException(session, acte.parametres.reference)
            const { navigation, lue } = demanderNavigation(session, message)
            const requete: Requete = {
              session,
              application,
              connecte: connu,
              acteur: connu.acteur,
              parametres: acte.parametres,
              recherche,
              requete: request.url.split('?')[1] ?? '',
              adresse: request.url,
              champs: formulaire.champs,
              fichiers: formulaire.fichiers,
              navigation,
            }
            const [traitee] = await Promise.all([route.traiter(requete), lue])
            if (cle !== null) await retenirReponse(session, cle, garderReponse(traitee))
            return traitee
          }
          const ouvrir = () => ouvrirSession(application, connu.acteur, route.droit, traiter, acte)
          const reponse = await (cle === null ? ouvrir() : unALaFois(`${connu.acteur.compte} ${cle}`, ouvrir))
          verifierSortie(route, reponse)
          if (reponse.genre === 'redirection') await reponse.apres?.()
          return envoyer(reply, reponse, reglages)
        } catch (erreur) {
          if (erreur instanceof ConfirmationDemandee)
            return envoyer(
              reply,
              { genre: 'redirection', vers: `/compte/confirmer?vers=${encodeURIComponent(request.url)}` },
              reglages,
            )
          return erreurEnReponse(reply, direErreur(erreur), erreur, reglages, connecte, renvoi)
        }
      },
    })
  }
  return serveur
}
