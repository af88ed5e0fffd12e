import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { proposerAutoSaisines } from '#commission'

/** Reads every open dossier of a département against the criteria of self-referral, and proposes those that meet one (AUT-11). Repeating it the same day adds nothing. */
export function proposerSaisines(application: Application, dept: string): Promise<number> {
  return ouvrirSession(application, acteurSysteme(dept, 'proposer-saisines'), 'saisine.instruire', proposerAutoSaisines)
}
