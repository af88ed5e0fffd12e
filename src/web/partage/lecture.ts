import { aLeDroit, type Session } from '#acces'
import type { Dossier } from '#dossiers'
import {
  type AccesExceptionnel,
  type Accord,
  listerAccesExceptionnels,
  listerAccords,
  listerParticipations,
  type ObjetAccord,
  objetsAccord,
  type Participation,
  peutTenirParticipations,
  vautLe,
} from '#participations'

/** An objet with what the household answered last, and before. */
export interface EtatAccord {
  readonly objet: ObjetAccord
  readonly derniere: Accord | null
  readonly avant: readonly Accord[]
  /** Agreed, and not over. */
  readonly vaut: boolean
}

/** Who reads a dossier and what the household said of it. */
export interface Partage {
  readonly participations: readonly Participation[]
  readonly exceptionnels: readonly AccesExceptionnel[]
  /** The reader's own exceptional access, while it is open and is what lets them in. */
  readonly sien: AccesExceptionnel | null
  readonly accords: readonly EtatAccord[]
  readonly peutTenir: boolean
  readonly peutNoter: boolean
  readonly peutRemettre: boolean
}

/** True when an invited organisme does not read after all: the accord its reading depends on is missing. Same rule as the policy of the database. */
export function attendAccord(
  participation: Participation,
  accords: readonly EtatAccord[],
  jour: Temporal.PlainDate,
): boolean {
  if (participation.accord === null) return false
  const etat = accords.find(({ objet }) => objet.code === participation.accord)
  const lignes = etat?.derniere ? [etat.derniere, ...etat.avant] : []
  const laSienne = lignes.find(({ organisme }) => organisme === null || organisme === participation.organisme)
  return laSienne === undefined || !vautLe(laSienne, jour)
}

/** The state of each objet of the data, by the newest line. */
export function etatsAccords(session: Session, lignes: readonly Accord[]): EtatAccord[] {
  return objetsAccord(session).map((objet) => {
    const [derniere = null, ...avant] = lignes.filter((ligne) => ligne.objet === objet.code)
    return { objet, derniere, avant, vaut: derniere !== null && vautLe(derniere, session.jour) }
  })
}

/** Reads what the cards of a dossier show. The dossier was read before, and is within reach. */
export async function lirePartage(session: Session, dossier: Dossier): Promise<Partage> {
  const { acteur } = session
  const [participations, exceptionnels, accords] = await Promise.all([
    listerParticipations(session, dossier.id),
    listerAccesExceptionnels(session, dossier.id),
    listerAccords(session, dossier.id),
  ])
  return {
    participations,
    exceptionnels,
    sien: exceptionnels.find(({ compte, en_cours }) => en_cours && compte === acteur.compte) ?? null,
    accords: etatsAccords(session, accords),
    peutTenir: peutTenirParticipations(session, dossier),
    peutNoter: aLeDroit(acteur, 'accord.noter') && !acteur.exceptionnels?.includes(dossier.id),
    peutRemettre: aLeDroit(acteur, 'droit_acces.exporter'),
  }
}
