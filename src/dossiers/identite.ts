import type { Session } from '#acces'

/** What tells a household from another, for comparisons that keep nothing of it. */
export interface IdentiteDossier {
  readonly id: string
  /** Family names of the household's adults, as written. */
  readonly noms: readonly string[]
  readonly adresse: string
  readonly codeInsee: string | null
  readonly territoire: string | null
}

/** Names and place of many dossiers. For jobs: nothing is shown, hence nothing journalled. */
export function lireIdentites(session: Session, ids: readonly string[]): Promise<IdentiteDossier[]> {
  return session.sql<IdentiteDossier>`
    select d.id, array_remove(array[d.menage->'titulaire'->>'nomUsage', d.menage->'titulaire'->>'nomNaissance', d.menage->'conjoint'->>'nomUsage',
        d.menage->'conjoint'->>'nomNaissance'], null) as noms,
      d.adresse, d.code_insee as "codeInsee", d.territoire
    from dossier d where d.dept = ${session.dept} and d.id = any (${ids}::uuid[])`
}

/** References of dossiers, for whoever may read the journal and not the dossiers. An id without a dossier is left out. */
export async function nommerDossiers(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const lignes = await session.sql<{ id: string; reference: string }>`
    select id, reference from public.nommer_dossiers(${session.dept}, ${[...new Set(ids)]}::uuid[], '{}'::text[])`
  return new Map(lignes.map(({ id, reference }) => [id, reference]))
}

/** The dossier that bears a reference, written whole (`71-2026-00412`) or as lists show it (`26-00412`); nothing when none does. */
export async function trouverReference(
  session: Session,
  texte: string,
): Promise<{ readonly id: string; readonly reference: string } | null> {
  const ecrit = texte.trim().toUpperCase()
  const references = [ecrit, `${session.dept}-20${ecrit}`]
  const [ligne] = await session.sql<{ id: string; reference: string }>`
    select id, reference from public.nommer_dossiers(${session.dept}, '{}'::uuid[], ${references}::text[])`
  return ligne ?? null
}
