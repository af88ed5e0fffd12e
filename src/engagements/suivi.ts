import type { Session } from '#acces'
import { listerDerivesDepuis, prendreFaits } from '#dossiers'
import { type BilanTenue, tenirEngagements } from './tenue.ts'

/** Its name where the chronology waits to be pulled. */
const CONSOMMATEUR = 'engagements'
const LOT = 1000

/** Takes the next dossiers whose chronology moved and brings their engagements to the day, in one transaction. Nothing left: null. */
export async function suivreFaits(session: Session): Promise<BilanTenue | null> {
  const dossiers = await prendreFaits(session, CONSOMMATEUR, LOT)
  return dossiers.length === 0 ? null : tenirEngagements(session, dossiers)
}

/** Dossiers the day alone may have changed: those derived since the day before. */
export const listerAReprendre = (session: Session): Promise<string[]> =>
  listerDerivesDepuis(session, session.maintenant.subtract({ hours: 24 }))
