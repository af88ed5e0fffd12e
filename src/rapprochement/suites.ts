import type { Session } from '#acces'
import { enqueue } from '#socle/queue'

/** Recognition changed these dossiers: their service is decided again, in the background, once this transaction is committed. */
export async function repartirApres(session: Session, dossiers: readonly string[]): Promise<void> {
  const uniques = [...new Set(dossiers)]
  for (let i = 0; i < uniques.length; i += 200) {
    await enqueue(session, 'repartir-dossiers', { dept: session.dept, dossiers: uniques.slice(i, i + 200).join(',') })
  }
}
