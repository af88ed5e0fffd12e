import type { Session } from '#acces'

/**
 * Folds the rows of the maintained counts into one per combination. Exact at any moment: what was read is deleted and replaced in one statement, under a lock
 * that lets only one fold run.
 */
export async function plierComptes(session: Session): Promise<void> {
  const { sql, dept } = session
  await sql`select pg_advisory_xact_lock(hashtextextended(${`comptes:${dept}`}, 0))`
  await sql`
    with plies as (
      delete from dossier_compte where dept = ${dept} returning *
    )
    insert into dossier_compte (dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, n)
    select dept, ouvert, territoire, parc, stade, phase, service, organisme, etat_service, connu_service, en_serie, sum(n)
    from plies group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 having sum(n) <> 0`
  await sql`
    with plies as (
      delete from dossier_compte_jour where dept = ${dept} returning *
    )
    insert into dossier_compte_jour (dept, genre, jour, territoire, n)
    select dept, genre, jour, territoire, sum(n) from plies group by 1, 2, 3, 4 having sum(n) <> 0`
}
