import { randomUUID } from 'node:crypto'
import { aLeDroit, masqueDe, type Session } from '#acces'
import { CHAMPS_VEILLE, conditionsRemplies, dansLePerimetre, lireSousMasque, voitToujours } from '#dossiers'
import { type Fragment, sql as fragment } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { decrireGenre, estGenre, type GenreNotification, genres } from './genres.ts'

/** Beyond, the banner says « 99+ »: nobody counts further, and the database neither. */
export const NON_LUES_MAX = 100
const PAR_PAGE = 50
/** Not read for so long, a notification is no news: it leaves the unread ones, and stays in « Toutes ». */
const FRAICHEUR = { hours: 30 * 24 }

/** One reason of a notification, and what it leads to. */
export interface Motif {
  readonly genre: GenreNotification
  readonly objet: string
  /** Day by which this is expected; absent from those recorded before each kept its own. */
  readonly avant?: string | null | undefined
}

export interface Notification {
  readonly id: string
  readonly jour: Temporal.PlainDate
  /** Empty for what is about no dossier, or when the reader does not see its name. */
  readonly reference: string
  readonly titulaire: string
  readonly dossier: string | null
  readonly motifs: readonly Motif[]
  readonly avant: Temporal.PlainDate | null
  readonly modifiee_a: Temporal.Instant
  readonly lue_a: Temporal.Instant | null
}

/** What the inbox is narrowed to. */
export interface FiltreNotifications {
  readonly etat: 'non_lues' | 'toutes'
  readonly genre?: GenreNotification | undefined
  /** Only what was not told by mail yet, of the kinds the person wants by mail. */
  readonly aDire?: {
    readonly genres: readonly GenreNotification[]
    readonly pressantJusquAu: Temporal.PlainDate | null
  }
  /** Below a position: next page. */
  readonly apres?: { readonly a: Temporal.Instant; readonly id: string } | undefined
}

/** Kinds this person may read. */
const permis = ({ acteur }: Pick<Session, 'acteur'>): GenreNotification[] =>
  genres.filter((genre) => aLeDroit(acteur, decrireGenre(genre).droit))

const siennes = ({ dept, acteur }: Session): Fragment =>
  fragment`n.dept = ${dept} and n.compte = ${acteur.compte}::uuid and n.organisme = ${acteur.organisme}::uuid`

type MotifEcrit = { readonly genre: string; readonly objet: string; readonly avant?: string | null }

/** The reasons this person may know, among some kinds: what tells of a hidden group is left out. */
function motifsLisibles(
  { acteur }: Pick<Session, 'acteur'>,
  motifs: readonly MotifEcrit[],
  voulus: readonly GenreNotification[],
  remplies: readonly string[],
): Motif[] {
  const { voit } = masqueDe(acteur)
  return motifs.flatMap(({ genre, objet, avant }) => {
    if (!estGenre(genre) || !voulus.includes(genre)) return []
    const { groupe } = decrireGenre(genre)
    return groupe === undefined || voit(groupe, remplies) ? [{ genre, objet, avant }] : []
  })
}

/** A date is told with what it is the date of, or not at all: the nearest to come among the reasons read, else the last gone by. `ancienne`: of rows that kept one for all. */
function dateDite(
  jour: Temporal.PlainDate,
  motifs: readonly Motif[],
  ancienne: Temporal.PlainDate | null,
): Temporal.PlainDate | null {
  if (motifs.every(({ avant }) => avant === undefined)) return ancienne
  const dates = motifs
    .flatMap(({ avant }) => (avant ? [Temporal.PlainDate.from(avant)] : []))
    .toSorted(Temporal.PlainDate.compare)
  return dates.find((un) => Temporal.PlainDate.compare(un, jour) >= 0) ?? dates.at(-1) ?? null
}

/** Dossiers this person still reads: row-level security for the perimeter, the matrix for its conditions. */
const lisibles = (session: Session): Fragment =>
  fragment`(n.dossier is null or (d.id is not null and ${dansLePerimetre(session)}))`

/**
 * What reached a person, newest first, as they may read it today: a right lost since, a dossier left, a hidden group take it away. One page; `suite` is where the next one begins.
 */
export async function listerNotifications(
  session: Session,
  filtre: FiltreNotifications,
  limite = PAR_PAGE,
): Promise<{ readonly lignes: readonly Notification[]; readonly suite: FiltreNotifications['apres'] | null }> {
  const { sql, dept, acteur } = session
  const ouverts = permis(session)
  const cherches = filtre.genre ? ouverts.filter((genre) => genre === filtre.genre) : ouverts
  if (!acteur.compte || !acteur.organisme || cherches.length === 0) return { lignes: [], suite: null }
  const { apres, aDire } = filtre
  const voulus = aDire ? cherches.filter((genre) => aDire.genres.includes(genre)) : cherches
  const dire = aDire
    ? aDire.pressantJusquAu
      ? fragment`and n.dite_a is null and n.pressee_a is null and n.avant between ${session.jour} and ${aDire.pressantJusquAu}`
      : fragment`and n.dite_a is null`
    : fragment``
  const position = apres ? fragment`and (n.modifiee_a, n.id) < (${apres.a}, ${apres.id}::uuid)` : fragment``
  const lues = await sql<
    Omit<Notification, 'motifs' | 'reference' | 'titulaire'> & {
      readonly motifs: readonly MotifEcrit[]
      readonly reference: string | null
      readonly titulaire: string | null
      readonly remplies: readonly string[] | null
    }
  >`
    select n.id, n.jour, n.dossier, d.reference, d.titulaire, n.motifs, n.avant, n.modifiee_a, n.lue_a,
      case when d.id is not null then ${conditionsRemplies(session, CHAMPS_VEILLE)} end as remplies
    from notification n left join dossier d on d.dept = ${dept} and d.id = n.dossier
    where ${siennes(session)} and ${lisibles(session)} and n.genres && ${voulus}::text[]
      and (${filtre.etat === 'toutes'} or (n.lue_a is null and n.modifiee_a > ${session.maintenant.subtract(FRAICHEUR)})) ${dire} ${position}
    order by n.modifiee_a desc, n.id desc limit ${limite + 1}`
  const { voit } = masqueDe(acteur)
  const lignes = lues.slice(0, limite).flatMap(({ remplies, ...ligne }): Notification[] => {
    // Narrowed to a kind, a row still tells everything it holds: marking it read marks it whole.
    const motifs = motifsLisibles(session, ligne.motifs, aDire ? voulus : ouverts, remplies ?? [])
    if (motifs.length === 0) return []
    const { reference, titulaire } = lireSousMasque(
      session,
      { reference: ligne.reference ?? '', titulaire: ligne.titulaire ?? '' },
      CHAMPS_VEILLE,
      remplies ?? [],
    )
    const avant = dateDite(session.jour, motifs, voit('procedure', remplies ?? []) ? ligne.avant : null)
    // What presses may be a reason this person does not read: nothing presses them then.
    if (aDire?.pressantJusquAu && (avant === null || Temporal.PlainDate.compare(avant, aDire.pressantJusquAu) > 0))
      return []
    return [{ ...ligne, reference, titulaire, motifs, avant }]
  })
  const derniere = lues.length > limite ? lues[limite - 1] : undefined
  return { lignes, suite: derniere ? { a: derniere.modifiee_a, id: derniere.id } : null }
}

/** Whether the mask of a kind holds for every dossier: the others are left out of the figure of the banner, which never tells more than the inbox. */
const visibleSansCondition = (session: Session, genre: GenreNotification): boolean => {
  const { groupe } = decrireGenre(genre)
  return groupe === undefined || voitToujours(session, groupe)
}

/** How many are not read, up to `NON_LUES_MAX`, over one's own unread rows, as an expression: the figure of the banner. */
export function chiffreNonLues(session: Session): Fragment {
  const { dept, acteur } = session
  const comptes = permis(session).filter((genre) => visibleSansCondition(session, genre))
  if (!acteur.compte || !acteur.organisme || comptes.length === 0) return fragment`0`
  return fragment`(select count(*)::int from (
      select 1 from notification n left join dossier d on d.dept = ${dept} and d.id = n.dossier
      where ${siennes(session)} and n.lue_a is null and n.modifiee_a > ${session.maintenant.subtract(FRAICHEUR)}
        and ${lisibles(session)} and n.genres && ${comptes}::text[] limit ${NON_LUES_MAX}) x)`
}

/** The one a person opens, marked read; somebody else's, or one no longer readable, does not exist. */
export async function ouvrirNotification(
  session: Session,
  id: string,
): Promise<{ readonly dossier: string | null; readonly reference: string | null; readonly motifs: readonly Motif[] }> {
  const { sql, dept, maintenant } = session
  const [lue] = await sql<{
    dossier: string | null
    reference: string | null
    motifs: readonly MotifEcrit[]
    remplies: readonly string[] | null
  }>`
    select n.dossier, d.reference, n.motifs, case when d.id is not null then ${conditionsRemplies(session, CHAMPS_VEILLE)} end as remplies
    from notification n left join dossier d on d.dept = ${dept} and d.id = n.dossier
    where ${siennes(session)} and n.id = ${id}::uuid and ${lisibles(session)}`
  const motifs = lue ? motifsLisibles(session, lue.motifs, permis(session), lue.remplies ?? []) : []
  if (!lue || motifs.length === 0) throw new Introuvable()
  await sql`update notification set lue_a = ${maintenant}, lot = null where dept = ${dept} and id = ${id}::uuid and lue_a is null`
  session.consigner({
    action: 'notification.ouvrir',
    objet: 'notification',
    objetId: id,
    ...(lue.dossier ? { dossiers: [lue.dossier] } : {}),
  })
  return { dossier: lue.dossier, reference: lue.reference, motifs }
}

/** Marks some as read, or all that were there at an instant: what arrived since stays unread. Returns the mark that puts them back. */
export async function marquerLues(
  session: Session,
  lesquelles: { readonly ids: readonly string[] } | { readonly jusqua: Temporal.Instant },
): Promise<{ readonly lot: string; readonly nombre: number }> {
  const { sql, maintenant } = session
  const lot = randomUUID()
  const choix =
    'ids' in lesquelles
      ? fragment`n.id = any (${lesquelles.ids}::uuid[])`
      : fragment`n.modifiee_a <= ${lesquelles.jusqua}`
  const marquees = await sql`
    update notification n set lue_a = ${maintenant}, lot = ${lot} where ${siennes(session)} and n.lue_a is null and ${choix} returning n.id`
  session.consigner({ action: 'notification.marquer', details: { lues: marquees.length } })
  return { lot, nombre: marquees.length }
}

/** Puts back what was marked together, or one alone. */
export async function remettreNonLues(
  session: Session,
  lesquelles: { readonly lot: string } | { readonly id: string },
): Promise<number> {
  const choix =
    'lot' in lesquelles ? fragment`n.lot = ${lesquelles.lot}::uuid` : fragment`n.id = ${lesquelles.id}::uuid`
  const remises = await session.sql`
    update notification n set lue_a = null, lot = null where ${siennes(session)} and n.lue_a is not null and ${choix} returning n.id`
  if (remises.length === 0) throw new Introuvable()
  session.consigner({ action: 'notification.marquer', details: { non_lues: remises.length } })
  return remises.length
}
