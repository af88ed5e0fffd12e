import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import {
  cloreLot,
  composerTranche,
  garderTranche,
  proposerCourriers,
  rendreLot,
  rendreTranche,
  reprendreLotsCourriers,
  reunirLot,
} from '#courriers'

/** Proposes the letters whose trigger has occurred. */
export function preparerCourriers(application: Application, dept: string): Promise<number> {
  return ouvrirSession(application, acteurSysteme(dept, 'proposer-courriers'), 'courrier.envoyer', (session) =>
    proposerCourriers(session),
  )
}

/** Asks again for the batches that a stop left under way. */
export function reprendreCourriers(application: Application, dept: string): Promise<number> {
  return ouvrirSession(application, acteurSysteme(dept, 'reprendre-lots'), 'courrier.envoyer', (session) =>
    reprendreLotsCourriers(session),
  )
}

/**
 * Renders a batch, a hundred letters at a time: stopped, it goes on where it was. Sessions are short; rendering, which takes seconds, holds none.
 */
export async function produireLotCourriers(application: Application, dept: string, lot: string): Promise<void> {
  const dans = <T>(travail: (session: Session) => Promise<T>): Promise<T> =>
    ouvrirSession(application, acteurSysteme(dept, 'produire-courriers'), 'courrier.envoyer', travail)
  for (;;) {
    const tranche = await dans((session) => composerTranche(session, lot))
    if (tranche.length === 0) break
    const rendus = await rendreTranche(tranche)
    await dans((session) => garderTranche(session, lot, rendus))
  }
  const contenu = await dans((session) => reunirLot(session, lot))
  const pdf = contenu && (await rendreLot(contenu))
  await dans((session) => cloreLot(session, lot, pdf))
}
