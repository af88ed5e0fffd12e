import type { Session } from '#acces'
import type { FaitSuivi } from '#dossiers'
import { parisDay } from '#socle/time'
import type { RegleSollicitation, SourceSollicitation } from './preuves.ts'

/** Something an organisme was asked about a dossier, or did of its own. */
export interface Sollicitation {
  readonly source: SourceSollicitation
  readonly dossier: string
  readonly organisme: string
  readonly type: string
  /** Kind of the body that asks. */
  readonly de: string | null
  readonly le: Temporal.PlainDate
  /** Day an answer is expected by, when somebody said one. */
  readonly avant: Temporal.PlainDate | null
  /** Day it was answered, or done; null while it waits. */
  readonly tenue_le: Temporal.PlainDate | null
  /** Day of the session it is for, and whether that one is over: nothing can be done for it any more. */
  readonly seance: Temporal.PlainDate | null
  readonly passee: boolean
}

interface Ligne extends Omit<Sollicitation, 'le' | 'tenue_le'> {
  readonly a: Temporal.Instant
  readonly tenue_a: Temporal.Instant | null
}

/**
 * Reads them for many dossiers at once, in one statement: requests still open or answered (one taken back asks nothing), what commissions pronounced and told,
 * contributions asked before a session, presence at it, reading of its sheets, referrals filed and instructed.
 */
export async function lireSollicitations(
  session: Session,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Sollicitation[]>> {
  const { sql, dept } = session
  const lignes = await sql<Ligne>`
    select x.source, x.dossier, x.organisme, o.type, x.de, x.a, x.avant, x.tenue_a, x.seance, x.passee from (
      select 'demande_recue' as source, q.dossier, q.destinataire as organisme, e.type as de, q.a, q.avant, q.close_a as tenue_a, null::date as seance, false as passee
      from demande q join organisme e on e.dept = ${dept} and e.id = q.organisme
      where q.dept = ${dept} and q.dossier = any (${ids}::uuid[]) and q.etat <> 'retiree'
      union all
      select 'suite', p.dossier, p.organisme, null, p.notifie_a, p.retour_avant, p.repondu_a, null, false from prononce p
      where p.dept = ${dept} and p.dossier = any (${ids}::uuid[]) and p.organisme is not null and p.notifie_a is not null and p.etat not in ('projet', 'notifie')
      union all
      select 'apport', i.dossier_id, a.organisme, null, a.demande_a, coalesce(a.attendu_le, s.le), a.repondu_a, s.le, s.close_a is not null
      from apport a join inscription i on i.dept = ${dept} and i.id = a.inscription and i.etat <> 'retire' join seance s on s.dept = ${dept} and s.id = i.seance_id
      where a.dept = ${dept} and i.dossier_id = any (${ids}::uuid[]) and s.etat <> 'annulee'
      union all
      select 'presence', i.dossier_id, r.organisme, null, min(a.demande_a), s.le,
        case when s.close_a is not null and bool_or(r.etat in ('titulaire', 'suppleant')) then s.close_a end, s.le, s.close_a is not null
      from apport a join inscription i on i.dept = ${dept} and i.id = a.inscription and i.etat <> 'retire' join seance s on s.dept = ${dept} and s.id = i.seance_id
      join seance_presence r on r.dept = ${dept} and r.seance = s.id and r.organisme = a.organisme
      where a.dept = ${dept} and i.dossier_id = any (${ids}::uuid[]) and s.etat <> 'annulee' group by i.dossier_id, r.organisme, s.le, s.close_a, s.id
      union all
      select 'lecture', i.dossier_id, a.organisme, null, a.demande_a, s.le,
        (select min(l.a) from seance_rappel l where l.dept = ${dept} and l.seance = s.id and l.organisme = a.organisme), s.le, s.close_a is not null
      from apport a join inscription i on i.dept = ${dept} and i.id = a.inscription and i.etat <> 'retire' join seance s on s.dept = ${dept} and s.id = i.seance_id
      where a.dept = ${dept} and i.dossier_id = any (${ids}::uuid[]) and s.etat <> 'annulee'
      union all
      select 'changement', c.dossier, c.organisme, null, c.a, null, c.a, null, false from changement c where c.dept = ${dept} and c.dossier = any (${ids}::uuid[])
      union all
      select 'saisine_deposee', s.dossier, s.organisme, null, s.deposee_a, null, s.deposee_a, null, false from saisine s
      where s.dept = ${dept} and s.dossier = any (${ids}::uuid[]) and s.origine = 'partenaire'
      union all
      select 'saisine_instruite', s.dossier, n.id, e.type, s.deposee_a, null,
        (select min(t.a) from saisine_acte t where t.dept = ${dept} and t.saisine = s.id and t.acte not in ('deposee', 'completee')), null, false
      from saisine s join organisme e on e.dept = ${dept} and e.id = s.organisme join dossier d on d.dept = ${dept} and d.id = s.dossier
      join organisme n on n.dept = ${dept} and n.actif and n.type = 'secretariat' and (n.territoires is null or d.territoire = any (n.territoires))
      where s.dept = ${dept} and s.dossier = any (${ids}::uuid[]) and s.origine = 'partenaire'
    ) x join organisme o on o.dept = ${dept} and o.id = x.organisme`
  return Map.groupBy(
    lignes.map(
      ({ a, tenue_a, ...ligne }): Sollicitation => ({
        ...ligne,
        le: parisDay(a),
        tenue_le: tenue_a === null ? null : parisDay(tenue_a),
      }),
    ),
    ({ dossier }) => dossier,
  )
}

/** What solicits one organisme for one engagement: what waits, or what it last did. */
export interface Appel {
  readonly organisme: string
  /** Day of the oldest one that waits; null when nothing does. */
  readonly attendDepuis: Temporal.PlainDate | null
  /** Day of the newest one, answered or not. */
  readonly derniereLe: Temporal.PlainDate
  readonly avant: Temporal.PlainDate | null
  readonly tenueLe: Temporal.PlainDate | null
}

const premier = (jours: readonly Temporal.PlainDate[]): Temporal.PlainDate | null =>
  jours.toSorted(Temporal.PlainDate.compare)[0] ?? null
const dernier = (jours: readonly Temporal.PlainDate[]): Temporal.PlainDate | null =>
  jours.toSorted(Temporal.PlainDate.compare).at(-1) ?? null

/** By organisme, what a rule of `preuves.yaml` finds among the solicitations and the chronology of a dossier. */
export function appelsDe(
  regle: RegleSollicitation,
  sollicitations: readonly Sollicitation[],
  faits: readonly FaitSuivi[],
): readonly Appel[] {
  const siennes = [
    ...sollicitations.filter(
      ({ source, de, type }) =>
        source === regle.source &&
        (regle.de === undefined || (de !== null && regle.de.includes(de))) &&
        (regle.a === undefined || regle.a.includes(type)),
    ),
    ...faits.flatMap(({ type, organisme, le }) =>
      organisme !== null && regle.faits?.includes(type)
        ? [{ organisme, le, avant: null, tenue_le: le, seance: null, passee: false }]
        : [],
    ),
  ]
  return [...Map.groupBy(siennes, ({ organisme }) => organisme)].flatMap(([organisme, toutes]): Appel[] => {
    // Missed at a session that is over, it is asked of the next one, and no longer of that one.
    const derniereSeance = dernier(toutes.flatMap(({ seance }) => seance ?? []))
    const ouvertes = toutes.filter(
      ({ tenue_le, seance, passee }) =>
        tenue_le === null &&
        !(
          passee &&
          seance !== null &&
          derniereSeance !== null &&
          Temporal.PlainDate.compare(seance, derniereSeance) < 0
        ),
    )
    const derniereLe = dernier(toutes.map(({ le }) => le))
    if (derniereLe === null) return []
    return [
      {
        organisme,
        attendDepuis: premier(ouvertes.map(({ le }) => le)),
        derniereLe,
        avant: premier(ouvertes.flatMap(({ avant }) => avant ?? [])),
        tenueLe: ouvertes.length > 0 ? null : dernier(toutes.flatMap(({ tenue_le }) => tenue_le ?? [])),
      },
    ]
  })
}
