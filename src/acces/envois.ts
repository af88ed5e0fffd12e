import type { Session } from './session.ts'

/** How long a form is known again: its page may stay open a day. */
const GARDE = { hours: 24 }

/**
 * Receives a form of the person of the session, by the digest of what it holds. Null the first time; afterwards what it was answered. Part of the transaction of
 * what the form does: undone with it.
 */
export async function recevoirEnvoi<T>(
  { sql, dept, acteur, maintenant }: Session,
  cle: string,
): Promise<{ readonly reponse: T } | null> {
  if (acteur.compte === null) return null
  await sql`delete from envoi_recu where dept = ${dept} and compte = ${acteur.compte} and a < ${maintenant.subtract(GARDE)}`
  const ecrits =
    await sql`insert into envoi_recu (dept, compte, cle, a) values (${dept}, ${acteur.compte}, ${cle}, ${maintenant})
    on conflict do nothing returning 1`
  if (ecrits.length > 0) return null
  const [connu] = await sql<{
    reponse: T
  }>`select reponse from envoi_recu where dept = ${dept} and compte = ${acteur.compte} and cle = ${cle} and reponse is not null`
  return connu ?? null
}

/** Keeps what a form was answered; with null, it may be sent again: nothing was done. */
export async function retenirReponse({ sql, dept, acteur }: Session, cle: string, reponse: unknown): Promise<void> {
  if (acteur.compte === null) return
  await (reponse === null
    ? sql`delete from envoi_recu where dept = ${dept} and compte = ${acteur.compte} and cle = ${cle}`
    : sql`update envoi_recu set reponse = ${JSON.stringify(reponse)}::jsonb where dept = ${dept} and compte = ${acteur.compte} and cle = ${cle}`)
}
