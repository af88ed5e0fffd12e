import type { Session } from '#acces'
import { litLesEcritsDe } from '#dossiers'

/** How a signalement holds to its dossier now: decided by whom, when, on what grounds. */
export interface Rattachement {
  readonly signalement: string
  readonly mode: 'nouveau' | 'certain' | 'confirme' | 'nouveau_confirme' | 'separe' | 'reuni'
  /** Probability of the comparison, 0 to 1, when there was one. */
  readonly score: number | null
  readonly raisons: readonly string[]
  readonly a: Temporal.Instant
  readonly auteur: string | null
  readonly motif: string | null
}

/**
 * The live links of one dossier. A link confirmed by a person takes its reasons from the doubt it answered, which only département-wide sessions may
 * read: for the others the reasons of those links are empty.
 */
export async function listerRattachements(session: Session, dossier: string): Promise<Rattachement[]> {
  const liens = await session.sql<Rattachement>`
    select r.signalement, r.mode, r.score, r.a, c.prenom || ' ' || c.nom as auteur, r.motif,
      coalesce(r.details->'raisons', (
        select x->'raisons' from doute u, jsonb_array_elements(u.candidats) x
        where u.dept = ${session.dept} and u.signalement = r.signalement and u.reponse = 'meme' and x->>'dossier' = r.dossier::text
        order by u.repondu_a desc limit 1), '[]'::jsonb) as raisons
    from rattachement r left join compte c on c.dept = ${session.dept} and c.id = r.par
    where r.dept = ${session.dept} and r.dossier = ${dossier} and r.defait_a is null order by r.a, r.id`
  // A reason is written for the secretariat by whoever decided.
  return litLesEcritsDe(session, null) ? liens : liens.map((lien) => ({ ...lien, motif: null }))
}

/** Organismes that sent a signal now attached to one of these dossiers. */
export function listerEmetteurs(
  session: Session,
  dossiers: readonly string[],
): Promise<{ dossier: string; organisme: string }[]> {
  return session.sql<{ dossier: string; organisme: string }>`
    select distinct r.dossier, s.organisme from rattachement r join signalement s on s.dept = ${session.dept} and s.id = r.signalement
    where r.dept = ${session.dept} and r.dossier = any (${dossiers}::uuid[]) and r.defait_a is null`
}
