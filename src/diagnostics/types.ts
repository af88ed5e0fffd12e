import type { MotifNonRealise } from '#repartition'

export const volets = {
  social: { libelle: 'Volet social', formulaire: 'diagnostic-social' },
  financier: { libelle: 'Volet financier', formulaire: 'diagnostic-financier' },
  juridique: { libelle: 'Volet juridique', formulaire: 'diagnostic-juridique' },
} as const
export type Volet = keyof typeof volets
export const estVolet = (texte: string | undefined): texte is Volet =>
  texte !== undefined && Object.hasOwn(volets, texte)

export const etatsDiagnostic = {
  demande: 'Demandé',
  en_cours: 'En cours',
  relu: 'Relu',
  valide: 'Validé',
  transmis: 'Transmis',
  impossible: 'Impossible',
} as const
export type EtatDiagnostic = keyof typeof etatsDiagnostic

export const formesDiagnostic = { complet: 'Diagnostic', menage_absent: 'Le ménage n’est pas venu' } as const
export type FormeDiagnostic = keyof typeof formesDiagnostic

export const lieuxEntretien = {
  service: 'Dans nos locaux',
  domicile: 'Au domicile',
  telephone: 'Au téléphone',
  visio: 'En visioconférence',
} as const
export type LieuEntretien = keyof typeof lieuxEntretien

export const issuesEntretien = {
  honore: 'Honoré',
  absent: 'Le ménage n’est pas venu',
  reporte: 'Reporté',
  annule: 'Annulé',
} as const
export type IssueEntretien = keyof typeof issuesEntretien

export const etatsVisite = {
  proposee: 'Proposée',
  acceptee: 'Acceptée',
  refusee: 'Refusée',
  faite: 'Faite',
} as const
export type EtatVisite = keyof typeof etatsVisite

/** Why a visit at home is proposed. Coded: what the service saw there is written in its part. */
export const motifsVisite = {
  rapports_locatifs: 'Rapports locatifs complexes',
  obligations: 'Plusieurs obligations non tenues',
  deplacement: 'Le ménage se déplace difficilement',
  logement: 'État du logement',
  demande: 'Demande du ménage',
} as const
export type MotifVisite = keyof typeof motifsVisite

export const destinatairesEnvoi = {
  secretariat: 'Secrétariat de la CCAPEX',
  ccapex: 'Commission (CCAPEX)',
  prefet: 'Préfet ou sous-préfet',
  juge: 'Juge, sous couvert du préfet',
  bailleur: 'Bailleur',
  menage: 'Ménage',
} as const
export type DestinataireEnvoi = keyof typeof destinatairesEnvoi

export const modesEnvoi = {
  amont: 'Dans Amont',
  main_propre: 'En main propre',
  courrier: 'Par courrier, mention « confidentiel »',
  courriel: 'Par courriel',
  exploc: 'Par EXPLOC',
  greffe: 'Au greffe',
} as const
export type ModeEnvoi = keyof typeof modesEnvoi

/** A diagnosis: who was asked, when, how far it went. Nothing of what it says. */
export interface Diagnostic {
  readonly id: string
  readonly dossier: string
  readonly rang: number
  readonly version: number
  readonly etape: 'commandement_de_payer' | 'assignation' | 'autre'
  readonly origine: 'cascade' | 'assignation' | 'demande'
  readonly etat: EtatDiagnostic
  readonly forme: FormeDiagnostic
  readonly organisme: string
  readonly organisme_nom: string
  readonly organisme_type: string
  readonly saisi_le: Temporal.PlainDate
  readonly actualise: string | null
  readonly referent: string | null
  readonly referent_nom: string | null
  readonly visite: EtatVisite | null
  readonly visite_motif: MotifVisite | null
  readonly visite_le: Temporal.PlainDate | null
  readonly motif_impossible: MotifNonRealise | null
  readonly relu_a: Temporal.Instant | null
  readonly relu_nom: string | null
  readonly valide_a: Temporal.Instant | null
  readonly valide_nom: string | null
  /** Both the judge and the commission have it. */
  readonly remis_le: Temporal.PlainDate | null
}

export interface Entretien {
  readonly id: string
  readonly propose_le: Temporal.PlainDate
  readonly canal: string
  readonly pour_le: Temporal.PlainDate
  readonly demi_journee: string | null
  readonly lieu: LieuEntretien
  readonly issue: IssueEntretien | null
  readonly issue_le: Temporal.PlainDate | null
}

/** One part and its service. `formulaire` is null until somebody began it. */
export interface VoletDuDiagnostic {
  readonly volet: Volet
  readonly organisme: string
  readonly organisme_nom: string
  readonly organisme_type: string
  readonly formulaire: string | null
  readonly termine_a: Temporal.Instant | null
  readonly termine_nom: string | null
}

export interface Envoi {
  readonly id: string
  readonly quoi: 'diagnostic' | 'synthese'
  readonly synthese: string | null
  readonly destinataire: DestinataireEnvoi
  readonly mode: ModeEnvoi
  readonly le: Temporal.PlainDate
  readonly recu_le: Temporal.PlainDate | null
  readonly organisme_nom: string
  readonly auteur: string
}
