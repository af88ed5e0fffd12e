import type { ReactNode } from 'react'
import type { Droit } from '#acces'
import type { Dossier } from '#dossiers'
import type { Formulaire } from '#formulaires'
import type { Requete } from '../route.ts'

/** Where a kind of long form is filled: what `routesFormulaire` needs to give its pages. */
export interface EcranFormulaire {
  /** `chemin` of its place of work: pages are at `/dossiers/:reference/<espace>/:formulaire`. */
  readonly espace: string
  /** Models shown here; another one does not exist at these addresses. */
  readonly codes: readonly string[]
  readonly droits: { readonly lire: Droit; readonly ecrire: Droit }
  /** Level of completeness shown and asked for. */
  readonly niveau?: string
  /** Sentence under the title of a draft. */
  readonly chapo?: string
  /** Whether this person fills this draft, beyond the right to write and being one of its readers. */
  readonly remplit?: (requete: Requete, formulaire: Formulaire) => boolean
  /**
   * What can be done next: a card with the acts of the module that owns the form. A form of it that signs carries `vu` and `marque`: what is typed on the page is saved
   * first, and signed with the rest.
   */
  readonly suite?: (
    requete: Requete,
    dossier: Dossier,
    formulaire: Formulaire,
    marque: string,
  ) => ReactNode | Promise<ReactNode>
  /** Lines of the heading of the printed form. */
  readonly entete?: (
    dossier: Dossier,
    formulaire: Formulaire,
  ) => readonly { readonly libelle: string; readonly valeur: string }[]
}
