import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Application, ouvrirSession, type Session } from '#acces'
import { seancesAVenir } from '#commission'
import { entretiensAVenir } from '#diagnostics'
import { demandesARepondre, pointsAVenir } from '#echanges'
import { echeancesDesTaches } from '#engagements'
import {
  datesDesDossiers,
  EVENEMENTS_MAX,
  type EvenementPropose,
  noterLectureCalendrier,
  numeroter,
  trouverAbonne,
} from '#notifications'
import { Interdit, Refus } from '#socle/errors'
import { writeCalendar } from '#socle/ical'

/** What goes into somebody's calendar. One line for each source; each reads under the rights of the person, and answers nothing without them. */
const SOURCES: readonly ((session: Session) => Promise<readonly EvenementPropose[]>)[] = [
  datesDesDossiers,
  echeancesDesTaches,
  demandesARepondre,
  pointsAVenir,
  entretiensAVenir,
  seancesAVenir,
]

const FLUX = { name: 'Amont', refresh: Temporal.Duration.from({ hours: 4 }) }

const jourDe = ({ debut }: EvenementPropose): Temporal.PlainDate =>
  debut instanceof Temporal.PlainDate ? debut : debut.toPlainDate()

/** The nearest to come first, then the most recent gone by: what a limit cuts is what matters least. */
function parProximite(jour: Temporal.PlainDate, proposes: readonly EvenementPropose[]): EvenementPropose[] {
  const rang = (propose: EvenementPropose) => {
    const { days } = jour.until(jourDe(propose))
    return days < 0 ? 100_000 - days : days
  }
  return proposes.toSorted((a, b) => rang(a) - rang(b))
}

async function composer(session: Session, adresse: string, id: string): Promise<{ octets: Buffer; marque: string }> {
  const proposes: EvenementPropose[] = []
  for (const source of SOURCES) proposes.push(...(await source(session)))
  const coupe = proposes.length > EVENEMENTS_MAX
  const gardes = parProximite(session.jour, proposes).slice(0, EVENEMENTS_MAX)
  // Said in the calendar itself: nobody reads anything else of it.
  if (coupe)
    gardes.push({
      uid: 'calendrier-coupe',
      titre: `Calendrier incomplet : les ${EVENEMENTS_MAX} dates les plus proches, le reste est dans Amont`,
      debut: session.jour,
      chemin: '/a-faire',
      dossier: null,
    })
  const evenements = await numeroter(session, gardes, adresse)
  const octets = Buffer.from(writeCalendar(evenements, { feed: FLUX }))
  const marque = createHash('sha256').update(octets).digest('base64url')
  if (await noterLectureCalendrier(session, id, marque))
    session.consigner({
      action: 'calendrier.lire',
      objet: 'calendrier',
      objetId: id,
      dossiers: [...new Set(gardes.flatMap(({ dossier }) => dossier ?? []))],
      details: { evenements: evenements.length },
    })
  return { octets, marque: `"${marque}"` }
}

/**
 * GET /calendrier/:secret: a calendar, for software that has no session. Its address is the only proof: unknown, ended, or of somebody who no longer has access, all answer
 * alike. Counted like the pages of the person, and journalled like a file that leaves.
 */
export function routeCalendrier({
  serveur,
  application,
  compter,
}: {
  serveur: FastifyInstance
  application: Application
  /** Seconds to wait, 0 to go on. */
  compter: ((cle: string) => number) | undefined
}): void {
  const dire = (reply: FastifyReply, statut: number, texte: string) =>
    reply.code(statut).type('text/plain; charset=utf-8').send(`${texte}\n`)
  serveur.get<{ Params: { secret: string } }>('/calendrier/:secret', async (request, reply) => {
    const secret = request.params.secret.replace(/\.ics$/, '')
    const abonne = /^[\w.-]{10,120}$/.test(secret) ? await trouverAbonne(application, secret) : null
    if (!abonne || !application.acces)
      return dire(
        reply,
        404,
        'Aucun calendrier à cette adresse. Elle a pu être renouvelée ou retirée : voir « Mon compte » dans Amont.',
      )
    const { acteur, adresse } = abonne
    const attendre = compter?.(`calendrier ${acteur.dept} ${acteur.compte}`) ?? 0
    if (attendre > 0) {
      reply.header('retry-after', attendre)
      return dire(reply, 429, 'Ce calendrier est relu trop souvent. Attendre avant de recommencer.')
    }
    const { adresse: base } = application.acces
    try {
      const { octets, marque } = await ouvrirSession(
        application,
        acteur,
        'compte.tenir',
        (session) => composer(session, base, adresse),
        {
          route: 'GET /calendrier/:secret',
          parametres: {},
          neutre: false,
        },
      )
      reply.header('etag', marque).header('cache-control', 'private, no-cache')
      if (request.headers['if-none-match'] === marque) return reply.code(304).send()
      return reply
        .type('text/calendar; charset=utf-8')
        .header('content-disposition', 'attachment; filename="amont.ics"')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .send(octets)
    } catch (erreur) {
      if (erreur instanceof Refus || erreur instanceof Interdit) return dire(reply, 403, erreur.message)
      throw erreur
    }
  })
}
