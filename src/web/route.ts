import type { ReactElement } from 'react'
import type { Acteur, Application, Connecte, Droit, Session } from '#acces'

/** A file received with a form. */
export interface FichierRecu {
  readonly nom: string
  readonly octets: Buffer
}

/** What a screen receives. The session is open under the right the route declares; it closes before the page is rendered. */
export interface Requete {
  readonly session: Session
  readonly application: Application
  readonly connecte: Connecte
  readonly acteur: Acteur
  readonly parametres: Readonly<Record<string, string>>
  /** Query string, last value of each key. */
  readonly recherche: Readonly<Record<string, string>>
  /** The whole query string, without `?`. */
  readonly requete: string
  /** The address asked, with its query string. */
  readonly adresse: string
  /** Fields of the form; repeated names give several values. */
  readonly champs: Readonly<Record<string, readonly string[]>>
  readonly fichiers: readonly FichierRecu[]
  readonly navigation: Navigation
}

/** Figures shown under the verbs of the banner. */
export interface Navigation {
  readonly doutes: number
  /** Alerts on consultations that nobody has looked at. */
  readonly alertes: number
  /** Tenants of a social landlord; null for anybody else. */
  readonly locataires: number | null
  readonly semaine: number
  /** Engagements late or due this week, for this person's organisme. */
  readonly engagements: number
  /** Returns the commission expects of this person’s organisme. */
  readonly suites: number
  /** Slips addressed to this person’s organisme that nobody opened. */
  readonly recus: number
  /** What waits for this person in the exchanges: requests to answer, threads to read. */
  readonly echanges: number
  /** Requests for a private dwelling where this person’s organisme is expected to say something. */
  readonly logements: number
  /** Threads of networks with something to read. */
  readonly reseaux: number
  /** Notifications not read, up to `NON_LUES_MAX`. */
  readonly notifications: number
  /** Message left by the previous request, shown once. */
  readonly message: Message | null
}

/** Said once after an action. `defaire` offers the way back. */
export interface Message {
  readonly texte: string
  readonly ton?: 'tenu' | 'info' | 'bientot' | 'retard'
  readonly defaire?: {
    readonly action: string
    readonly libelle: string
    readonly champs?: Readonly<Record<string, string>>
  }
}

export type Reponse =
  | { readonly genre: 'page'; readonly element: ReactElement; readonly statut?: number }
  | {
      readonly genre: 'redirection'
      readonly vers: string
      readonly message?: Message
      /** Runs once the session is committed: what must act under another perimeter than the person's. */
      readonly apres?: () => Promise<void>
    }
  | {
      readonly genre: 'fichier'
      readonly nom: string
      readonly type: string
      readonly octets: Uint8Array
      readonly garde?: true
    }
  | { readonly genre: 'json'; readonly valeur: unknown }

/** A file that has passed the gate of exports (`sortir`). */
export type FichierGarde = Extract<Reponse, { genre: 'fichier' }> & { readonly garde: true }

/** One screen or one act. Without a declared right the server refuses to start. */
export interface Route {
  readonly methode: 'GET' | 'POST'
  readonly chemin: string
  readonly droit: Droit
  /** The page shows nobody's data: reading it is not journalled. Any other leaves an entry, its own or the modules'. */
  readonly neutre?: boolean
  /**
   * The route answers a file. `menages`: with data of households or of people, through the gate of exports (`sortir`). `piece`: one document of one dossier, as it
   * was received. `neutre`: nobody's data. A route that answers a file and does not say so, or goes around its gate, sends nothing.
   */
  readonly sortie?: 'menages' | 'piece' | 'neutre'
  /** The act stays open on a dossier read by exceptional access, where every other is refused: it ends that access. */
  readonly parException?: boolean
  traiter(requete: Requete): Promise<Reponse>
}

export const page = (element: ReactElement, statut?: number): Reponse => ({
  genre: 'page',
  element,
  ...(statut ? { statut } : {}),
})
export const redirection = (vers: string, message?: Message): Reponse => ({
  genre: 'redirection',
  vers,
  ...(message ? { message } : {}),
})

/** First value of a form field, trimmed; empty when absent. */
export function champ(requete: Pick<Requete, 'champs'>, nom: string): string {
  return requete.champs[nom]?.[0]?.trim() ?? ''
}
