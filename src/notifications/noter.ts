import { accesDe, aLeDroit, type Droit, type Role, type Session } from '#acces'
import { enqueue } from '#socle/queue'
import type { GenreNotification } from './genres.ts'
import { lireReglagesLocaux } from './horaires.ts'

/** Name of the job that sends the mails of notifications. */
export const TACHE_NOTIFICATIONS = 'notifications'

/** Somebody to tell, in the organisme they are told for. */
export interface Destinataire {
  readonly compte: string
  readonly organisme: string
}

/** What happened, and to whom it is told. */
export interface Evenement {
  readonly genre: GenreNotification
  readonly destinataires: readonly Destinataire[]
  /** Null when it is about something else than a dossier: `objet` then says what. */
  readonly dossier: string | null
  /** What it leads to: a thread, a request, a list, a day. */
  readonly objet: string
  /** Day by which something is expected. */
  readonly avant?: Temporal.PlainDate | null
}

/**
 * Records what happened, in the transaction of the act: one statement whatever the number of people. Never for the author of the act, nor for whoever does not want this
 * kind; what happens the same day about the same dossier joins it. `uneFois`: for what a job finds again each morning. Something expected before the days set by the
 * département wakes the mails up at once.
 */
export async function noter(
  session: Session,
  evenements: readonly Evenement[],
  { uneFois = false }: { readonly uneFois?: boolean } = {},
): Promise<number> {
  const { sql, dept, jour, maintenant, acteur } = session
  const lignes = evenements.flatMap(({ genre, destinataires, dossier, objet, avant }) =>
    destinataires.map(({ compte, organisme }) => ({
      compte,
      organisme,
      cle: dossier ?? `${genre}:${objet}`,
      dossier,
      genre,
      objet,
      avant: avant?.toString() ?? null,
    })),
  )
  if (lignes.length === 0) return 0
  const [ecrites] = await sql<{ n: number }>`
    select public.noter_notifications(${dept}, ${acteur.compte}::uuid, ${jour}, ${maintenant}, ${uneFois}, ${JSON.stringify(lignes)}::jsonb) as n`
  const { pressante } = lireReglagesLocaux(session)
  const limite = pressante === null ? null : jour.add({ days: pressante })
  const presse =
    limite !== null && evenements.some(({ avant }) => avant && Temporal.PlainDate.compare(avant, limite) <= 0)
  // Work at night finds many at once: the schedule will do.
  if (presse && acteur.compte !== null) await enqueue(session, TACHE_NOTIFICATIONS, { dept })
  return ecrites?.n ?? 0
}

/** People of these organismes who have a right today, with the habilitation a sign-in would give. */
export async function listerDestinataires(
  session: Session,
  organismes: readonly string[],
  droit: Droit,
): Promise<(Destinataire & { readonly territoires: readonly string[] | null })[]> {
  const { sql, dept, jour, referentiel } = session
  if (organismes.length === 0) return []
  const habilites = await sql<{
    compte: string
    organisme: string
    type: string
    role: Role
    territoires: string[] | null
  }>`
    select c.id as compte, h.organisme, o.type, h.role, coalesce(h.territoires, o.territoires) as territoires
    from compte c
    cross join lateral (select h.organisme, h.role, h.territoires from habilitation h join organisme a on a.dept = ${dept} and a.id = h.organisme and a.actif
      where h.dept = ${dept} and h.compte = c.id and h.retiree_a is null and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour})
      order by h.du desc, h.id limit 1) h
    join organisme o on o.dept = ${dept} and o.id = h.organisme
    where c.dept = ${dept} and c.ferme_a is null and h.organisme = any (${[...new Set(organismes)]}::uuid[]) order by c.id`
  return habilites
    .filter(({ type, role }) => aLeDroit({ acces: accesDe(referentiel.matrice, type, role) }, droit))
    .map(({ compte, organisme, territoires }) => ({ compte, organisme, territoires }))
}
