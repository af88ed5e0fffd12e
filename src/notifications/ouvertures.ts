import type { Session } from '#acces'

/** What is addressed to an organisme as a whole, and opened by its people. */
export type ChoseAdressee = 'bordereau' | 'liste' | 'diffusion'

/** Who opened it, for the first time when. */
export interface Ouverture {
  readonly objet: string
  readonly personne: string
  readonly organisme_nom: string
  readonly a: Temporal.Instant
}

/** Records that the person of the session opened something addressed to their organisme. The first time counts. */
export async function noterOuverture(session: Session, quoi: ChoseAdressee, objet: string): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte || !acteur.organisme) return
  await sql`insert into ouverture (dept, quoi, objet, compte, organisme, a)
    values (${dept}, ${quoi}, ${objet}, ${acteur.compte}, ${acteur.organisme}, ${maintenant}) on conflict do nothing`
}

/** Who opened these, the first to do so first: for whoever sent them. */
export function listerOuvertures(
  { sql, dept }: Session,
  quoi: ChoseAdressee,
  objets: readonly string[],
): Promise<Ouverture[]> {
  return sql<Ouverture>`select u.objet, c.prenom || ' ' || c.nom as personne, o.nom as organisme_nom, u.a
    from ouverture u join compte c on c.dept = ${dept} and c.id = u.compte join organisme o on o.dept = ${dept} and o.id = u.organisme
    where u.dept = ${dept} and u.quoi = ${quoi} and u.objet = any (${objets}::uuid[]) order by u.a, c.id`
}
