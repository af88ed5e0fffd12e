import type { Session } from '#acces'
import { Conflit, Refus } from '#socle/errors'

/** One field that stops a form, with what to do about it. */
export interface Erreur {
  readonly nom: string
  readonly message: string
}

/** The message of a field, for the field itself. */
export const messageDe = (erreurs: readonly Erreur[], nom: string): string | undefined =>
  erreurs.find((erreur) => erreur.nom === nom)?.message

/** A civil date as the native control sends it; null when it is none. */
export function lireJourSaisi(texte: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(texte)) return null
  try {
    return Temporal.PlainDate.from(texte)
  } catch {
    return null
  }
}

/** Only a list or a dossier of this site may follow an act. */
export function lireRetour(texte: string | undefined): string {
  return texte !== undefined && /^\/dossiers(?:\/[\w-]+)?(?:\?[^#\s]*)?$/.test(texte) ? texte : '/dossiers'
}

/**
 * Runs an act and turns a refusal of its rule into the error of a field, journalled like any other refusal. Only for acts that refuse before they
 * write: the transaction goes on, and what was written would stay. A conflict is no error of a field: it goes through.
 */
export async function tenter(
  session: Session,
  action: string,
  champ: (code: string) => string,
  acte: () => Promise<unknown>,
): Promise<Erreur | null> {
  try {
    await acte()
    return null
  } catch (erreur) {
    if (!(erreur instanceof Refus) || erreur instanceof Conflit) throw erreur
    session.consigner({ action, resultat: 'refuse', details: { code: erreur.code } })
    return { nom: champ(erreur.code), message: erreur.message }
  }
}
