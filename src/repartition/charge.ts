import type { Session } from '#acces'
import { dossiersDeLOrganisme } from '#dossiers'
import { sql as fragment } from '#socle/db'

/** How many households weigh on one service, now. The same household is counted once. */
export interface ChargeService {
  readonly organisme: string
  readonly organisme_nom: string
  readonly service: string
  /** Proposed by the rules, not yet sent in a list. */
  readonly a_transmettre: number
  /** Sent, waiting for the answer of the service. */
  readonly sans_reponse: number
  /** Of these, past the day the answer was due. */
  readonly reponse_en_retard: number
  /** Taken, diagnosis to render. */
  readonly en_cours: number
  /** Of these, past the day the diagnosis was due. */
  readonly diagnostic_en_retard: number
  /** Taken, diagnosis rendered or closed as not done. */
  readonly rendus: number
}

/** Whether a service of this kind was asked about a household and could not intervene: it said no, did not answer, or its diagnosis could not be done (REP-22). */
export async function aSansIntervention({ sql, dept }: Session, dossier: string, service: string): Promise<boolean> {
  const [trouvee] =
    await sql`select 1 from affectation where dept = ${dept} and dossier = ${dossier} and service = ${service}
    and issue in ('refusee', 'sans_reponse', 'non_realise') limit 1`
  return trouvee !== undefined
}

/** Households that rest on one organisme now, whatever its kind: asked or taken. */
export async function compterSuivis({ sql, dept }: Session, organisme: string): Promise<number> {
  const [suivis] = await sql<{ n: number }>`select count(distinct a.dossier)::int as n from affectation a
    join dossier d on d.dept = ${dept} and d.id = a.dossier and d.clos_le is null
    where a.dept = ${dept} and a.organisme = ${organisme}::uuid and a.terminee_a is null`
  return suivis?.n ?? 0
}

/** Load of each service (REP-27), or of one, for the actor's perimeter and the territories asked for. */
export async function compterCharge(
  session: Session,
  { territoires, organisme }: { readonly territoires?: readonly string[]; readonly organisme?: string | null } = {},
): Promise<ChargeService[]> {
  const { dept, jour } = session
  const lieux = territoires ?? null
  const un = organisme ?? null
  const ids = await dossiersDeLOrganisme(session)
  const visibles = ids ? fragment`id = any (${ids}::uuid[])` : fragment`true`
  // Each table is read once, from an index alone, then they meet: the rules of rows hide from the planner that this is cheaper than looking for one in the other.
  return session.sql<ChargeService>`
    with d as materialized (
      select id from dossier where dept = ${dept} and clos_le is null and (${lieux}::text[] is null or territoire = any (${lieux}::text[]))
        and ${visibles}
    ), a as materialized (
      select dossier, organisme, etat, repondre_avant, diagnostic_avant, diagnostic_fait_le from affectation
      where dept = ${dept} and terminee_a is null and (${un}::uuid is null or organisme = ${un}::uuid)
    )
    select o.nom as organisme_nom, o.type as service, x.* from (
    select a.organisme,
      count(*) filter (where a.etat = 'proposee')::int as a_transmettre,
      count(*) filter (where a.etat = 'transmise')::int as sans_reponse,
      count(*) filter (where a.etat = 'transmise' and a.repondre_avant < ${jour})::int as reponse_en_retard,
      count(*) filter (where a.etat = 'prise' and a.diagnostic_fait_le is null)::int as en_cours,
      count(*) filter (where a.etat = 'prise' and a.diagnostic_fait_le is null and a.diagnostic_avant < ${jour})::int as diagnostic_en_retard,
      count(*) filter (where a.etat = 'prise' and a.diagnostic_fait_le is not null)::int as rendus
    from a join d on d.id = a.dossier
    group by a.organisme) x
    join organisme o on o.dept = ${dept} and o.id = x.organisme order by o.nom collate "fr-x-icu"`
}
