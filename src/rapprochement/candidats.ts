import type { Session } from '#acces'
import { sql } from '#socle/db'
import { type Fiche, PLAFOND_CLE } from './moteur/index.ts'

export interface FicheRattachee {
  readonly signalement: string
  readonly dossier: string
  readonly fiche: Fiche
}

/**
 * Dossiers that share at least one blocking key with each incoming signalement, found by equality on an index. Keys shared by too many fiches are left out.
 * Returns the dossiers by signalement.
 */
export async function trouverCandidats(
  session: Session,
  entrantes: readonly { signalement: string; cles: readonly string[] }[],
): Promise<Map<string, Set<string>>> {
  const cles = entrantes.flatMap((entrante) => entrante.cles.map((cle) => ({ s: entrante.signalement, c: cle })))
  if (cles.length === 0) return new Map()
  const trouves = await session.sql<{ s: string; dossier: string }>`
    select distinct k.s, r.dossier
    from jsonb_to_recordset(${JSON.stringify(cles)}::jsonb) as k(s uuid, c text)
    cross join lateral (
      select b.signalement, count(*) over () as n
      from (select signalement from cle_blocage where dept = ${session.dept} and cle = k.c limit ${sql.lit(PLAFOND_CLE + 1)}) b
    ) b
    join rattachement r on r.dept = ${session.dept} and r.signalement = b.signalement and r.defait_a is null
    where b.n <= ${sql.lit(PLAFOND_CLE)}`
  const candidats = new Map<string, Set<string>>()
  for (const { s, dossier } of trouves) {
    const ensemble = candidats.get(s)
    if (ensemble) ensemble.add(dossier)
    else candidats.set(s, new Set([dossier]))
  }
  return candidats
}

/** Comparable fiches of dossiers: those of their live attachments. */
export async function lireFiches(
  session: Session,
  dossiers: readonly string[],
): Promise<Map<string, FicheRattachee[]>> {
  if (dossiers.length === 0) return new Map()
  const lignes = await session.sql<FicheRattachee>`
    select r.signalement, r.dossier, f.contenu as fiche
    from rattachement r join fiche f on f.dept = ${session.dept} and f.signalement = r.signalement
    where r.dept = ${session.dept} and r.dossier = any (${dossiers}::uuid[]) and r.defait_a is null`
  return Map.groupBy(lignes, (ligne) => ligne.dossier)
}

/** Keeps the comparable form of signalements and the keys under which they will be found. Replaces what was kept before. */
export async function ecrireFiches(
  session: Session,
  fiches: readonly { signalement: string; fiche: Fiche; cles: readonly string[] }[],
): Promise<void> {
  if (fiches.length === 0) return
  const ids = fiches.map((fiche) => fiche.signalement)
  await session.sql`delete from cle_blocage where dept = ${session.dept} and signalement = any (${ids}::uuid[])`
  await session.sql`insert into fiche (dept, signalement, contenu)
    select ${session.dept}, x.s, x.f from jsonb_to_recordset(${JSON.stringify(fiches.map(({ signalement, fiche }) => ({ s: signalement, f: fiche })))}::jsonb) as x(s uuid, f jsonb)
    on conflict (dept, signalement) do update set contenu = excluded.contenu`
  await session.sql`insert into cle_blocage (dept, cle, signalement)
    select ${session.dept}, x.c, x.s
    from jsonb_to_recordset(${JSON.stringify(fiches.flatMap(({ signalement, cles }) => [...new Set(cles)].map((cle) => ({ s: signalement, c: cle }))))}::jsonb) as x(s uuid, c text)
    on conflict do nothing`
}
