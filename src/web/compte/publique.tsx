import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ReactElement } from 'react'
import { type Application, type Etape, lireSession, type SessionLue } from '#acces'
import { Interdit } from '#socle/errors'
import { rendre } from '../mise-en-page/index.tsx'
import type { ClientProconnect } from './client-proconnect.ts'

/** What the pages of sign-in share. They are the only ones without a complete session. */
export interface Entree {
  readonly serveur: FastifyInstance
  readonly application: Application
  readonly cookie: string
  readonly securise: boolean
  readonly departement: string
  readonly proconnect?: ClientProconnect | undefined
}

/** Sends a page that no cache keeps. */
export function envoyerPage(reply: FastifyReply, element: ReactElement, statut = 200): FastifyReply {
  return reply.code(statut).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(rendre(element))
}

/** First value of a field of a form, empty when absent. */
export function champ(corps: unknown, nom: string): string {
  const valeur = (corps as Record<string, unknown> | undefined)?.[nom]
  return typeof valeur === 'string' ? valeur : ''
}

/** Value of the address, empty when absent or repeated. */
export function dansAdresse(request: FastifyRequest, nom: string): string {
  return champ(request.query, nom)
}

/** A département of this installation; anything else is the one proposed first. */
export function lireDept(entree: Entree, dit: string): string {
  return entree.application.referentiel.departements.has(dit) ? dit : entree.departement
}

/** Only a path of this site may follow a sign-in: a browser drops tabs and line feeds, and reads a backslash as a slash. */
export function cheminLocal(vers: string): string {
  return /^\/(?![/\\])[^\u0000-\u001f\\]*$/.test(vers) && !/^\/(?:connexion|mot-de-passe)\b/.test(vers) ? vers : '/'
}

/**
 * A form of another site. Browsers say where a form comes from; one that says « null » hides it (a frame without origin, a redirect). A program that says nothing
 * is no browser: it carries nobody's cookies but its own, and the token of the session decides.
 */
export function origineEtrangere(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (site === 'cross-site' || site === 'same-site') return true
  if (!origin) return false
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.host
}

export const options = (entree: Entree) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: entree.securise,
})

/** Browser and system in two words: enough to recognise one's own device, not to follow somebody. */
export function lireAppareil(request: FastifyRequest): string {
  const agent = request.headers['user-agent'] ?? ''
  const trouver = (noms: readonly (readonly [RegExp, string])[]) => noms.find(([motif]) => motif.test(agent))?.[1]
  const navigateur = trouver([
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrome\/|Chromium\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ])
  const systeme = trouver([
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ])
  return [navigateur ?? 'Navigateur', systeme].filter(Boolean).join(' sur ')
}

const CHEMINS = {
  second_facteur: '/connexion/code',
  enrolement: '/connexion/enrolement',
  engagement: '/connexion/engagement',
} as const satisfies Record<Etape, string>

/** Where a session goes now: the step left, or the page asked. Null when it is no session any more. */
export async function suite(entree: Entree, jeton: string | undefined, vers: string): Promise<string | null> {
  const session = jeton ? await lireSession(entree.application, jeton) : null
  if (!session) return null
  if (session.etape === null) return vers
  return vers === '/' ? CHEMINS[session.etape] : `${CHEMINS[session.etape]}?vers=${encodeURIComponent(vers)}`
}

/** The session of a step, or null after having led elsewhere whoever is not at that step. */
export async function aLEtape(
  entree: Entree,
  request: FastifyRequest,
  reply: FastifyReply,
  etapes: readonly (Etape | null)[],
): Promise<{ session: SessionLue; jeton: string; vers: string } | null> {
  const corps = request.method === 'POST' ? champ(request.body, 'vers') : dansAdresse(request, 'vers')
  const vers = cheminLocal(corps)
  const jeton = request.cookies[entree.cookie]
  const session = jeton ? await lireSession(entree.application, jeton) : null
  if (!session || !jeton) {
    reply.redirect('/connexion', 303)
    return null
  }
  if (
    request.method === 'POST' &&
    (origineEtrangere(request) || champ(request.body, '_jeton') !== session.connecte.jetonFormulaire)
  ) {
    throw new Interdit(
      'Ce formulaire est périmé, ou vient d’un autre site. Revenir à la page, la recharger, puis recommencer.',
    )
  }
  if (!etapes.includes(session.etape)) {
    reply.redirect((await suite(entree, jeton, vers)) ?? '/connexion', 303)
    return null
  }
  return { session, jeton, vers }
}
