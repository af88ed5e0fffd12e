import type { Session } from '#acces'
import { sql } from '#socle/db'
import { mapPaced } from '#socle/pace'
import { enqueue } from '#socle/queue'
import type { ContenuSignalement } from './format/index.ts'
import { ouvrirContenu } from './scellement.ts'

/** A signalement as kept: its content, its sender, where it came from. */
export interface Signalement {
  readonly id: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly organisme_type: string
  readonly reference_source: string
  readonly type: string
  readonly date_signalement: Temporal.PlainDate
  readonly date_acte: Temporal.PlainDate | null
  readonly contenu: ContenuSignalement
  readonly version: number
  readonly lot: string
  readonly ligne: number
  readonly recu_le: Temporal.PlainDate
  readonly code_insee: string | null
  readonly commune: string
  readonly territoire: string | null
}

async function ouvrir(session: Session, lus: readonly Signalement[]): Promise<Signalement[]> {
  if (lus.length === 0) return []
  const coffre = await session.coffre()
  return mapPaced(lus, (lu) => ({ ...lu, contenu: ouvrirContenu(coffre, lu.id, lu.contenu) }))
}

/** Signalements by id, withdrawn ones left out. */
export async function lireSignalements(session: Session, ids: readonly string[]): Promise<Signalement[]> {
  const lus = await session.sql<Signalement>`
    select s.id, s.organisme, o.nom as organisme_nom, o.type as organisme_type, s.reference_source, s.type, s.date_signalement, s.date_acte, s.contenu, s.version,
      s.lot, s.ligne, s.recu_le, s.code_insee, s.commune, s.territoire
    from signalement s join organisme o on o.dept = ${session.dept} and o.id = s.organisme
    where s.dept = ${session.dept} and s.id = any (${ids}::uuid[]) and s.retire_a is null`
  return ouvrir(session, lus)
}

/** Next signalements of a lot whose household is not recognised yet, in the order of the file, from a line on. */
export async function listerARapprocher(
  session: Session,
  lot: string,
  apres: number,
  limite: number,
): Promise<Signalement[]> {
  const { dept } = session
  const lus = await session.sql<Signalement>`
    select s.id, s.organisme, o.nom as organisme_nom, o.type as organisme_type, s.reference_source, s.type, s.date_signalement, s.date_acte, s.contenu, s.version,
      s.lot, s.ligne, s.recu_le, s.code_insee, s.commune, s.territoire
    from (
      select v.* from a_reconnaitre a
      cross join lateral (select * from signalement where dept = ${dept} and id = a.signalement offset 0) v
      where a.dept = ${dept} and a.lot = ${lot} and a.ligne > ${apres} and v.lot = a.lot and v.retire_a is null
      order by a.ligne limit ${sql.lit(limite)}
    ) s
    join organisme o on o.dept = ${dept} and o.id = s.organisme
    order by s.ligne`
  return ouvrir(session, lus)
}

/** Whether one of these signalements was corrected, taken up by another file or withdrawn since it was read. */
export async function ontChange({ sql, dept }: Session, lus: readonly Signalement[]): Promise<boolean> {
  const marques = lus.map(({ id, version, lot }) => ({ id, version, lot }))
  const changes =
    await sql`select 1 from json_to_recordset(${JSON.stringify(marques)}::json) as x(id uuid, version int, lot uuid)
    left join signalement s on s.dept = ${dept} and s.id = x.id
    where s.version is distinct from x.version or s.lot is distinct from x.lot or s.retire_a is not null limit 1`
  return changes.length > 0
}

/** Takes signalements out of those to recognise, and moves the lot's progress in the same transaction. A lot still being read stays so: a stop must go on reading it. */
export async function marquerRapproches(session: Session, lot: string, ids: readonly string[]): Promise<void> {
  await session.sql`delete from a_reconnaitre where dept = ${session.dept} and lot = ${lot} and signalement = any (${ids}::uuid[])`
  await session.sql`update lot set rapprochees = rapprochees + ${ids.length}, etat = case when etat = 'lecture' then etat else 'rapprochement' end
    where dept = ${session.dept} and id = ${lot}`
}

/** Forgets what waited to be recognised in a lot and no longer is of it: taken up by a later file, or withdrawn. */
export async function oublierPerimes(session: Session, lot: string): Promise<void> {
  await session.sql`delete from a_reconnaitre a using signalement s
    where a.dept = ${session.dept} and a.lot = ${lot} and s.dept = ${session.dept} and s.id = a.signalement and (s.lot <> a.lot or s.retire_a is not null)`
}

/**
 * Puts signalements before recognition again, each within its lot, whose treatment is asked for anew: what held them elsewhere no longer does. The content does not change.
 */
export async function remettreARapprocher(session: Session, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { dept } = session
  const lots = await session.sql<{ lot: string; n: number }>`
    with remis as (
      insert into a_reconnaitre (dept, lot, ligne, signalement)
      select dept, lot, ligne, id from signalement where dept = ${dept} and id = any (${ids}::uuid[]) and retire_a is null
      on conflict do nothing returning lot
    ) select lot, count(*)::int as n from remis group by lot order by lot`
  for (const { lot, n } of lots) {
    await session.sql`update lot set rapprochees = greatest(rapprochees - ${n}, 0), etat = case when etat = 'traite' then 'rapprochement' else etat end
      where dept = ${dept} and id = ${lot}`
    await enqueue(session, 'traiter-lot', { dept, lot }, `lot:${lot}`)
  }
}
