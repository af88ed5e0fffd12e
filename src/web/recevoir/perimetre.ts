import { type Acteur, aLeDroit } from '#acces'
import { Conflit, Refus } from '#socle/errors'
import { lireNavigation } from '../navigation.ts'
import type { Requete } from '../route.ts'

/** A refusal to show in its own page; anything else goes on, conflicts included. Nothing was written before it was thrown. */
export async function ouRefus<T>(travail: () => Promise<T>): Promise<T | Refus> {
  try {
    return await travail()
  } catch (erreur) {
    if (erreur instanceof Refus && !(erreur instanceof Conflit)) return erreur
    throw erreur
  }
}

/** A form that comes back with its errors is a whole page: its banner needs its figures. */
export async function avecNavigation(requete: Requete): Promise<Requete> {
  return { ...requete, navigation: { ...(await lireNavigation(requete.session)), message: null } }
}

/** The reader may follow a line to its dossier. */
export const peutLireDossiers = (acteur: Acteur): boolean => aLeDroit(acteur, 'dossier.consulter')
