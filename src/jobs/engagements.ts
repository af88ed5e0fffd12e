import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import {
  annoncerEcheances,
  annoncerTaches,
  listerAReprendre,
  mesurerEngagements,
  suivreFaits,
  tenirEngagements,
} from '#engagements'

const LOT = 1000

/** Brings to the day the engagements of every dossier whose chronology moved, by batches, each in one transaction. */
export async function suivreEngagements(application: Application, dept: string): Promise<number> {
  const acteur = acteurSysteme(dept, 'suivre-engagements')
  let total = 0
  for (;;) {
    const bilan = await ouvrirSession(application, acteur, 'engagement.tenir', suivreFaits)
    if (bilan === null) return total
    total += bilan.dossiers
  }
}

/** Each morning: dossiers that the day alone moved, then how the engagements are kept, and what comes near is told. */
export async function preparerEngagements(application: Application, dept: string): Promise<void> {
  const acteur = acteurSysteme(dept, 'suivre-engagements')
  await suivreEngagements(application, dept)
  const derives = await ouvrirSession(application, acteur, 'engagement.consulter', listerAReprendre)
  for (let i = 0; i < derives.length; i += LOT)
    await ouvrirSession(application, acteur, 'engagement.tenir', (session) =>
      tenirEngagements(session, derives.slice(i, i + LOT)),
    )
  await ouvrirSession(application, acteur, 'engagement.tenir', mesurerEngagements)
  await ouvrirSession(application, acteur, 'engagement.tenir', annoncerEcheances)
  await ouvrirSession(application, acteur, 'engagement.tenir', annoncerTaches)
}
