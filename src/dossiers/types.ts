import type { Avertissement, ContenuActe, Surendettement, Suspension } from '#procedure'
import type { GroupeChamps } from '#referentiel'

/** How a dossier waits for, or has, a service. */
export const etatsService = ['sans_preneur', 'transmise', 'prise'] as const
export type EtatService = (typeof etatsService)[number]

/** One thing to know or do by a date, with where the date comes from. */
export interface Echeance {
  readonly cle: string
  readonly libelle: string
  /** ISO civil date: kept as text, it lives in a JSON column. */
  readonly le: string
  /** Second reading, when the law leaves two. */
  readonly autreLe?: string | undefined
  /** A task stays due once its date is past; a term is only passed. */
  readonly genre: 'tache' | 'terme'
  readonly tenueLe?: string | undefined
  /** Somebody must keep it, and nothing known says so: once past, the lack of proof is said, never a fault. */
  readonly sansPreuve?: true | undefined
  /** Days by which what keeps it came too late. */
  readonly retard?: number | undefined
  readonly depart: string
  readonly calcul: string
  readonly source: string
  readonly fiabilite: string
  readonly aVerifier: boolean
  readonly reserve?: string | undefined
}

export interface Personne {
  readonly civilite?: string | undefined
  readonly nomUsage?: string | undefined
  readonly nomNaissance?: string | undefined
  readonly prenom?: string | undefined
  readonly dateNaissance?: string | undefined
}

/** Household as the attached signalements describe it: for each item, the newest that says it. */
export interface Menage {
  readonly titulaire: Personne
  readonly conjoint?: Personne | undefined
  readonly situationFamiliale?: string | undefined
  readonly enfantsACharge?: number | undefined
  readonly anneesNaissanceEnfants?: readonly number[] | undefined
  readonly numeroAllocataire?: string | undefined
  readonly telephones: readonly string[]
  readonly courriels: readonly string[]
  readonly rsa?: boolean | undefined
  /** Health-adjacent: shown only to those entitled. */
  readonly handicap?: boolean | undefined
  readonly perteAutonomie?: boolean | undefined
  readonly aideLogement?: boolean | undefined
  readonly montantAide?: number | undefined
  readonly aideVerseeAuBailleur?: boolean | undefined
  readonly garantieVisale?: boolean | undefined
  /** Action Logement reported that a guarantee of its own is called, Visale or another. */
  readonly garantieActionLogement?: boolean | undefined
  readonly suivis: readonly string[]
  /** Only people say the next three, by an act (SIG-27). */
  readonly allocataire?: string | undefined
  readonly accompagne?: boolean | undefined
  readonly typeFamille?: string | undefined
}

export interface Logement {
  readonly adresse?: string | undefined
  readonly complement?: string | undefined
  readonly codePostal?: string | undefined
  readonly commune?: string | undefined
  readonly parc?: string | undefined
}

export interface Bail {
  readonly bailleurNom?: string | undefined
  readonly bailleurSiret?: string | undefined
  readonly bailleurNature?: string | undefined
  readonly bailleurGestionDirecte?: boolean | undefined
  readonly bailleurAnneeNaissance?: number | undefined
  readonly conventionneAnah?: boolean | undefined
  readonly loyer?: number | undefined
  readonly charges?: number | undefined
  readonly dateBail?: string | undefined
  readonly detteDepuis?: string | undefined
}

/** An act of procedure as a signalement reported it, as a person entered it, or both. */
export interface Acte {
  readonly type: string
  readonly le: string
  /** Empty when no signalement reports it. */
  readonly signalement: string
  /** The chain of what people entered, when somebody did. */
  readonly saisie?: string | undefined
  readonly organisme: string
  readonly montant?: number | undefined
  readonly audienceLe?: string | undefined
  readonly tribunal?: string | undefined
  readonly decision?: string | undefined
}

/** What acts make of a dossier beyond its step. Nothing in it depends on the day: periods are kept, the reader says which hold. */
export interface SituationProcedure {
  readonly suspensions: readonly Suspension[]
  /** Suspension of the eviction for over-indebtedness, read with the debt. */
  readonly suspensionsDette: readonly Suspension[]
  readonly surendettement: Surendettement | null
  readonly avertissements: readonly Avertissement[]
  /** Legal dates that would tell of an over-indebtedness procedure. */
  readonly echeancesDette: readonly Echeance[]
}

/** One version of an act or situation entered by hand. */
export interface VersionActe {
  readonly id: string
  readonly nature: 'consigne' | 'corrige' | 'annule' | 'retabli'
  readonly genre: string
  readonly le: Temporal.PlainDate
  readonly contenu: ContenuActe
  readonly motif: string | null
  readonly precision: string | null
  readonly a: Temporal.Instant
  readonly auteur: string | null
  readonly organisme: string | null
  readonly organismeNom: string | null
}

/** What dossiers are derived from besides signalements: the newest version of each chain entered by hand. */
export interface ActeSaisi {
  readonly racine: string
  readonly nature: VersionActe['nature']
  readonly genre: string
  /** ISO civil date. */
  readonly le: string
  readonly contenu: ContenuActe
  /** The signalement whose act this chain corrects or withdraws. */
  readonly signalement: string | null
  readonly organismeNom: string
}

/** A criterion of the charter met by the dossier, or that lacks a fact to be decided. */
export interface CritereAtteint {
  readonly id: string
  readonly libelle: string
  readonly court: string
  readonly genre: 'auto_saisine' | 'vulnerabilite'
  readonly etat: 'atteint' | 'a_verifier'
  readonly source: string
  readonly valeurs: Readonly<Record<string, unknown>>
  /** Health-adjacent: shown only to those entitled. */
  readonly sante?: boolean | undefined
}

/** Result of the CDP threshold test, kept with its source. */
export interface ResultatSeuil {
  readonly etat: 'atteint' | 'non_atteint' | 'indetermine' | 'sans_objet'
  readonly motif: string
  readonly source: string
  readonly reserve?: string | undefined
}

/** One signalement as the dossier reads it. `contenu` has the columns of the exchange format; money in cents, dates as ISO text. */
export interface SignalDuDossier {
  readonly id: string
  readonly organisme: string
  readonly organismeNom: string
  readonly organismeType: string
  readonly type: string
  readonly dateSignalement: string
  readonly dateActe: string | null
  readonly recuLe: string
  readonly codeInsee: string | null
  readonly commune: string
  readonly territoire: string | null
  readonly contenu: Readonly<Record<string, unknown>>
}

/** A dossier as one session reads it. */
export interface Dossier {
  readonly id: string
  readonly reference: string
  readonly version: number
  readonly ouvert_le: Temporal.PlainDate
  readonly clos_le: Temporal.PlainDate | null
  readonly motif_cloture: string | null
  /** A closed dossier that received a new signalement since, and the day it came. */
  readonly signal_depuis_cloture: Temporal.PlainDate | null
  readonly titulaire: string
  readonly adresse: string
  readonly commune: string
  readonly code_insee: string | null
  readonly territoire: string | null
  readonly parc: string | null
  readonly stade: string
  readonly stade_rang: number
  readonly stade_le: Temporal.PlainDate | null
  readonly phase: string
  readonly audience_le: Temporal.PlainDate | null
  readonly dette: number | null
  readonly dette_le: Temporal.PlainDate | null
  readonly dette_en_hausse: boolean
  readonly premier_signal_le: Temporal.PlainDate | null
  readonly dernier_signal_le: Temporal.PlainDate | null
  readonly signaux: number
  readonly sources_6_mois: number
  readonly en_serie: boolean
  readonly criteres: readonly string[]
  readonly criteres_detail: readonly CritereAtteint[]
  readonly vulnerable: boolean | null
  readonly seuil: ResultatSeuil | null
  readonly menage: Menage
  readonly logement: Logement
  readonly bail: Bail
  readonly actes: readonly Acte[]
  readonly situation: SituationProcedure | null
  readonly service: string | null
  readonly organisme: string | null
  readonly organisme_nom: string | null
  readonly etat_service: string
  readonly service_depuis: Temporal.PlainDate | null
  readonly connu_service: boolean
  readonly echeance_le: Temporal.PlainDate | null
  readonly echeances: readonly Echeance[]
  readonly echeances_service: readonly Echeance[]
  /** Groups of fields hidden to the reader, as far as their existence may be said. */
  readonly masques: readonly GroupeChamps[]
}

/** A row of the list of dossiers. */
export interface LigneDossier {
  readonly id: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly territoire: string | null
  readonly stade: string
  readonly stade_rang: number
  readonly dette: number | null
  readonly parc: string | null
  readonly echeance_le: Temporal.PlainDate | null
  readonly echeance_libelle: string | null
  /** The échéance of that date, with where it comes from. */
  readonly echeance: Echeance | null
  readonly service: string | null
  readonly organisme_nom: string | null
  readonly etat_service: string
  readonly criteres: readonly string[]
  readonly en_serie: boolean
  readonly dernier_signal_le: Temporal.PlainDate | null
  readonly position: string
}
