import type { GenreVersion } from '#referentiel'
import type { BilanSimulation } from '#repartition'

/** What was decided of a version. Whether an approved one is in force is a matter of dates, read with `situer`. */
export const ETATS_VERSION = ['brouillon', 'soumise', 'approuvee', 'refusee', 'retiree'] as const
export type EtatVersion = (typeof ETATS_VERSION)[number]

/** The two sides that pilot a charter together: the State and the Département. */
export const COTES = ['etat', 'departement'] as const
export type Cote = (typeof COTES)[number]

/** Somebody of one side said yes to one exact text. */
export interface Approbation {
  readonly cote: Cote
  readonly compte: string
  readonly nom: string
  readonly organisme_nom: string
  readonly a: Temporal.Instant
}

/** A version of the rules of a département, written in the application. */
export interface VersionLocale {
  readonly id: string
  readonly genre: GenreVersion
  readonly numero: number
  readonly etat: EtatVersion
  /** Moves with each saving: two people on one draft do not erase each other. */
  readonly revision: number
  /** Version the text was started from. */
  readonly depart: string | null
  readonly texte: string
  readonly empreinte: string
  /** Date of effect; the text says the same. */
  readonly du: Temporal.PlainDate
  readonly jusqu_au: Temporal.PlainDate | null
  /** Why the rules change. */
  readonly motif: string
  /** Who validated it elsewhere: committee, commission, document. */
  readonly reference: string
  readonly reference_le: Temporal.PlainDate | null
  readonly simulation: SimulationGardee | null
  readonly cree_a: Temporal.Instant
  readonly cree_par_nom: string | null
  readonly modifie_a: Temporal.Instant
  readonly modifie_par_nom: string | null
  readonly approbations: readonly Approbation[]
}

/** Households that meet a criterion, or a whole group, before and after. */
export interface CompteSimule {
  readonly avant: number
  readonly apres: number
  readonly gagnent: number
  readonly perdent: number
  /** Households for whom it depends on a missing fact. */
  readonly aVerifierAvant: number
  readonly aVerifierApres: number
}

/** What other criteria, or other settings, would do to the dossiers of the past year and to the open ones. */
export interface SimulationCriteres {
  readonly dossiers: number
  readonly autoSaisine: CompteSimule
  readonly vulnerabilite: CompteSimule
  readonly criteres: readonly (CompteSimule & {
    readonly critere: string
    readonly libelle: string
    readonly groupe: string
  })[]
  readonly lieux: readonly {
    readonly territoire: string | null
    readonly mois: string
    readonly autoAvant: number
    readonly autoApres: number
    readonly vulnAvant: number
    readonly vulnApres: number
  }[]
  readonly exemples: readonly {
    readonly reference: string
    readonly gagne: readonly string[]
    readonly perd: readonly string[]
  }[]
}

/** A simulation kept with the text it was made on. */
export interface SimulationGardee {
  readonly empreinte: string
  /** Day it was made, `AAAA-MM-JJ`. */
  readonly jour: string
  /** Versions in force it was compared with. */
  readonly contre: readonly string[]
  readonly repartition: BilanSimulation | null
  readonly criteres: SimulationCriteres | null
}

/** One line of the history of a version. */
export interface EvenementVersion {
  readonly id: number
  readonly type: string
  readonly a: Temporal.Instant
  readonly nom: string | null
  readonly organisme_nom: string | null
  readonly details: Readonly<Record<string, unknown>>
}
