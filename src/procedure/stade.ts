import {
  type Acte,
  type ActeDeProcedure,
  DECISIONS,
  decrireEtape,
  type Etape,
  listerActesEnVigueur,
  MOTIFS_RETOUR,
  type MotifSuspension,
  ordreEtape,
  type Phase,
  type SousStade,
  type Stade,
  stadeDe,
  TYPES_ACTE,
} from './actes.ts'
import { ecrireJour } from './ecriture.ts'

/** Where a dossier stands on a day. */
export interface StadeCalcule {
  readonly stade: Stade
  readonly sousStade: SousStade | null
  /** The sub-stage when there is one, else the stage. */
  readonly etape: Etape
  /** First act of this step since the procedure last came back; null when no act says it. */
  readonly depuis: Temporal.PlainDate | null
  readonly acte: string | null
  readonly phase: Phase | null
  /** Bars filled in the seven-bar meter, 0 to 7. */
  readonly rang: number
  readonly suspension: { readonly motif: MotifSuspension; readonly depuis: Temporal.PlainDate } | null
  /** French sentence: which act puts the dossier there. */
  readonly explication: string
}

interface Parcours extends Pick<StadeCalcule, 'etape' | 'depuis' | 'acte' | 'suspension' | 'explication'> {
  /** Acts of the current procedure: those that a return left behind are out. */
  readonly cycle: readonly ActeDeProcedure[]
}

const DEPART: Parcours = {
  etape: 'prevention',
  depuis: null,
  acte: null,
  suspension: null,
  explication: 'Aucun acte de procédure.',
  cycle: [],
}

/**
 * The stage of a dossier on a day, from the acts that count and are dated that day or before (DOS-01, DOS-02, DOS-04).
 * The furthest act leads; only a return, a rejet or a désistement brings back. An audience to come changes nothing yet.
 */
export function calculerStade(actes: readonly Acte[], jour: Temporal.PlainDate): StadeCalcule {
  const { cycle: _, ...parcours } = suivre(actes, jour)
  const { phase, rang } = decrireEtape(parcours.etape)
  const sousStade = parcours.etape === 'audience' || parcours.etape === 'jugement' ? parcours.etape : null
  return { ...parcours, stade: stadeDe(parcours.etape), sousStade, phase, rang }
}

/** The acts of the procedure under way on a day, oldest first: none of those a return, a rejet or a désistement ended. */
export function listerActesDuCycle(actes: readonly Acte[], jour: Temporal.PlainDate): readonly ActeDeProcedure[] {
  return suivre(actes, jour).cycle
}

function suivre(actes: readonly Acte[], jour: Temporal.PlainDate): Parcours {
  let parcours = DEPART
  for (const acte of listerActesEnVigueur(actes)) {
    if (Temporal.PlainDate.compare(acte.le, jour) > 0) continue
    switch (acte.type) {
      case 'suspension':
        parcours = { ...parcours, suspension: { motif: acte.motif, depuis: acte.le } }
        break
      case 'reprise':
        parcours = { ...parcours, suspension: null }
        break
      case 'retour':
        parcours = revenir(parcours, acte.vers, acte, MOTIFS_RETOUR[acte.motif])
        break
      default:
        parcours = avancer(parcours, acte)
    }
  }
  return parcours
}

function avancer(parcours: Parcours, acte: ActeDeProcedure): Parcours {
  if (acte.decision === 'rejet' || acte.decision === 'desistement') {
    return revenir(parcours, 'impaye', acte, DECISIONS[acte.decision])
  }
  const cycle = [...parcours.cycle, acte]
  if (ordreEtape(acte.type) <= ordreEtape(parcours.etape)) return { ...parcours, cycle }
  return {
    etape: acte.type,
    depuis: acte.le,
    acte: acte.id,
    suspension: acte.decision === 'delais' ? { motif: 'delais', depuis: acte.le } : null,
    explication: `${TYPES_ACTE[acte.type]} du ${ecrireJour(acte.le)}.`,
    cycle,
  }
}

/** Coming back to a step further than the current one changes nothing. */
function revenir(parcours: Parcours, vers: Etape, acte: Acte, motif: string): Parcours {
  if (ordreEtape(vers) >= ordreEtape(parcours.etape)) return parcours
  return {
    etape: vers,
    depuis: acte.le,
    acte: acte.id,
    suspension: null,
    explication: `Retour à l’étape « ${decrireEtape(vers).court} » le ${ecrireJour(acte.le)} : ${minuscule(motif)}.`,
    cycle: parcours.cycle.filter((ancien) => ordreEtape(ancien.type) <= ordreEtape(vers)),
  }
}

function minuscule(texte: string): string {
  return texte.charAt(0).toLowerCase() + texte.slice(1)
}
