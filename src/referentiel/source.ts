import { z } from 'zod'
import { jourCivil, texteRempli } from './yaml.ts'

/**
 * How far a value may be relied upon (domaine, § 0.1). `C` confirmed, `S` local usage read in a département's documents,
 * `C2` second hand, `NC` not confirmed, `defaut` set by Amont until the département gives its own.
 */
const FIABILITES = ['C', 'S', 'C2', 'NC', 'defaut'] as const
export type Fiabilite = (typeof FIABILITES)[number]

/** Where a value comes from, as shown and printed with it. */
export interface SourceReglementaire {
  readonly titre: string
  /** Article, engagement, paragraph: where in the text. */
  readonly reference: string | null
  readonly lien: string | null
}

const clesSource = {
  titre: texteRempli,
  reference: texteRempli.optional(),
  lien: z.url({ error: 'Adresse web attendue.' }).optional(),
}

/** The YAML keys that say where a value comes from and who checked it. Spread into the shape of a file or of a version. */
export const provenance = {
  source: z.strictObject(clesSource).transform(
    ({ titre, reference, lien }): SourceReglementaire => ({
      titre,
      reference: reference ?? null,
      lien: lien ?? null,
    }),
  ),
  fiabilite: z.enum(FIABILITES),
  verifie_le: jourCivil.nullable(),
}

/** Data that every département shares, which a text of one of them, its charter, may have asked. */
export interface SourcePartagee extends SourceReglementaire {
  /** Code of the only département where this text holds; null: everywhere. */
  readonly departement: string | null
}

/** `provenance`, for data that every département shares. */
export const provenancePartagee = {
  ...provenance,
  source: z.strictObject({ ...clesSource, departement: texteRempli.optional() }).transform(
    ({ titre, reference, lien, departement }): SourcePartagee => ({
      titre,
      reference: reference ?? null,
      lien: lien ?? null,
      departement: departement ?? null,
    }),
  ),
}

const MODELE_D_AMONT = 'modèle d’Amont, à valider par le département'

/** A source as a département reads it: never the charter of another one. */
export function ecrireSourcePartagee({ titre, reference, departement }: SourcePartagee, dept: string): string {
  if (departement !== null && departement !== dept) return MODELE_D_AMONT
  return [titre, reference].filter(Boolean).join(', ')
}

/** The place in a text that asks something, as a département reads it: never a place in the charter of another one. */
export const ecrireReferencePartagee = (
  { reference, departement }: { readonly reference: string; readonly departement?: string | undefined },
  dept: string,
): string => (departement !== undefined && departement !== dept ? MODELE_D_AMONT : reference)

export interface Provenance {
  readonly source: SourceReglementaire
  readonly fiabilite: Fiabilite
  readonly verifie_le: Temporal.PlainDate | null
}

const PHRASES = {
  C: null,
  S: 'usage local',
  C2: 'à vérifier (source de seconde main)',
  NC: 'à vérifier (valeur non confirmée)',
  defaut: 'à compléter par le département (valeur par défaut d’Amont)',
} as const satisfies Record<Fiabilite, string | null>

/** What must be said beside the value wherever it appears; null when a jurist has checked a confirmed source. */
export function ecrireReserve(
  provenance: Pick<Provenance, 'fiabilite' | 'verifie_le'>,
  ...autres: string[]
): string | null {
  const phrases = [
    PHRASES[provenance.fiabilite],
    provenance.verifie_le === null ? 'non vérifié par un juriste' : null,
    ...autres,
  ]
  const utiles = phrases.filter((phrase) => phrase !== null)
  return utiles.length > 0 ? utiles.join(' ; ') : null
}

/** The same source, pointing to one place of it. */
export function preciserSource(source: SourceReglementaire, reference: string | null): SourceReglementaire {
  return reference === null ? source : { ...source, reference }
}

/** A period of validity, both days included; `jusqu_au` absent or null: until the next version, or open. */
export interface Periode {
  readonly du: Temporal.PlainDate
  readonly jusqu_au?: Temporal.PlainDate | null | undefined
}

/** The YAML keys of a period. */
export const periode = { du: jourCivil, jusqu_au: jourCivil.nullable().optional() }

/** The version in force on a day, or the French sentence that says why there is none. Versions are in order of `du`. */
export function versionAu<V extends Periode>(versions: readonly V[], jour: Temporal.PlainDate): V | { aucune: string } {
  const passees = versions.filter((version) => Temporal.PlainDate.compare(version.du, jour) <= 0)
  const derniere = passees.at(-1)
  if (!derniere) {
    const premiere = versions[0]
    return { aucune: premiere ? `aucune version connue avant le ${ecrireJour(premiere.du)}` : 'aucune version connue' }
  }
  if (derniere.jusqu_au && Temporal.PlainDate.compare(jour, derniere.jusqu_au) > 0) {
    const suivante = versions.find((version) => Temporal.PlainDate.compare(version.du, jour) > 0)
    const fin = `aucune version connue : la dernière a pris fin le ${ecrireJour(derniere.jusqu_au)}`
    return { aucune: suivante ? `${fin}, la suivante commence le ${ecrireJour(suivante.du)}` : fin }
  }
  return derniere
}

/** The rank of the first version that starts before the previous one has ended, or ends before it starts; -1 when all is right. */
export function rangIncoherent(versions: readonly Periode[]): number {
  return versions.findIndex((version, rang) => {
    const precedente = versions[rang - 1]
    if (version.jusqu_au && Temporal.PlainDate.compare(version.jusqu_au, version.du) < 0) return true
    if (!precedente) return false
    const borne = precedente.jusqu_au ?? precedente.du
    return Temporal.PlainDate.compare(version.du, borne) <= 0
  })
}

const MOIS = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
] as const

/** `1er janvier 2027`. */
export function ecrireJour(jour: Temporal.PlainDate): string {
  return `${ecrireJourDuMois(jour)} ${jour.year}`
}

/** `1er janvier`. */
export function ecrireJourDuMois({ day, month }: { readonly day: number; readonly month: number }): string {
  return `${day === 1 ? '1er' : day} ${ecrireMois(month)}`
}

/** Name of a month, from 1. */
export function ecrireMois(numero: number): string {
  return MOIS[numero - 1] ?? String(numero)
}
