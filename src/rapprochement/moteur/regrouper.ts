import { clesDeBlocage, PLAFOND_CLE } from './cles.ts'
import { comparer } from './comparer.ts'
import { type Candidat, type Decision, decider, type EvaluationDossier } from './decider.ts'
import { type Evaluation, evaluerPaire } from './evaluer.ts'
import type { Fiche } from './fiche.ts'
import type { Parametres } from './parametres.ts'

/** Fiches in memory, found by their blocking keys as the database does. */
export interface IndexFiches {
  /** Adds a fiche to a dossier. */
  inscrire(fiche: Fiche, dossier: string, signalement: string): void
  /** Adds a fiche that waits for a person, with what was proposed for it. */
  mettreEnAttente(fiche: Fiche, signalement: string, candidats: readonly Candidat[]): void
  /**
   * Decides for a fiche against what is inscribed, without inscribing it. A fiche that resembles only one that waits goes
   * to a person too, with the same candidates: opening a dossier for it would hide the household from the person who
   * answers.
   */
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
  const enAttente = new Map<string, readonly Candidat[]>()
  let paires = 0
  const inscrire = (fiche: Fiche, dossier: string, signalement: string) => {
    const rang = inscrites.push({ fiche, dossier, signalement }) - 1
    ajouter(parDossier, dossier, rang)
    for (const cle of clesDeBlocage(fiche)) ajouter(parCle, cle, rang)
  }
  return {
    get paires() {
      return paires
    },
    inscrire,
    mettreEnAttente(fiche, signalement, candidats) {
      const dossier = `attente:${signalement}`
      enAttente.set(dossier, candidats)
      inscrire(fiche, dossier, signalement)
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
      const attentes: EvaluationDossier[] = []
      for (const dossier of dossiers) {
        const siennes: (Evaluation & { signalement: string })[] = []
        for (const rang of parDossier.get(dossier) ?? []) {
          const inscrite = inscrites[rang]
          if (!inscrite) continue
          paires++
          siennes.push({
            signalement: inscrite.signalement,
            ...evaluerPaire(comparer(fiche, inscrite.fiche), parametres),
          })
        }
        const liste = enAttente.has(dossier) ? attentes : evaluations
        liste.push({ dossier, evaluations: siennes })
      }
      const decision = decider(evaluations, parametres.seuils)
      if (decision.issue === 'certain' || attentes.length === 0) return decision
      return suivreAttentes(decision, decider(attentes, parametres.seuils), enAttente)
    },
  }
}

/** Adds to a decision the candidates of the waiting fiches that the fiche resembles. */
function suivreAttentes(
  decision: Decision,
  parAttente: Decision,
  enAttente: ReadonlyMap<string, readonly Candidat[]>,
): Decision {
  if (parAttente.issue === 'nouveau') return decision
  const candidats = new Map(decision.candidats.map((candidat) => [candidat.dossier, candidat]))
  for (const { dossier } of parAttente.candidats) {
    for (const candidat of enAttente.get(dossier) ?? []) {
      if (!candidats.has(candidat.dossier)) candidats.set(candidat.dossier, candidat)
    }
  }
  return {
    issue: 'a_revoir',
    candidats: [...candidats.values()],
    motif: decision.issue === 'nouveau' ? 'Ressemble à un signal qui attend une réponse.' : decision.motif,
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
      decision.issue === 'nouveau'
        ? `d${rang}`
        : decision.issue === 'certain'
          ? (decision.candidats[0]?.dossier ?? null)
          : null
    if (dossier === null) index.mettreEnAttente(fiche, String(rang), decision.candidats)
    else index.inscrire(fiche, dossier, String(rang))
    return { rang, dossier, decision }
  })
}
