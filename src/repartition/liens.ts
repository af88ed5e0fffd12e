import type { Session } from '#acces'

/** Organismes that have or had to do with dossiers: asked to follow them, sent them in a list, or noted a contact. */
export function listerOrganismesLies(
  session: Session,
  dossiers: readonly string[],
): Promise<{ dossier: string; organisme: string }[]> {
  const { sql, dept } = session
  return sql<{ dossier: string; organisme: string }>`
    select dossier, organisme from affectation where dept = ${dept} and dossier = any (${dossiers}::uuid[]) and organisme is not null
    union select l.dossier, s.organisme from ligne_liste l join liste s on s.dept = ${dept} and s.id = l.liste
      where l.dept = ${dept} and l.dossier = any (${dossiers}::uuid[])
    union select dossier, organisme from tentative_contact where dept = ${dept} and dossier = any (${dossiers}::uuid[])`
}
