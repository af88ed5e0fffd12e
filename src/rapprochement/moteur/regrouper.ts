import { clesDeBlocage, PLAFOND_CLE } from './cles.ts'
import { comparer } from './comparer.ts'
import { type Decision, decider, type EvaluationDossier } from './decider.ts'
import { type Evaluation, evaluerPaire } from './evaluer.ts'
import type { Fiche } from './fiche.ts'
import type { Parametres } from './parametres.ts'

/** Fiches in memory, found by their blocking keys as the database does. */
export interface IndexFiches {
  /** Adds a fiche to a dossier. */
  inscrire(fiche: Fiche, dossier: string, signalement: string): void
  /** Decides for a fiche against what is inscribed, without inscribing it. */
  decider(fiche: Fiche): Decision
  /** Pairs compared so far. */
  readonly paires: number
}

interface Inscrite {
  readonly fiche: Fiche
  readonly dossier: string
  readonly signalement: string
}

/** Opens an empty index. Each call is one bounded piece of work: the caller yields to the event loop between calls. */
export function ouvrirIndex(parametres: Parametres): IndexFiches {
  const parCle = new Map<string, number[]>()
  const inscrites: Inscrite[] = []
  const parDossier = new Map<string, number[]>()
  let paires = 0
  return {
    get paires() {
      return paires
    },
    inscrire(fiche, dossier, signalement) {
      const rang = inscrites.push({ fiche, dossier, signalement }) - 1
      ajouter(parDossier, dossier, rang)
      for (const cle of clesDeBlocage(fiche)) ajouter(parCle, cle, rang)
    },
    decider(fiche) {
      const dossiers = new Set<string>()
      for (const cle of clesDeBlocage(fiche)) {
        const rangs = parCle.get(cle)
        if (!rangs || rangs.length > PLAFOND_CLE) continue
        for (const rang of rangs) {
          const inscrite = inscrites[rang]
          if (inscrite) dossiers.add(inscrite.dossier)
        }
      }
      const evaluations: EvaluationDossier[] = []
      for (const dossier of dossiers) {
        const siennes: (Evaluation & { signalement: string })[] = []
        for (const rang of parDossier.get(dossier) ?? []) {
          const inscrite = inscrites[rang]
          if (!inscrite) continue
          paires++
          siennes.push({ signalement: inscrite.signalement, ...evaluerPaire(comparer(fiche, inscrite.fiche), parametres) })
        }
        evaluations.push({ dossier, evaluations: siennes })
      }
      return decider(evaluations, parametres.seuils)
    },
  }
}

function ajouter(table: Map<string, number[]>, cle: string, rang: number): void {
  const liste = table.get(cle)
  if (liste) liste.push(rang)
  else table.set(cle, [rang])
}

/** One fiche after the pipeline. */
export interface FicheRegroupee {
  readonly rang: number
  /** Dossier joined or opened; null while a person must answer. */
  readonly dossier: string | null
  readonly decision: Decision
}

/**
 * Runs fiches one by one as the product does: each is attached, set aside for a person, or opens a dossier. Nothing is
 * merged by transitivity: a fiche that resembles two dossiers goes to a person. Fiches set aside join no dossier.
 */
export function regrouper(fiches: readonly Fiche[], parametres: Parametres): FicheRegroupee[] {
  const index = ouvrirIndex(parametres)
  return fiches.map((fiche, rang) => {
    const decision = index.decider(fiche)
    const dossier =
      decision.issue === 'nouveau' ? `d${rang}` : decision.issue === 'certain' ? (decision.candidats[0]?.dossier ?? null) : null
    if (dossier !== null) index.inscrire(fiche, dossier, String(rang))
    return { rang, dossier, decision }
  })
}
