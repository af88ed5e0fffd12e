import type { DoutesOuverts, LigneEnAttente } from './attente.ts'
import type { Fiche } from './moteur/index.ts'

interface LigneDeDossier {
  readonly signalement: string
  readonly fiche: Fiche
}

/** A key met by more dossiers of a batch than this says nothing about any of them. */
const PLAFOND = 40

/** What a batch decided: the next lines, its own or those of the batch that follows, meet it as they meet what is written. */
export class Memoire {
  /** Every line of the batch: what is written of them, or of their doubts, may no longer hold. */
  readonly signalements = new Set<string>()
  /** Lines attached, by dossier. */
  readonly fiches = new Map<string, LigneDeDossier[]>()
  /** Doubts that took a line of the batch; `ouverts` holds them whole. */
  readonly doutes = new Set<string>()
  ouverts: DoutesOuverts = { fiches: new Map(), parCle: new Map() }
  readonly #parCle = new Map<string, Set<string>>()

  /** A line is attached to a dossier. */
  inscrire(dossier: string, { signalement, fiche, cles }: LigneEnAttente): void {
    const liste = this.fiches.get(dossier)
    if (liste) liste.push({ signalement, fiche })
    else this.fiches.set(dossier, [{ signalement, fiche }])
    for (const cle of cles) {
      const ensemble = this.#parCle.get(cle)
      if (ensemble) ensemble.add(dossier)
      else this.#parCle.set(cle, new Set([dossier]))
    }
  }

  /** Dossiers of the batch that share a key with a line. */
  trouver(cles: readonly string[]): string[] {
    return cles.flatMap((cle) => {
      const ensemble = this.#parCle.get(cle)
      return ensemble && ensemble.size <= PLAFOND ? [...ensemble] : []
    })
  }
}

/** Fiches of a dossier from several readings: each signalement once, as the first reading that has it. */
export function unirFiches(...lues: readonly (readonly LigneDeDossier[] | undefined)[]): readonly LigneDeDossier[] {
  const presentes = lues.filter((lignes) => lignes !== undefined)
  if (presentes.length <= 1) return presentes[0] ?? []
  const vues = new Map<string, LigneDeDossier>()
  for (const ligne of presentes.flat()) if (!vues.has(ligne.signalement)) vues.set(ligne.signalement, ligne)
  return [...vues.values()]
}
