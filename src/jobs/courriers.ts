import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import { proposerCourriersDus } from '#commission'
import {
  type ARendre,
  cloreLot,
  composerTranche,
  envoyerCourriel,
  garderTranche,
  listerCourriels,
  remettreRefuses,
  rendreLettres,
  rendreLot,
  reprendreLotsCourriers,
  reunirLot,
} from '#courriers'
import { failureOf } from '#socle/mail'

/** Proposes the letters that are due. */
export function preparerCourriers(application: Application, dept: string): Promise<number> {
  return ouvrirSession(application, acteurSysteme(dept, 'proposer-courriers'), 'courrier.envoyer', proposerCourriersDus)
}

/** Asks again for the batches that a stop left under way. */
export function reprendreCourriers(application: Application, dept: string): Promise<number> {
  return ouvrirSession(application, acteurSysteme(dept, 'reprendre-lots'), 'courrier.envoyer', (session) =>
    reprendreLotsCourriers(session),
  )
}

/** Refused in a row, before the server itself is thought to be wrong. */
const REFUS_MAX = 5

/** Rendered again when letters were left out meanwhile; beyond, the queue tries later. */
const REPRISES = 3

/**
 * Renders a batch. Letters are composed a hundred at a time and rendered as they come, while those rendered are kept; the one document to print is rendered beside them
 * once all are composed, so that two processors work. Stopped, it goes on where it was. Sessions are short; rendering, which takes seconds, holds none.
 */
export async function produireLotCourriers(application: Application, dept: string, lot: string): Promise<void> {
  const dans = <T>(travail: (session: Session) => Promise<T>): Promise<T> =>
    ouvrirSession(application, acteurSysteme(dept, 'produire-courriers'), 'courrier.envoyer', travail)
  const composees: ARendre[] = []
  const toutes = Promise.withResolvers<void>()
  const composer = async function* () {
    for (;;) {
      const faites = composees.map(({ id }) => id)
      const tranche = await dans((session) => composerTranche(session, lot, faites))
      if (tranche.length === 0) break
      composees.push(...tranche)
      yield* tranche
    }
    toutes.resolve()
  }
  const rendreDocument = async () => {
    const document = await dans((session) => reunirLot(session, lot, composees))
    return document && { ids: document.ids, pdf: await rendreLot(document) }
  }
  const garder = async () => {
    for await (const rendues of rendreLettres(composer())) await dans((session) => garderTranche(session, lot, rendues))
  }
  const gardees = garder()
  gardees.catch(toutes.reject)
  let [rendu] = await Promise.all([toutes.promise.then(rendreDocument), gardees])
  for (let reprise = 0; !(await dans((session) => cloreLot(session, lot, rendu))); reprise++) {
    if (reprise === REPRISES) throw new Error('the letters of a batch keep changing while its document is made')
    rendu = await rendreDocument()
  }
}

/**
 * Sends the letters of a batch that leave by mail, each in a transaction of its own: those that left are not sent again. The first failure of the server stops, and
 * the queue tries again; a mailbox that asks to wait keeps no other waiting, and is tried again with the queue. Those refused go to paper, unless the server refuses
 * everybody: it is one to mend, and nothing changes. Without a server, nothing leaves.
 */
export async function envoyerCourriersParCourriel(
  application: Application,
  dept: string,
  lot: string,
): Promise<number> {
  const mailer = application.acces?.courrier
  if (!mailer?.ready) return 0
  const dans = <T>(travail: (session: Session) => Promise<T>): Promise<T> =>
    ouvrirSession(application, acteurSysteme(dept, 'envoyer-courriers'), 'courrier.envoyer', travail)
  let partis = 0
  let deSuite = 0
  const refuses: string[] = []
  const differes: unknown[] = []
  for (const id of await dans((session) => listerCourriels(session, lot))) {
    try {
      const issue = await dans((session) => envoyerCourriel(session, mailer, id))
      if (issue === 'parti') partis += 1
      if (issue === 'refuse') refuses.push(id)
      deSuite = issue === 'refuse' ? deSuite + 1 : issue === 'parti' ? 0 : deSuite
    } catch (erreur) {
      if (failureOf(erreur) === 'server') throw erreur
      differes.push(erreur)
    }
    if (deSuite >= REFUS_MAX)
      throw new Error(`the mail server refused ${deSuite} households in a row: nothing more is sent`)
  }
  if (refuses.length > 0) await dans((session) => remettreRefuses(session, refuses))
  if (differes.length > 0) throw differes[0]
  return partis
}
