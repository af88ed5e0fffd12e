import { masqueDe, type Session } from '#acces'
import { CHAMPS_SIGNALEMENT } from '#dossiers'
import { estColonne } from './format/colonnes.ts'

/** Tells the columns of a sender's lines that a session reads. What the sender itself wrote is read as such. */
export type ColonneLisible = (colonne: string) => boolean

/**
 * Columns of the lines of an organisme that the access matrix opens to this session. A column the format does not know may hold anything: it is read by its
 * sender, and by those who read every group but health to correct the lines.
 */
export function colonnesLisibles({ acteur }: Pick<Session, 'acteur'>, organisme: string): ColonneLisible {
  const { voit } = masqueDe(acteur)
  const remplies = organisme === acteur.organisme ? ['auteur'] : []
  return (colonne) => {
    if (colonne === '') return true
    const groupe = estColonne(colonne) ? CHAMPS_SIGNALEMENT[colonne]?.[0] : 'ressources'
    return groupe !== undefined && voit(groupe, remplies)
  }
}

/** A line less what its reader may not see; `reservees` names the filled columns left out. */
export function masquerLigne<
  T extends {
    readonly champs: Readonly<Record<string, string>>
    readonly correction: Readonly<Record<string, string>> | null
    readonly motifs: readonly { code: string; colonne: string; valeur: string; message: string }[]
  },
>(ligne: T, lisible: ColonneLisible): T & { readonly reservees: readonly string[] } {
  const garder = (champs: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(champs).filter(([colonne]) => lisible(colonne)))
  return {
    ...ligne,
    champs: garder(ligne.champs),
    correction: ligne.correction === null ? null : garder(ligne.correction),
    motifs: masquerMotifs(ligne.motifs, lisible),
    reservees: Object.entries(ligne.champs)
      .filter(([colonne, valeur]) => valeur !== '' && !lisible(colonne))
      .map(([colonne]) => colonne),
  }
}

/** Reasons of a verdict without the values read in hidden columns. */
export const masquerMotifs = <T extends { readonly colonne: string; readonly valeur: string }>(
  motifs: readonly T[],
  lisible: ColonneLisible,
): T[] => motifs.map((motif) => (lisible(motif.colonne) ? motif : { ...motif, valeur: '' }))
