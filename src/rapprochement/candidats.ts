import type { Session } from '#acces'
import { sql } from '#socle/db'
import { mapPaced } from '#socle/pace'
import { deplierFiche, type Fiche, type FicheTassee, PLAFOND_CLE, tasserFiche } from './moteur/index.ts'

export interface FicheRattachee {
  readonly signalement: string
  readonly dossier: string
  readonly fiche: Fiche
}

/**
 * Dossiers that share at least one blocking key with each incoming signalement, found by equality on an index. Keys shared by too many fiches are left out.
 * Returns the dossiers by incoming signalement, and the signalements met that no dossier holds: they may wait in a doubt.
 *
 * Here and below each look-up is tied to the one before it (`lateral`, `offset 0`): policies hide from the planner how few rows it gives, and left free it reads
 * whole tables.
 */
export async function trouverCandidats(
  session: Session,
  entrantes: readonly { signalement: string; cles: readonly string[] }[],
): Promise<{ readonly candidats: ReadonlyMap<string, ReadonlySet<string>>; readonly sansDossier: readonly string[] }> {
  const parCle = Map.groupBy(
    entrantes.flatMap(({ signalement, cles }) => cles.map((cle) => ({ signalement, cle }))),
    ({ cle }) => cle,
  )
  if (parCle.size === 0) return { candidats: new Map(), sansDossier: [] }
  const cles = [...parCle.keys()]
  const rencontres = await session.sql<{ rang: number; signalement: string }>`
    select k.rang::int as rang, b.signalement
    from unnest(${cles}::text[]) with ordinality as k(cle, rang)
    cross join lateral (
      select b.signalement, count(*) over () as n
      from (select signalement from cle_blocage where dept = ${session.dept} and cle = k.cle limit ${sql.lit(PLAFOND_CLE + 1)}) b
      offset 0
    ) b
    where b.n <= ${sql.lit(PLAFOND_CLE)}`
  const connus = [...new Set(rencontres.map(({ signalement }) => signalement))]
  const attaches = await lireDossiersDe(session, connus)
  const candidats = new Map<string, Set<string>>()
  for (const { rang, signalement } of rencontres) {
    const dossier = attaches.get(signalement)
    if (dossier === undefined) continue
    for (const { signalement: entrant } of parCle.get(cles[rang - 1] ?? '') ?? []) {
      const ensemble = candidats.get(entrant)
      if (ensemble) ensemble.add(dossier)
      else candidats.set(entrant, new Set([dossier]))
    }
  }
  return { candidats, sansDossier: connus.filter((signalement) => !attaches.has(signalement)) }
}

/** The dossier each signalement is attached to now. */
export async function lireDossiersDe(session: Session, signalements: readonly string[]): Promise<Map<string, string>> {
  if (signalements.length === 0) return new Map()
  const lignes = await session.sql<{ signalement: string; dossier: string }>`
    select r.signalement, r.dossier from unnest(${signalements}::uuid[]) as i(signalement)
    cross join lateral (
      select signalement, dossier from rattachement where dept = ${session.dept} and signalement = i.signalement and defait_a is null offset 0
    ) r`
  return new Map(lignes.map(({ signalement, dossier }) => [signalement, dossier]))
}

/** Comparable fiches of dossiers: those of their live attachments. Ids are given once each. */
export async function lireFiches(
  session: Session,
  dossiers: readonly string[],
): Promise<Map<string, FicheRattachee[]>> {
  if (dossiers.length === 0) return new Map()
  const lignes = await session.sql<{ signalement: string; dossier: string; contenu: FicheTassee | Fiche }>`
    select r.signalement, r.dossier, f.contenu
    from unnest(${dossiers}::uuid[]) as i(dossier)
    cross join lateral (
      select signalement, dossier from rattachement where dept = ${session.dept} and dossier = i.dossier and defait_a is null offset 0
    ) r
    cross join lateral (select contenu from fiche where dept = ${session.dept} and signalement = r.signalement offset 0) f`
  return Map.groupBy(
    await mapPaced(lignes, ({ signalement, dossier, contenu }) => ({
      signalement,
      dossier,
      fiche: deplierFiche(contenu),
    })),
    ({ dossier }) => dossier,
  )
}

/** Keeps the comparable form of signalements and the keys under which they will be found. Replaces what was kept before. */
export async function ecrireFiches(
  session: Session,
  fiches: readonly { signalement: string; fiche: Fiche; cles: readonly string[] }[],
): Promise<void> {
  if (fiches.length === 0) return
  const lignes = fiches.map(({ signalement, fiche, cles }) => ({
    s: signalement,
    f: tasserFiche(fiche),
    c: [...new Set(cles)],
  }))
  await retirerCles(
    session,
    lignes.map(({ s }) => s),
  )
  const texte = JSON.stringify(lignes)
  await session.sql`insert into fiche (dept, signalement, contenu, cles)
    select ${session.dept}, x.s, x.f, x.c from json_to_recordset(${texte}::json) as x(s uuid, f json, c text[])
    on conflict (dept, signalement) do update set contenu = excluded.contenu, cles = excluded.cles`
  // In the order of the index: neighbours are written together.
  await session.sql`insert into cle_blocage (dept, cle, signalement)
    select ${session.dept}, k.cle, x.s from json_to_recordset(${texte}::json) as x(s uuid, c text[]) cross join lateral unnest(x.c) as k(cle) order by 2, 3`
}

async function retirerCles(session: Session, signalements: readonly string[]): Promise<void> {
  await session.sql`delete from cle_blocage b using fiche f cross join lateral unnest(f.cles) as k(cle)
    where f.dept = ${session.dept} and f.signalement = any (${signalements}::uuid[])
      and b.dept = ${session.dept} and b.cle = k.cle and b.signalement = f.signalement`
}

/** Forgets the comparable form of signalements that left: nothing meets them any more. */
export async function oublierFiches(session: Session, signalements: readonly string[]): Promise<void> {
  await retirerCles(session, signalements)
  await session.sql`delete from fiche where dept = ${session.dept} and signalement = any (${signalements}::uuid[])`
}
