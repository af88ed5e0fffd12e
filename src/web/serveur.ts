import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import {
  type Application,
  type Connecte,
  consignerRefus,
  droits,
  lireConnexion,
  ouvrirSession,
  type Session,
} from '#acces'
import { Interdit, Introuvable, Refus } from '#socle/errors'
import type { ClientProconnect } from './compte/client-proconnect.ts'
import { routesConnexion } from './compte/connexion.tsx'
import { entetesDeSecurite } from './entetes.ts'
import { pageErreur, pageRefus } from './erreurs.tsx'
import { rendre } from './mise-en-page/index.tsx'
import { demanderNavigation } from './navigation.ts'
import type { Message, Reponse, Requete, Route } from './route.ts'
import { actifs } from './statique/index.ts'

const TAILLE_MAX = 60 * 1024 * 1024
const COOKIE_MESSAGE = 'amont_message'

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
}

/** Name of the session cookie: the `__Host-` prefix asks for https. */
export function nomCookieSession(reglages: ReglagesWeb): string {
  return reglages.securise ? '__Host-amont' : 'amont_session'
}

function lireMessage(request: FastifyRequest): Message | null {
  const brut = request.cookies[COOKIE_MESSAGE]
  if (!brut) return null
  try {
    return JSON.parse(Buffer.from(brut, 'base64url').toString()) as Message
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
  const origine = request.headers.origin
  if (origine && origine !== 'null' && new URL(origine).host !== request.headers.host) {
    throw new Interdit('Ce formulaire vient d’un autre site : il n’a pas été pris en compte.')
  }
  if (jetonRecu !== jetonAttendu) {
    throw new Interdit('Ce formulaire est périmé. Revenir à la page, la recharger, puis recommencer.')
  }
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
        reply.setCookie(COOKIE_MESSAGE, Buffer.from(JSON.stringify(reponse.message)).toString('base64url'), {
          path: '/',
          httpOnly: true,
          sameSite: 'lax',
          secure: reglages.securise,
          maxAge: 60,
        })
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

function erreurEnPage(erreur: unknown, reglages: ReglagesWeb, connecte: Connecte | null): Reponse {
  if (erreur instanceof Refus) return { genre: 'page', statut: erreur.statut, element: pageRefus(erreur, connecte) }
  if (erreur instanceof Introuvable)
    return { genre: 'page', statut: 404, element: pageErreur('Page introuvable', erreur.message, connecte) }
  if (erreur instanceof Interdit)
    return { genre: 'page', statut: 403, element: pageErreur('Action réservée', erreur.message, connecte) }
  const code = (erreur as { code?: unknown }).code
  if (code === 'FST_REQ_FILE_TOO_LARGE' || code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return {
      genre: 'page',
      statut: 413,
      element: pageErreur(
        'Fichier trop gros',
        'Ce fichier dépasse 60 Mo. Le découper, puis déposer chaque morceau.',
        connecte,
      ),
    }
  }
  if (code === 'FST_FILES_LIMIT' || code === 'FST_PARTS_LIMIT' || code === 'FST_FIELDS_LIMIT') {
    return {
      genre: 'page',
      statut: 413,
      element: pageErreur('Trop de fichiers à la fois', 'Déposer dix fichiers au plus à chaque fois.', connecte),
    }
  }
  if (code === '22P02')
    return { genre: 'page', statut: 404, element: pageErreur('Page introuvable', new Introuvable().message, connecte) }
  if (code === 'ECONNREFUSED' || code === '57P01' || code === '57P03' || code === 'ENOENT') {
    return {
      genre: 'page',
      statut: 503,
      element: pageErreur(
        'Base de données indisponible',
        'Rien n’est perdu. Recharger cette page dans une minute.',
        connecte,
      ),
    }
  }
  const reference = randomUUID().slice(0, 8)
  reglages.journalErreurs?.(reference, erreur)
  return {
    genre: 'page',
    statut: 500,
    element: pageErreur(
      'Erreur d’Amont',
      `L’action n’a pas été faite. Signaler cette référence au support : ${reference}.`,
      connecte,
    ),
  }
}

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
  const serveur = fastify({
    trustProxy: reglages.securise,
    bodyLimit: 2 * 1024 * 1024,
    routerOptions: { ignoreTrailingSlash: true },
  })
  const entetes = entetesDeSecurite(reglages.securise)
  serveur.addHook('onRequest', (_request, reply, suite) => {
    reply.headers(entetes)
    suite()
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

  serveur.setErrorHandler((erreur, _request, reply) => envoyer(reply, erreurEnPage(erreur, reglages, null), reglages))
  serveur.setNotFoundHandler(async (request, reply) => {
    const connecte = await connecter(request)
    return envoyer(reply, erreurEnPage(new Introuvable(), reglages, connecte), reglages)
  })

  routesConnexion({
    serveur,
    application,
    cookie: cookieSession,
    securise: reglages.securise,
    departement: reglages.departement,
    proconnect: reglages.proconnect,
  })

  for (const route of routes) {
    serveur.route({
      method: route.methode,
      url: route.chemin,
      handler: async (request, reply) => {
        let connecte: Connecte | null = null
        try {
          connecte = await connecter(request)
          if (!connecte)
            return envoyer(
              reply,
              { genre: 'redirection', vers: `/connexion?vers=${encodeURIComponent(request.url)}` },
              reglages,
            )
          const connu = connecte
          const acte = {
            route: `${route.methode} ${route.chemin}`,
            parametres: request.params as Record<string, string>,
            neutre: route.neutre ?? false,
          }
          const formulaire = route.methode === 'POST' ? await lireFormulaire(request) : { champs: {}, fichiers: [] }
          if (route.methode === 'POST') {
            try {
              verifierOrigine(request, formulaire.champs._jeton?.[0] ?? '', connu.jetonFormulaire)
            } catch (erreur) {
              await consignerRefus(application, connu.acteur, route.droit, 'formulaire', acte)
              throw erreur
            }
          }
          const message = route.methode === 'GET' ? lireMessage(request) : null
          if (message) reply.clearCookie(COOKIE_MESSAGE, { path: '/' })
          reply.header('cache-control', 'no-store')
          const recherche = Object.fromEntries(
            Object.entries(request.query as Record<string, unknown>).map(([cle, valeur]) => [cle, unique(valeur)]),
          )
          const traiter = async (session: Session) => {
            const { navigation, lue } = demanderNavigation(session, message)
            const requete: Requete = {
              session,
              application,
              connecte: connu,
              acteur: connu.acteur,
              parametres: acte.parametres,
              recherche,
              requete: request.url.split('?')[1] ?? '',
              champs: formulaire.champs,
              fichiers: formulaire.fichiers,
              navigation,
            }
            const [traitee] = await Promise.all([route.traiter(requete), lue])
            return traitee
          }
          const reponse = await ouvrirSession(application, connu.acteur, route.droit, traiter, acte)
          if (reponse.genre === 'redirection') await reponse.apres?.()
          return envoyer(reply, reponse, reglages)
        } catch (erreur) {
          return envoyer(reply, erreurEnPage(erreur, reglages, connecte), reglages)
        }
      },
    })
  }
  return serveur
}
