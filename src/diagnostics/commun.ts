import type { Session } from '#acces'
import { Introuvable, refus } from '#socle/errors'

/** Who acts: a person of an organisme. Background work fills nobody's diagnosis. */
export function exigerOrganisme({ acteur }: Pick<Session, 'acteur'>): {
  readonly organisme: string
  readonly compte: string
} {
  if (acteur.organisme === null || acteur.compte === null)
    throw refus('diagnostic.personne', 'Cet acte est celui d’une personne habilitée pour un organisme.')
  return { organisme: acteur.organisme, compte: acteur.compte }
}

/** What this session may read, or null when it is not for it. */
export async function siLisible<T>(lecture: Promise<T>): Promise<T | null> {
  try {
    return await lecture
  } catch (erreur) {
    if (erreur instanceof Introuvable) return null
    throw erreur
  }
}

/** Rows of one page of a list of work. */
const PAR_PAGE = 100

/** One page of what waits, the most pressing first. */
export interface PageTravail<Ligne> {
  readonly lignes: readonly Ligne[]
  readonly total: number
  /** From 1. */
  readonly page: number
  readonly pages: number
  /** Rank of the first one shown, from 1. */
  readonly premier: number
}

/** The page asked for; beyond the last one, the last one. */
export function decouper<Ligne>(toutes: readonly Ligne[], demandee: number): PageTravail<Ligne> {
  const pages = Math.max(1, Math.ceil(toutes.length / PAR_PAGE))
  const page = Math.min(demandee, pages)
  const avant = (page - 1) * PAR_PAGE
  return { lignes: toutes.slice(avant, avant + PAR_PAGE), total: toutes.length, page, pages, premier: avant + 1 }
}
