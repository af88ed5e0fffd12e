import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { ancrerJournal, type BilanJournal, lireAncres, scellerJournal, verifierJournal } from '#journal'
import { Refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { conservationAu, type SeuilsAcces, signalerIntegrite, surveillerConsultations } from '#vigilance'

/** How long entries may wait for their seal while there are some. */
const ENSUITE = Temporal.Duration.from({ seconds: 5 })

/**
 * Chains every entry that may be. While there were some, asks for itself again shortly: the schedule alone would leave them a minute. The end of a month
 * is anchored at once.
 */
export async function scellerLeJournal(application: Application, dept: string, ancres: string): Promise<number> {
  const acteur = acteurSysteme(dept, 'sceller-journal')
  let total = 0
  let clos = false
  for (let encore = true; encore; ) {
    const fait = await ouvrirSession(application, acteur, 'journal.sceller', async (session) => {
      const scelle = await scellerJournal(session, session.maintenant)
      if (scelle.scelles > 0 && !scelle.encore)
        await enqueue(session, 'sceller-journal', {}, 'sceller-journal', session.maintenant.add(ENSUITE))
      return scelle
    })
    total += fait.scelles
    clos ||= fait.moisClos !== null
    encore = fait.encore
  }
  if (clos) await ancrerLeJournal(application, dept, ancres)
  return total
}

/** Writes where the chain stands outside the database. A chain that contradicts the last anchor raises an alert, and fails. */
export async function ancrerLeJournal(application: Application, dept: string, ancres: string) {
  const acteur = acteurSysteme(dept, 'ancrer-journal')
  try {
    return await ouvrirSession(application, acteur, 'journal.sceller', (session) =>
      ancrerJournal(session, ancres, session.maintenant),
    )
  } catch (erreur) {
    if (erreur instanceof Refus)
      await ouvrirSession(application, acteur, 'alerte.traiter', (session) =>
        signalerIntegrite(session, [erreur.message]),
      )
    throw erreur
  }
}

/** Reads the whole chain again and compares it with its anchors. What anchors hold and nobody can read is a fault too. */
export async function verifierLeJournal(
  application: Application,
  dept: string,
  ancres: string,
  seuils: SeuilsAcces,
): Promise<BilanJournal> {
  const { ancres: lues, illisibles } = lireAncres(ancres, dept)
  const bilan = await ouvrirSession(
    application,
    acteurSysteme(dept, 'verifier-journal'),
    'journal.consulter',
    (session) => verifierJournal(session, lues, conservationAu(seuils, session.jour)),
  )
  return {
    ...bilan,
    fautes: [
      ...bilan.fautes,
      ...illisibles.map((lieu) => ({
        genre: 'ancre' as const,
        numero: null,
        entree: null,
        message: `Cette ligne d’ancre est illisible : ${lieu}.`,
      })),
    ],
  }
}

/** Each night: what a verification finds is an alert for the data protection officer, without waiting for somebody to ask. */
export async function controlerLeJournal(
  application: Application,
  dept: string,
  ancres: string,
  seuils: SeuilsAcces,
): Promise<void> {
  const { fautes } = await verifierLeJournal(application, dept, ancres, seuils)
  if (fautes.length === 0) return
  await ouvrirSession(application, acteurSysteme(dept, 'controler-journal'), 'alerte.traiter', (session) =>
    signalerIntegrite(
      session,
      fautes.map(({ message }) => message),
    ),
  )
}

/** Each hour: the day, and the day before for what came after the last look. */
export async function surveillerLesConsultations(
  application: Application,
  dept: string,
  seuils: SeuilsAcces,
): Promise<number> {
  const acteur = acteurSysteme(dept, 'surveiller-consultations')
  let nouvelles = 0
  for (const ecart of [1, 0])
    nouvelles += await ouvrirSession(application, acteur, 'alerte.traiter', (session) =>
      surveillerConsultations(session, seuils, session.jour.subtract({ days: ecart })),
    )
  return nouvelles
}
