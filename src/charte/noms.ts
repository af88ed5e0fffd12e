import { ecrireJour, GENRES_VERSION, type GenreVersion } from '#referentiel'
import type { EtatVersion } from './types.ts'

/** Kinds of version, in French. */
export const libellesGenre = {
  repartition: 'Règles de répartition',
  criteres: 'Critères de la commission',
  parametres: 'Valeurs réglées',
} as const satisfies Record<GenreVersion, string>

/** A version in a sentence, from the name decisions keep: « la version n° 3 », « la version livrée du 25 janvier 2021 ». */
export function nommerVersion(cle: string, du?: Temporal.PlainDate | null): string {
  const date = du ? ` du ${ecrireJour(du)}` : ''
  const numero = /^local\/.*\/(\d+)$/.exec(cle)?.[1]
  return numero ? `la version n° ${numero}${date}` : `la version livrée${date}`
}

/** Where a version stands on a day. `en_vigueur`, `a_venir` and `passee` are approved ones. */
export const SITUATIONS = ['brouillon', 'soumise', 'refusee', 'retiree', 'a_venir', 'en_vigueur', 'passee'] as const
export type SituationVersion = (typeof SITUATIONS)[number]

interface Placee {
  readonly etat: EtatVersion
  readonly du: Temporal.PlainDate
  readonly jusqu_au?: Temporal.PlainDate | null | undefined
}

/** `fin` is the last day it applies once its successors are known; its own end otherwise. */
export function situer(
  version: Placee,
  jour: Temporal.PlainDate,
  fin: Temporal.PlainDate | null = version.jusqu_au ?? null,
): SituationVersion {
  if (version.etat !== 'approuvee') return version.etat
  if (Temporal.PlainDate.compare(jour, version.du) < 0) return 'a_venir'
  return fin && Temporal.PlainDate.compare(fin, jour) < 0 ? 'passee' : 'en_vigueur'
}

export const estGenre = (texte: string | undefined): texte is GenreVersion => GENRES_VERSION.some((un) => un === texte)
