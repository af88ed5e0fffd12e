import { type Fragment, sql as fragment } from '#socle/db'
import { actionsDuGenre, type GenreAction } from './actions.ts'
import type { Lecteur } from './chaine.ts'

/** What the journal is searched by. Nothing here is text somebody typed, except a reference already turned into an id. */
export interface FiltreJournal {
  readonly compte?: string | undefined
  /** Id of a dossier whose data the act touched. */
  readonly dossier?: string | undefined
  readonly action?: string | undefined
  readonly genre?: GenreAction | undefined
  readonly resultat?: 'fait' | 'refuse' | undefined
  /** Days in Paris, both included. */
  readonly du?: Temporal.PlainDate | undefined
  readonly au?: Temporal.PlainDate | undefined
  /** Leaves the background work out. */
  readonly personnes?: boolean | undefined
}

/** Place of a page: the entries before or after one. */
export interface PositionJournal {
  readonly sens: 'avant' | 'apres'
  readonly a: string
  readonly id: number
}

export interface EntreeLue {
  readonly id: number
  readonly a: Temporal.Instant
  readonly compte: string | null
  readonly organisme: string | null
  readonly acteur: string
  readonly action: string
  readonly objet: string | null
  readonly objet_id: string | null
  readonly resultat: 'fait' | 'refuse'
  readonly route: string | null
  readonly details: Readonly<Record<string, unknown>>
  /** How many dossiers the act touched, and the first of them. */
  readonly nombre: number
  readonly dossiers: readonly string[]
}

const debut = (jour: Temporal.PlainDate): string =>
  jour.toZonedDateTime({ timeZone: 'Europe/Paris' }).toInstant().toString()

function conditions(dept: string, filtre: FiltreJournal): Fragment {
  const parts: Fragment[] = [fragment`j.dept = ${dept}`]
  if (filtre.compte) parts.push(fragment`j.compte = ${filtre.compte}::uuid`)
  if (filtre.dossier) parts.push(fragment`j.dossiers @> array[${filtre.dossier}::uuid]`)
  if (filtre.action) parts.push(fragment`j.action = ${filtre.action}`)
  if (filtre.genre) parts.push(fragment`j.action = any (${actionsDuGenre(filtre.genre)}::text[])`)
  if (filtre.resultat) parts.push(fragment`j.resultat = ${filtre.resultat}`)
  if (filtre.du) parts.push(fragment`j.a >= ${debut(filtre.du)}::timestamptz`)
  if (filtre.au) parts.push(fragment`j.a < ${debut(filtre.au.add({ days: 1 }))}::timestamptz`)
  if (filtre.personnes) parts.push(fragment`j.compte is not null`)
  return fragment.join(parts, fragment` and `)
}

/** How far entries are counted: beyond, « more than » is enough, and cheap. */
export const COMPTE_MAX = 10_000

export interface PageJournal {
  readonly entrees: readonly EntreeLue[]
  /** Exact up to `COMPTE_MAX`, then one more. */
  readonly total: number
  readonly precedente: PositionJournal | null
  readonly suivante: PositionJournal | null
}

/** One page of the journal, newest first, by key. */
export async function listerEntrees(
  { dept, sql }: Lecteur,
  filtre: FiltreJournal,
  { position = null, taille = 50 }: { position?: PositionJournal | null; taille?: number } = {},
): Promise<PageJournal> {
  const recule = position?.sens === 'avant'
  const borne = position
    ? fragment`and (j.a, j.id) ${recule ? fragment`>` : fragment`<`} (${position.a}::timestamptz, ${position.id}::bigint)`
    : fragment``
  const sens = recule ? fragment`asc` : fragment`desc`
  const lues = await sql<EntreeLue>`
    select j.id, j.a, j.compte, j.organisme, j.acteur, j.action, j.objet, j.objet_id, j.resultat, j.route, j.details,
      cardinality(j.dossiers) as nombre, j.dossiers[1:10] as dossiers
    from journal j where ${conditions(dept, filtre)} ${borne} order by j.a ${sens}, j.id ${sens} limit ${taille + 1}`
  const encore = lues.length > taille
  const entrees = lues.slice(0, taille)
  if (recule) entrees.reverse()
  const [compte] = await sql<{ n: number }>`select count(*)::int as n
    from (select 1 from journal j where ${conditions(dept, filtre)} limit ${COMPTE_MAX + 1}) x`
  const en = (entree: EntreeLue | undefined, vers: PositionJournal['sens']): PositionJournal | null =>
    entree ? { sens: vers, a: entree.a.toString(), id: entree.id } : null
  return {
    entrees,
    total: compte?.n ?? 0,
    precedente: position !== null && (recule ? encore : true) ? en(entrees[0], 'avant') : null,
    suivante: recule || encore ? en(entrees.at(-1), 'apres') : null,
  }
}

/** Every entry of a filter, newest first, by batches, for an export. */
export async function* parcourirEntrees(lecteur: Lecteur, filtre: FiltreJournal): AsyncGenerator<readonly EntreeLue[]> {
  let position: PositionJournal | null = null
  for (;;) {
    const page: PageJournal = await listerEntrees(lecteur, filtre, { position, taille: 1000 })
    if (page.entrees.length > 0) yield page.entrees
    if (!page.suivante) return
    position = page.suivante
  }
}

/** What one person, or the background work, did with one dossier. */
export interface ConsultationsDe {
  readonly compte: string | null
  readonly acteur: string
  readonly organisme: string | null
  readonly ouvertures: number
  /** Seen among others: in a list, a search, a queue. */
  readonly apercus: number
  readonly exports: number
  readonly actes: number
  readonly premiere: Temporal.Instant
  readonly derniere: Temporal.Instant
}

/** Opening one dossier, and not seeing it among others. */
const OUVERTURES = ['dossier.lire', 'dossier.imprimer'] as const

/** What the limits of a day count: dossiers opened one by one, shown in any way, taken out in a file. */
export const actionsComptees: Readonly<Record<'ouverts' | 'vus' | 'exportes', readonly string[]>> = {
  ouverts: OUVERTURES,
  vus: [...actionsDuGenre('lecture'), ...actionsDuGenre('recherche')],
  exportes: actionsDuGenre('export'),
}

/** Who consulted one dossier, the latest first. Refusals do not count: nothing was shown. */
export function resumerConsultations({ dept, sql }: Lecteur, dossier: string): Promise<ConsultationsDe[]> {
  const vues = [...actionsDuGenre('lecture'), ...actionsDuGenre('recherche')]
  const sorties = [...actionsDuGenre('export'), ...actionsDuGenre('transmission')]
  return sql<ConsultationsDe>`
    select j.compte, j.acteur, j.organisme,
      count(*) filter (where j.action = any (${OUVERTURES}::text[]))::int as ouvertures,
      count(*) filter (where j.action = any (${vues}::text[]) and j.action <> all (${OUVERTURES}::text[]))::int as apercus,
      count(*) filter (where j.action = any (${sorties}::text[]))::int as exports,
      count(*) filter (where j.action <> all (${[...vues, ...sorties]}::text[]))::int as actes,
      min(j.a) as premiere, max(j.a) as derniere
    from journal j where j.dept = ${dept} and j.dossiers @> array[${dossier}::uuid] and j.resultat = 'fait'
    group by j.compte, j.acteur, j.organisme order by max(j.a) desc`
}

/** What an account did in one day, for the watch. */
export interface JourneeDeCompte {
  readonly compte: string
  readonly organisme: string | null
  /** Distinct dossiers opened one by one. */
  readonly ouverts: number
  /** Distinct dossiers shown, one by one or in lists. */
  readonly vus: number
  /** Distinct dossiers that left in a file. */
  readonly exportes: number
  /** Refused: not theirs to see, or not theirs to do. */
  readonly refus: number
  /** Attempts to sign in under this account that failed. */
  readonly connexions: number
}

/** Per account, what one day in Paris holds. */
export function mesurerJournee({ dept, sql }: Lecteur, jour: Temporal.PlainDate): Promise<JourneeDeCompte[]> {
  const filtre = conditions(dept, { du: jour, au: jour, personnes: true })
  const vues = [...actionsDuGenre('lecture'), ...actionsDuGenre('recherche')]
  return sql<JourneeDeCompte>`
    select j.compte, min(j.organisme::text) as organisme,
      count(distinct d) filter (where j.resultat = 'fait' and j.action = any (${OUVERTURES}::text[]))::int as ouverts,
      count(distinct d) filter (where j.resultat = 'fait' and j.action = any (${vues}::text[]))::int as vus,
      count(distinct d) filter (where j.resultat = 'fait' and j.action = any (${actionsDuGenre('export')}::text[]))::int as exportes,
      count(distinct j.id) filter (where j.resultat = 'refuse' and j.details->>'code' in ('interdit', 'introuvable'))::int as refus,
      count(distinct j.id) filter (where j.resultat = 'refuse' and j.action = 'connexion.ouvrir')::int as connexions
    from journal j left join lateral unnest(j.dossiers) as d on true
    where ${filtre} group by j.compte order by j.compte`
}

/** One account that opened one dossier. */
export interface Ouverture {
  readonly compte: string
  readonly organisme: string | null
  readonly dossier: string
}

/** Dossiers opened one by one in a day, by whom. */
export function listerOuvertures({ dept, sql }: Lecteur, jour: Temporal.PlainDate): Promise<Ouverture[]> {
  return sql<Ouverture>`select distinct j.compte, j.organisme, d as dossier
    from journal j cross join lateral unnest(j.dossiers) as d
    where ${conditions(dept, { du: jour, au: jour, personnes: true })} and j.resultat = 'fait' and j.action = any (${OUVERTURES}::text[])
    order by 1, 3`
}
