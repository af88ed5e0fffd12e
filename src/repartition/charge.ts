import type { Session } from '#acces'

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

/** Load of each service (REP-27), or of one, for the actor's perimeter and the territories asked for. */
export function compterCharge(
  session: Session,
  { territoires, organisme }: { readonly territoires?: readonly string[]; readonly organisme?: string | null } = {},
): Promise<ChargeService[]> {
  const { dept, jour } = session
  const lieux = territoires ?? null
  const un = organisme ?? null
  // Counted before they are named: sorting one line a service is nothing, one a household is most of the work.
  return session.sql<ChargeService>`
    select o.nom as organisme_nom, o.type as service, x.* from (
    select a.organisme,
      count(*) filter (where a.etat = 'proposee')::int as a_transmettre,
      count(*) filter (where a.etat = 'transmise')::int as sans_reponse,
      count(*) filter (where a.etat = 'transmise' and a.repondre_avant < ${jour})::int as reponse_en_retard,
      count(*) filter (where a.etat = 'prise' and a.diagnostic_fait_le is null)::int as en_cours,
      count(*) filter (where a.etat = 'prise' and a.diagnostic_fait_le is null and a.diagnostic_avant < ${jour})::int as diagnostic_en_retard,
      count(*) filter (where a.etat = 'prise' and a.diagnostic_fait_le is not null)::int as rendus
    from affectation a
    join dossier d on d.dept = ${dept} and d.id = a.dossier and d.clos_le is null
    where a.dept = ${dept} and a.terminee_a is null and (${lieux}::text[] is null or d.territoire = any (${lieux}::text[]))
      and (${un}::uuid is null or a.organisme = ${un}::uuid)
    group by a.organisme) x
    join organisme o on o.dept = ${dept} and o.id = x.organisme order by o.nom collate "fr-x-icu"`
}
