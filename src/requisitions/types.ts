import type { GenreActe } from './genres.ts'

/** Whom the State asks before it decides (RFP-01, RFP-14). Closed. */
export const genresEnquete = {
  sociale: {
    libelle: 'Enquête sociale',
    aupres: 'Service social du Département',
    types: ['departement'],
    attendu: 'Rencontrer le ménage, remettre le rapport social, ou dire pourquoi il n’a pas pu être fait.',
  },
  maire: {
    libelle: 'Avis du maire',
    aupres: 'Maire de la commune',
    types: ['mairie'],
    attendu: 'Dire ce que la mairie sait de la situation et donner son avis sur le concours.',
  },
  bailleur: {
    libelle: 'Dernières informations du bailleur',
    aupres: 'Bailleur, ou son union ou agence pour un bailleur privé',
    types: ['bailleur_social', 'ais_aivs', 'union_bailleurs'],
    attendu: 'Dire où en sont les paiements, si le ménage est encore là, si un accord est possible.',
  },
  police: {
    libelle: 'Avis des forces de l’ordre',
    aupres: 'Commissariat ou brigade',
    types: [],
    attendu: 'Dire ce qui compte pour la sécurité de l’intervention.',
  },
  siao: {
    libelle: 'Demande d’hébergement',
    aupres: 'SIAO',
    types: ['siao'],
    attendu: 'Dire s’il existe une demande d’hébergement pour ce ménage.',
  },
} as const satisfies Record<string, { libelle: string; aupres: string; types: readonly string[]; attendu: string }>
export type GenreEnquete = keyof typeof genresEnquete
export const GENRES_ENQUETE = Object.keys(genresEnquete) as readonly GenreEnquete[]

/** How a request leaves. `amont`: read here by the organisme; the others leave by hand, and are recorded. */
export const moyensEnquete = {
  amont: 'Dans Amont',
  courriel: 'Par courriel',
  courrier: 'Par courrier',
  remise: 'Remis en main propre',
} as const
export type MoyenEnquete = keyof typeof moyensEnquete

/** A date to keep and where it comes from, as screens show every date. */
export interface EcheanceExpliquee {
  readonly libelle: string
  readonly le: string
  readonly depart: string
  readonly calcul: string
  readonly source: string
  readonly fiabilite: string
  readonly aVerifier: boolean
  readonly reserve?: string | undefined
}

export const ETATS = {
  instruction: 'En instruction',
  sursis: 'Sursis à statuer',
  refusee: 'Concours refusé',
  accordee: 'Concours accordé',
  annulee: 'Annulée',
  executee: 'Expulsion faite',
} as const
export type EtatRequisition = keyof typeof ETATS

/** What lists read of a request, derived from its facts. */
export interface Resume {
  readonly etat: EtatRequisition
  readonly decidee_le: Temporal.PlainDate | null
  readonly executoire_le: Temporal.PlainDate | null
  readonly prevue_le: Temporal.PlainDate | null
  readonly enquetes_ouvertes: number
  readonly enquete_avant: Temporal.PlainDate | null
  readonly sans_solution: boolean
  readonly depart_le: Temporal.PlainDate | null
  /** When the follow-up of the day is due; null once done, or when the charter gives no time. */
  readonly suivi_avant: Temporal.Instant | null
}

export interface Requisition extends Resume {
  readonly id: string
  readonly dossier: string
  readonly acte: string
  readonly recue_le: Temporal.PlainDate
  readonly refus_le: Temporal.PlainDate | null
  readonly version: number
  readonly organisme_nom: string
  readonly auteur: string
  readonly a: Temporal.Instant
}

export interface Enquete {
  readonly id: string
  readonly requisition: string
  readonly dossier: string
  readonly genre: GenreEnquete
  readonly organisme: string | null
  readonly aupres: string
  readonly moyen: MoyenEnquete
  readonly demandee_le: Temporal.PlainDate
  readonly avant: Temporal.PlainDate | null
  readonly echeance: EcheanceExpliquee | null
}

/** A fact of a request. Never changed: another one corrects it, or takes it back. */
export interface ActeRequisition {
  readonly id: string
  readonly rang: number
  readonly requisition: string
  readonly enquete: string | null
  readonly genre: GenreActe
  readonly le: Temporal.PlainDate
  /** What the form gave, without what is sealed. */
  readonly donnees: Readonly<Record<string, string>>
  readonly remplace: string | null
  readonly acte: string | null
  readonly organisme: string
  readonly organisme_nom: string
  readonly auteur: string
  readonly a: Temporal.Instant
}
