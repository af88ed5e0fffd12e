/** Stages of the procedure, in order. `audience` and `jugement` are sub-stages of `assignation`. */
export type Stade = keyof typeof STADES
export type SousStade = keyof typeof SOUS_STADES
/** A stage or, where there is one, its sub-stage: the ten steps that rules and filters name. */
export type Etape = Stade | SousStade
export type Phase = keyof typeof PHASES

interface DescriptionEtape {
  readonly libelle: string
  /** For lists and filters. */
  readonly court: string
  readonly phase: Phase | null
  /** Bars filled in the seven-bar meter of the screens; 0 before any unpaid rent. */
  readonly rang: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7
}

export const PHASES = {
  amiable: 'Phase amiable',
  contentieuse: 'Phase contentieuse',
  judiciaire: 'Phase judiciaire',
} as const

export const STADES = {
  prevention: { libelle: 'Prévention', court: 'Prévention', phase: null, rang: 0 },
  impaye: { libelle: 'Impayé constitué', court: 'Impayé', phase: 'amiable', rang: 1 },
  commandement_de_payer: {
    libelle: 'Commandement de payer',
    court: 'Commandement',
    phase: 'contentieuse',
    rang: 2,
  },
  assignation: { libelle: 'Assignation', court: 'Assignation', phase: 'judiciaire', rang: 3 },
  commandement_de_quitter_les_lieux: {
    libelle: 'Commandement de quitter les lieux',
    court: 'Quitter les lieux',
    phase: 'judiciaire',
    rang: 5,
  },
  requisition_force_publique: {
    libelle: 'Réquisition de la force publique',
    court: 'Réquisition',
    phase: 'judiciaire',
    rang: 6,
  },
  concours_force_publique: {
    libelle: 'Concours de la force publique accordé',
    court: 'Concours',
    phase: 'judiciaire',
    rang: 6,
  },
  expulsion: { libelle: 'Expulsion', court: 'Expulsion', phase: 'judiciaire', rang: 7 },
} as const satisfies Record<string, DescriptionEtape>

export const SOUS_STADES = {
  audience: { libelle: 'Audience', court: 'Audience', phase: 'judiciaire', rang: 3 },
  jugement: { libelle: 'Jugement', court: 'Jugement', phase: 'judiciaire', rang: 4 },
} as const satisfies Record<string, DescriptionEtape>

/** Stages and sub-stages in the order of the procedure. */
export const ETAPES = [
  'prevention',
  'impaye',
  'commandement_de_payer',
  'assignation',
  'audience',
  'jugement',
  'commandement_de_quitter_les_lieux',
  'requisition_force_publique',
  'concours_force_publique',
  'expulsion',
] as const satisfies readonly Etape[]

/** Acts of the procedure: each one dates the step of the same name. */
export type TypeActe = Exclude<Etape, 'prevention'>

export const TYPES_ACTE = {
  impaye: 'Impayé constitué',
  commandement_de_payer: 'Commandement de payer',
  assignation: 'Assignation',
  audience: 'Audience',
  jugement: 'Jugement',
  commandement_de_quitter_les_lieux: 'Commandement de quitter les lieux',
  requisition_force_publique: 'Réquisition de la force publique',
  concours_force_publique: 'Concours de la force publique',
  expulsion: 'Expulsion',
} as const satisfies Record<TypeActe, string>

/** What a judgment decides. `rejet` and `desistement` end the judicial phase. */
export type Decision = keyof typeof DECISIONS

export const DECISIONS = {
  resiliation_ferme: 'Résiliation ferme du bail',
  delais: 'Délais de paiement, clause suspendue',
  rejet: 'Rejet de la demande du bailleur',
  desistement: 'Désistement du bailleur',
} as const

export const MOTIFS_RETOUR = {
  nouveau_bail: 'Nouveau bail',
  protocole: 'Protocole de cohésion sociale',
  clause_reputee_non_jouee: 'Clause réputée n’avoir pas joué',
  caducite: 'Acte caduc ou annulé',
  autre: 'Autre motif',
} as const
export type MotifRetour = keyof typeof MOTIFS_RETOUR

export const MOTIFS_SUSPENSION = {
  delais: 'Délais accordés par le juge',
  surendettement: 'Procédure de surendettement',
  protocole: 'Protocole de cohésion sociale',
  autre: 'Autre motif',
} as const
export type MotifSuspension = keyof typeof MOTIFS_SUSPENSION

interface Enregistrement {
  readonly id: string
  /** Civil date of the act itself, not of its recording. */
  readonly le: Temporal.PlainDate
  /** The act this one corrects: that one counts no more. */
  readonly remplace?: string | null | undefined
}

/** An act of the procedure. Dates that depend on the type are left out when they have no meaning for it. */
export interface ActeDeProcedure extends Enregistrement {
  readonly type: TypeActe
  readonly decision?: Decision | null | undefined
  /** Audience announced by an assignation, when no act `audience` gives it. */
  readonly audienceLe?: Temporal.PlainDate | null | undefined
  readonly notifieAuPrefetLe?: Temporal.PlainDate | null | undefined
  /** Day the préfet receives the request, for a réquisition; the date of the act when absent. */
  readonly recuLe?: Temporal.PlainDate | null | undefined
  /** End of the time limit as printed on the act: it prevails over what is computed. */
  readonly termeImprimeLe?: Temporal.PlainDate | null | undefined
}

/** Brings the procedure back to an earlier step (DOS-04). */
export interface Retour extends Enregistrement {
  readonly type: 'retour'
  readonly vers: Etape
  readonly motif: MotifRetour
}

export interface Suspension extends Enregistrement {
  readonly type: 'suspension'
  readonly motif: MotifSuspension
}

export interface Reprise extends Enregistrement {
  readonly type: 'reprise'
}

/** Withdraws an act recorded by mistake. The act stays in the chronology and counts no more. */
export interface Retrait extends Enregistrement {
  readonly type: 'retrait'
  readonly cible: string
}

export type Acte = ActeDeProcedure | Retour | Suspension | Reprise | Retrait

/** The description of a stage or sub-stage: labels, phase and rank in the meter. */
export function decrireEtape(etape: Etape): DescriptionEtape {
  return etape === 'audience' || etape === 'jugement' ? SOUS_STADES[etape] : STADES[etape]
}

/** Place of a step in the procedure, from 0. */
export function ordreEtape(etape: Etape): number {
  return ETAPES.indexOf(etape)
}

/** The stage a step belongs to. */
export function stadeDe(etape: Etape): Stade {
  return etape === 'audience' || etape === 'jugement' ? 'assignation' : etape
}

/**
 * The acts that still count, oldest first: those withdrawn or replaced by an act that itself counts are left out, so
 * withdrawing a withdrawal brings the act back. Same day: order of the procedure.
 */
export function listerActesEnVigueur(actes: readonly Acte[]): readonly Exclude<Acte, Retrait>[] {
  const contre = new Map<string, Acte[]>()
  for (const acte of actes) {
    const cible = acte.type === 'retrait' ? acte.cible : acte.remplace
    if (cible) contre.set(cible, [...(contre.get(cible) ?? []), acte])
  }
  const compte = (acte: Acte, vus: ReadonlySet<string>): boolean =>
    !(contre.get(acte.id) ?? []).some((autre) => !vus.has(autre.id) && compte(autre, new Set([...vus, autre.id])))
  return actes
    .filter((acte): acte is Exclude<Acte, Retrait> => acte.type !== 'retrait' && compte(acte, new Set([acte.id])))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.le, b.le) || ordreDuJour(a) - ordreDuJour(b))
}

/** Within a day: acts in the order of the procedure, then what changes their effect. */
function ordreDuJour(acte: Acte): number {
  switch (acte.type) {
    case 'suspension':
      return ETAPES.length
    case 'reprise':
      return ETAPES.length + 1
    case 'retour':
    case 'retrait':
      return ETAPES.length + 2
    default:
      return ordreEtape(acte.type)
  }
}
