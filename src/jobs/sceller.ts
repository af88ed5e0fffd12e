import { type Application, acteurSysteme, ouvrirSession, type PasDeScellement, type Session } from '#acces'
import { scellerActes, scellerDossiers } from '#dossiers'
import { scellerEchanges } from '#echanges'
import { scellerContacts, scellerDecisions } from '#repartition'
import { scellerFichiers, scellerSignalements } from '#signalements'

const PREMIER = '00000000-0000-0000-0000-000000000000'
const PAS = 500

/** What may have been kept in clear before it was sealed, and what seals a step of it. */
const ETAPES: readonly [
  libelle: readonly [un: string, plusieurs: string],
  sceller: (session: Session, apres: string, pas: number) => Promise<PasDeScellement>,
][] = [
  [['signalement', 'signalements'], scellerSignalements],
  [['fichier reçu', 'fichiers reçus'], scellerFichiers],
  [['dossier', 'dossiers'], scellerDossiers],
  [['acte saisi', 'actes saisis'], scellerActes],
  [['décision de répartition', 'décisions de répartition'], scellerDecisions],
  [['contact', 'contacts'], scellerContacts],
  [['message, demande ou pièce', 'messages, demandes et pièces'], scellerEchanges],
]

/**
 * Seals what a département kept in clear before sealing existed. One transaction per step: stopped anywhere, it is taken up by starting over, and finds only what
 * is left.
 */
export async function scellerDonnees(
  application: Application,
  dept: string,
  dire: (libelle: readonly [un: string, plusieurs: string], scelles: number) => void = () => {},
): Promise<number> {
  let total = 0
  for (const [libelle, sceller] of ETAPES) {
    let scelles = 0
    for (let apres: string | null = PREMIER; apres !== null; ) {
      const depuis: string = apres
      const pas = await ouvrirSession(application, acteurSysteme(dept, 'sceller'), 'cle.tourner', (session) =>
        sceller(session, depuis, PAS),
      )
      scelles += pas.scelles
      apres = pas.suite
    }
    dire(libelle, scelles)
    total += scelles
  }
  return total
}
