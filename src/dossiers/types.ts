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
  readonly aideLogement?: boolean | undefined
  readonly montantAide?: number | undefined
  readonly aideVerseeAuBailleur?: boolean | undefined
  readonly garantieVisale?: boolean | undefined
  readonly suivis: readonly string[]
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
  readonly loyer?: number | undefined
  readonly charges?: number | undefined
  readonly dateBail?: string | undefined
  readonly detteDepuis?: string | undefined
}

/** An act of procedure as a signalement reported it. */
export interface Acte {
  readonly type: string
  readonly le: string
  readonly signalement: string
  readonly organisme: string
  readonly montant?: number | undefined
  readonly audienceLe?: string | undefined
  readonly tribunal?: string | undefined
  readonly decision?: string | undefined
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
