import type { Session } from '#acces'
import { type Fragment, sql as fragment } from '#socle/db'

/** A span of sessions, both days included. */
export interface Periode {
  readonly du: Temporal.PlainDate
  readonly au: Temporal.PlainDate
}

/** A civil year. */
export const anneeDe = (annee: number): Periode => ({
  du: Temporal.PlainDate.from({ year: annee, month: 1, day: 1 }),
  au: Temporal.PlainDate.from({ year: annee, month: 12, day: 31 }),
})

/** A commission whose figures the session may read. */
export interface CommissionPilotee {
  readonly id: string
  readonly nom: string
  readonly territoires: readonly string[]
}

/** Commissions the session pilots, by name: those of the département, of its territories, or where its organisme sits, as the matrix says. */
export const listerCommissionsPilotees = ({ sql, dept }: Session): Promise<CommissionPilotee[]> =>
  sql<CommissionPilotee>`select k.id, k.nom, k.territoires from commission k
    where k.dept = ${dept} and k.id in (select public.commissions_pilotees()) order by k.nom collate "fr-x-icu"`

/** One count: of a commission, or of all those piloted together (`commission` null). */
export interface CompteDActivite {
  readonly commission: string | null
  readonly cle: string
  /** What splits it: a step, an opinion and its sense, a reason; empty when nothing does. */
  readonly detail: string
  readonly n: number
}

/** Days between two dates: how many cases, and their quartiles. */
export interface DelaiMesure {
  readonly commission: string | null
  readonly cle: string
  readonly n: number
  readonly q1: number
  readonly mediane: number
  readonly q3: number
}

/** Delays of a year of sessions: referral to session, session to notification, notification to return. Medians and quartiles, in days. */
export const mesurerDelais = ({ sql }: Session, { du, au }: Periode): Promise<DelaiMesure[]> =>
  sql<DelaiMesure>`
    with l as (
      select commission, 'seance' as cle, le - saisie_le as jours from public.examens_pilotes(${du}, ${au}) where etat = 'adoptee' and saisie_le is not null
      union all select commission, 'notification', notifie_le - le from public.prononces_pilotes(${du}, ${au})
      union all select commission, 'retour', repondu_le - notifie_le from public.prononces_pilotes(${du}, ${au}) where repondu_le is not null
    )
    select commission, cle, count(*)::int as n, (percentile_cont(0.25) within group (order by jours))::float as q1,
      (percentile_cont(0.5) within group (order by jours))::float as mediane, (percentile_cont(0.75) within group (order by jours))::float as q3
    from l group by grouping sets ((commission, cle), (cle))`

/** Whether the rent was paid again the day of the session. `inconnu` is a category of its own. */
export const loyers = {
  entiere: 'Loyer repris',
  partielle: 'Loyer repris en partie',
  non: 'Loyer non repris',
  inconnu: 'Reprise du loyer non connue',
} as const
export type Loyer = keyof typeof loyers

/** Comparable examinations of one commission, and what was pronounced on them. `reponse` null: the examinations themselves. */
export interface CompteCompare {
  readonly commission: string
  readonly stade: string
  readonly parc: string
  readonly loyer: Loyer
  /** « code:sens » of an opinion told, or `maintien:oui`. */
  readonly reponse: string | null
  readonly n: number
}

/** A period of the commissions, counted. */
export interface ComptesDesCommissions {
  readonly activite: readonly CompteDActivite[]
  readonly compares: readonly CompteCompare[]
}

/**
 * A period of sessions counted in one statement, so that the counts agree: sessions, opinions and returns (COM-25); examinations by step, kind of landlord and rent,
 * commission by commission, with what each answered on them (COM-02).
 */
export async function compterLesCommissions({ sql }: Session, { du, au }: Periode): Promise<ComptesDesCommissions> {
  const lignes = await sql<CompteDActivite & { stade: string | null; parc: string; loyer: Loyer }>`
    with s as materialized (select * from public.seances_pilotees(${du}, ${au})),
      x as materialized (select * from public.examens_pilotes(${du}, ${au})),
      p as materialized (select * from public.prononces_pilotes(${du}, ${au})),
      c as (select * from x where etat = 'adoptee'),
      l as (
        select commission, case when tenue then 'tenue' when etat = 'annulee' then 'annulee' else 'prevue' end as cle, coalesce(annulee_motif, '') as detail, seance as qui from s
        union all select commission, 'saisine', coalesce(stade_saisine, ''), deliberation from c
        union all select commission, 'dossier', '', dossier from c
        union all select commission, 'report', '', deliberation from x where etat = 'reportee'
        union all select commission, 'avis', code || ':' || coalesce(sens, ''), prononce from p where genre = 'avis'
        union all select commission, 'recommandation', '', prononce from p where genre = 'recommandation'
        union all select commission, 'avdl', '', prononce from p where avdl
        union all select commission, 'avdl-suivie', '', prononce from p where avdl and etat in ('suivi', 'partiel')
        union all select commission, 'cud', '', dossier from p where cud
        union all select commission, 'retour', case when retard then 'sans_reponse' else etat end, prononce from p
      ),
      m as (
        select commission, null as detail, deliberation, stade, parc, loyer from c
        union all select commission, 'maintien:oui', deliberation, stade, parc, loyer from c where maintien = 'oui'
        union all select c.commission, p.code || ':' || coalesce(p.sens, ''), c.deliberation, c.stade, c.parc, c.loyer
          from c join p on p.deliberation = c.deliberation and p.genre = 'avis'
      )
    select commission, cle, detail, null as stade, null as parc, null as loyer, count(distinct qui)::int as n from l
      group by grouping sets ((commission, cle, detail), (cle, detail))
    union all
    select commission, '', detail, stade, parc, loyer, count(distinct deliberation)::int from m group by commission, detail, stade, parc, loyer`
  return {
    activite: lignes.filter(({ stade }) => stade === null),
    compares: lignes.flatMap(({ commission, detail, stade, parc, loyer, n }) =>
      commission === null || stade === null ? [] : [{ commission, stade, parc, loyer, reponse: detail, n }],
    ),
  }
}

/** Dossiers shown on one page of a list of the pilotage. */
export const DOSSIERS_PAR_PAGE = 50

/** A dossier behind a figure, with what the session saw of it. Read under the rights of the reader: one they do not see is not there. */
export interface DossierCompte {
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly commission: string
  readonly le: Temporal.PlainDate
  readonly stade: string
  readonly detail: string
}

/** Which figure a list opens: its key, and what splits it. */
export interface ChiffreOuvert {
  readonly cle: string
  readonly detail: string | null
  readonly commission: string | null
  /** Of the view that compares: the same situation. */
  readonly stade?: string | undefined
  readonly parc?: string | undefined
  readonly loyer?: string | undefined
}

/** Figures that open a list of dossiers. */
const SOURCES: Readonly<Record<string, (periode: Periode) => Fragment>> = {
  examen: ({ du, au }) =>
    fragment`select dossier, commission, le, stade, stade as detail, stade as s, parc as p, loyer as l from public.examens_pilotes(${du}, ${au}) where etat = 'adoptee'`,
  saisine: ({ du, au }) =>
    fragment`select dossier, commission, le, stade, coalesce(stade_saisine, '') as detail, stade as s, '' as p, '' as l
      from public.examens_pilotes(${du}, ${au}) where etat = 'adoptee'`,
  report: ({ du, au }) =>
    fragment`select dossier, commission, le, stade, '' as detail, stade as s, '' as p, '' as l from public.examens_pilotes(${du}, ${au}) where etat = 'reportee'`,
  maintien: ({ du, au }) =>
    fragment`select dossier, commission, le, stade, maintien as detail, stade as s, parc as p, loyer as l
      from public.examens_pilotes(${du}, ${au}) where etat = 'adoptee' and maintien is not null`,
  avis: ({ du, au }) =>
    prononces({ du, au }, fragment`p.code || ':' || coalesce(p.sens, '')`, fragment`p.genre = 'avis'`),
  recommandation: (periode) => prononces(periode, fragment`''`, fragment`p.genre = 'recommandation'`),
  avdl: (periode) => prononces(periode, fragment`''`, fragment`p.avdl`),
  'avdl-suivie': (periode) => prononces(periode, fragment`''`, fragment`p.avdl and p.etat in ('suivi', 'partiel')`),
  cud: (periode) => prononces(periode, fragment`''`, fragment`p.cud`),
  retour: (periode) =>
    prononces(periode, fragment`case when p.retard then 'sans_reponse' else p.etat end`, fragment`true`),
}

const prononces = ({ du, au }: Periode, detail: Fragment, ou: Fragment): Fragment =>
  fragment`select p.dossier, p.commission, p.le, x.stade, ${detail} as detail, x.stade as s, x.parc as p, x.loyer as l
    from public.prononces_pilotes(${du}, ${au}) p join public.examens_pilotes(${du}, ${au}) x on x.deliberation = p.deliberation where ${ou}`

/** Whether a figure opens a list of dossiers. */
export const ouvreUneListe = (cle: string): boolean => Object.hasOwn(SOURCES, cle)

/**
 * Dossiers behind a figure, those the reader sees, newest session first; `total` counts them, `comptes` counts the lines of the figure, some of which may be of
 * dossiers the reader does not see.
 */
export async function listerDossiersComptes(
  session: Session,
  periode: Periode,
  chiffre: ChiffreOuvert,
  { page = 1, limite = DOSSIERS_PAR_PAGE }: { readonly page?: number; readonly limite?: number } = {},
): Promise<{ readonly dossiers: readonly DossierCompte[]; readonly total: number; readonly comptes: number }> {
  const { sql, dept } = session
  const source = SOURCES[chiffre.cle]?.(periode)
  if (!source) return { dossiers: [], total: 0, comptes: 0 }
  const lignes = fragment`select * from (${source}) l
    where (${chiffre.commission}::uuid is null or l.commission = ${chiffre.commission}::uuid) and (${chiffre.detail}::text is null or l.detail = ${chiffre.detail})
      and (${chiffre.stade ?? null}::text is null or l.s = ${chiffre.stade ?? null}) and (${chiffre.parc ?? null}::text is null or l.p = ${chiffre.parc ?? null})
      and (${chiffre.loyer ?? null}::text is null or l.l = ${chiffre.loyer ?? null})`
  const [compte] = await sql<{ comptes: number; total: number }>`
    select count(*)::int as comptes, (count(*) filter (where exists (select 1 from dossier d where d.dept = ${dept} and d.id = l.dossier)))::int as total
    from (${lignes}) l`
  const dossiers = await sql<DossierCompte>`
    select l.dossier, d.reference, d.titulaire, d.commune, k.nom as commission, l.le, l.stade, l.detail
    from (${lignes}) l join dossier d on d.dept = ${dept} and d.id = l.dossier join commission k on k.dept = ${dept} and k.id = l.commission
    order by l.le desc, d.reference, l.detail limit ${limite} offset ${(Math.max(1, page) - 1) * limite}`
  return { dossiers, total: compte?.total ?? 0, comptes: compte?.comptes ?? 0 }
}

/** A dossier that came back to a commission. */
export interface DossierRevu {
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly commissions: readonly string[]
  readonly fois: number
  readonly premiere: Temporal.PlainDate
  readonly derniere: Temporal.PlainDate
  /** What put it on each agenda, in order. */
  readonly origines: readonly string[]
}

/**
 * Dossiers examined in a period and several times since two years before its end, the most often first: those the reader sees. `comptes` are all of them.
 */
export async function listerDossiersRevus(
  session: Session,
  { du, au }: Periode,
  commission: string | null,
  { page = 1, limite = DOSSIERS_PAR_PAGE }: { readonly page?: number; readonly limite?: number } = {},
): Promise<{ readonly dossiers: readonly DossierRevu[]; readonly total: number; readonly comptes: number }> {
  const { sql, dept } = session
  const depuis = au.subtract({ years: 2 }).add({ days: 1 })
  const revus = fragment`select x.dossier, count(*)::int as fois, min(x.le) as premiere, max(x.le) as derniere, array_agg(distinct x.commission) as siege,
      array_agg(x.origine order by x.le) as origines
    from public.examens_pilotes(${depuis}, ${au}) x where x.etat = 'adoptee' group by x.dossier
    having count(*) > 1 and bool_or(x.le >= ${du} and (${commission}::uuid is null or x.commission = ${commission}::uuid))`
  const [compte] = await sql<{ comptes: number; total: number }>`
    select count(*)::int as comptes, (count(*) filter (where exists (select 1 from dossier d where d.dept = ${dept} and d.id = r.dossier)))::int as total from (${revus}) r`
  const dossiers = await sql<DossierRevu>`
    select r.dossier, d.reference, d.titulaire, d.commune, r.fois, r.premiere, r.derniere, r.origines,
      array(select k.nom from commission k where k.dept = ${dept} and k.id = any (r.siege) order by k.nom) as commissions
    from (${revus}) r join dossier d on d.dept = ${dept} and d.id = r.dossier
    order by r.fois desc, r.derniere desc, d.reference limit ${limite} offset ${(Math.max(1, page) - 1) * limite}`
  return { dossiers, total: compte?.total ?? 0, comptes: compte?.comptes ?? 0 }
}

/** What a year of sessions says of the seats of one organisme in one commission. */
export interface Assiduite {
  readonly commission: string
  readonly commission_nom: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly qualite: string
  /** Seats held at sessions held: what the others add up to. */
  readonly attendus: number
  readonly titulaires: number
  readonly suppleants: number
  readonly excuses: number
  readonly absents: number
  readonly nonNotes: number
  /** A substitute is named for this seat. */
  readonly supplee: boolean
}

/** Attendance over a period (COM-27), seat by seat, by commission then organisme. Attendance is of organismes: no person is counted. */
export const mesurerAssiduite = (
  { sql, dept }: Session,
  { du, au }: Periode,
  commission: string | null,
): Promise<Assiduite[]> =>
  sql<Assiduite>`
    select p.commission, k.nom as commission_nom, p.organisme, o.nom as organisme_nom, p.qualite, count(*)::int as attendus,
      (count(*) filter (where p.etat = 'titulaire'))::int as titulaires, (count(*) filter (where p.etat = 'suppleant'))::int as suppleants,
      (count(*) filter (where p.etat = 'excuse'))::int as excuses, (count(*) filter (where p.etat = 'absent'))::int as absents,
      (count(*) filter (where p.etat is null))::int as "nonNotes", bool_or(p.supplee) as supplee
    from public.presences_pilotees(${du}, ${au}) p
    join commission k on k.dept = ${dept} and k.id = p.commission join organisme o on o.dept = ${dept} and o.id = p.organisme
    where (${commission}::uuid is null or p.commission = ${commission}::uuid)
    group by p.commission, k.nom, p.organisme, o.nom, p.qualite
    order by k.nom collate "fr-x-icu", array_position(array['copresident_etat', 'copresident_departement', 'droit', 'invite', 'maire'], p.qualite), o.nom collate "fr-x-icu"`

/** A session piloted, for the list behind the number of sessions. */
export interface SeancePilotee {
  readonly seance: string
  readonly commission: string
  readonly commission_nom: string
  readonly le: Temporal.PlainDate
  readonly etat: string
  readonly annulee_motif: string | null
  readonly tenue: boolean
  readonly examines: number
}

/** Sessions of a period, in order, with what each examined. */
export const listerSeancesPilotees = (
  { sql, dept }: Session,
  { du, au }: Periode,
  commission: string | null,
): Promise<SeancePilotee[]> =>
  sql<SeancePilotee>`
    select s.seance, s.commission, k.nom as commission_nom, s.le, s.etat, s.annulee_motif, s.tenue, coalesce(x.n, 0) as examines
    from public.seances_pilotees(${du}, ${au}) s join commission k on k.dept = ${dept} and k.id = s.commission
    left join (select seance, count(*)::int as n from public.examens_pilotes(${du}, ${au}) where etat = 'adoptee' group by seance) x on x.seance = s.seance
    where (${commission}::uuid is null or s.commission = ${commission}::uuid) order by s.le, k.nom`
