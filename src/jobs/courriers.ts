import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { assemblerLot, produireTranche, proposerCourriers } from '#courriers'

/** Proposes the letters whose trigger has occurred. */
export function preparerCourriers(application: Application, dept: string): Promise<number> {
  return ouvrirSession(application, acteurSysteme(dept, 'proposer-courriers'), 'courrier.envoyer', (session) =>
    proposerCourriers(session),
  )
}

/** Renders a batch, a hundred letters a transaction: stopped, it goes on where it was. */
export async function produireLotCourriers(application: Application, dept: string, lot: string): Promise<void> {
  const acteur = acteurSysteme(dept, 'produire-courriers')
  let reste = true
  while (reste)
    reste = await ouvrirSession(application, acteur, 'courrier.envoyer', (session) => produireTranche(session, lot))
  await ouvrirSession(application, acteur, 'courrier.envoyer', (session) => assemblerLot(session, lot))
}
