import type { DepartementCharge, Referentiel } from './chargement.ts'
import { type Criteres, schemaCriteres, verifierCriteres } from './criteres.ts'
import { type Ecart, essayerCriteres, essayerRepartition } from './exemples.ts'
import { CLES_PARAMETRES, type CleParametre } from './parametres.ts'
import {
  type AvecParametres,
  type FichierParametres,
  schemaParametres,
  type VersionParametre,
  verifierParametres,
} from './parametres-dates.ts'
import { type Repartition, schemaRepartition, verifierRepartition } from './repartition.ts'
import type { Periode } from './source.ts'
import { type DocumentYaml, ErreurDonnees, lireTexteYaml, type Probleme } from './yaml.ts'

/** What a département may change by itself, with a date of effect. */
export const GENRES_VERSION = ['repartition', 'criteres', 'parametres'] as const
export type GenreVersion = (typeof GENRES_VERSION)[number]

/** Settings that change together on a day; those left out keep their value. */
export interface ReglagesDates extends Periode {
  readonly id: string
  readonly reglages: Readonly<Partial<Record<CleParametre, VersionParametre>>>
}

/** A version read and checked, of one of the kinds. */
export type VersionLue =
  | { readonly genre: 'repartition'; readonly valeur: Repartition }
  | { readonly genre: 'criteres'; readonly valeur: Criteres }
  | { readonly genre: 'parametres'; readonly valeur: ReglagesDates }

/**
 * Reads a version from its text, in the layout of the files of `donnees/`; `id` names it in answers and messages. Throws `ErreurDonnees` with every
 * problem. A version of settings holds the changed ones only, each with one value, all from the same day.
 */
export function lireVersion(genre: GenreVersion, texte: string, id: string): VersionLue {
  switch (genre) {
    case 'repartition': {
      const document = lireTexteYaml(texte, id, schemaRepartition)
      refuser(verifierRepartition(document))
      return { genre, valeur: { ...document.valeur, id } }
    }
    case 'criteres': {
      const document = lireTexteYaml(texte, id, schemaCriteres)
      refuser(verifierCriteres(document))
      return { genre, valeur: { ...document.valeur, id } }
    }
    case 'parametres': {
      const document = lireTexteYaml(texte, id, schemaParametres)
      refuser([...verifierParametres(document), ...verifierDatesCommunes(document)])
      return { genre, valeur: enReglages(document.valeur, id) }
    }
  }
}

function refuser(problemes: readonly Probleme[]): void {
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
}

const memesDates = (a: Periode, b: Periode): boolean =>
  a.du.equals(b.du) && (a.jusqu_au?.toString() ?? '') === (b.jusqu_au?.toString() ?? '')

function verifierDatesCommunes(document: DocumentYaml<FichierParametres>): Probleme[] {
  const entrees = Object.entries(document.valeur.parametres)
  const premiere = entrees[0]?.[1].versions[0]
  if (!premiere) return [document.probleme(['parametres'], 'Aucune valeur n’est changée.', { cle: true })]
  return entrees.flatMap(([cle, { versions }]) => {
    const ou = ['parametres', cle, 'versions'] as const
    const [seule, autre] = versions
    if (autre)
      return [document.probleme([...ou, 1, 'du'], 'Une version du département donne une seule valeur par réglage.')]
    if (!seule || memesDates(seule, premiere)) return []
    return [document.probleme([...ou, 0, 'du'], 'Toutes les valeurs d’une version changent aux mêmes dates.')]
  })
}

function enReglages({ parametres }: FichierParametres, id: string): ReglagesDates {
  const reglages: Partial<Record<CleParametre, VersionParametre>> = {}
  for (const cle of CLES_PARAMETRES) {
    const version = parametres[cle]?.versions[0]
    if (version) reglages[cle] = version
  }
  const [une] = Object.values(reglages)
  if (!une) throw new Error('settings without a value')
  return { id, du: une.du, jusqu_au: une.jusqu_au ?? null, reglages }
}

/**
 * The référentiel of a département with versions it approved itself, resolved by date like the files: each version lasts until the day before the
 * next, whoever wrote it. On the same day the département's own replaces the one shipped. Nothing shipped is modified.
 */
export function superposerVersions(
  referentiel: Referentiel,
  code: string,
  versions: readonly VersionLue[],
): Referentiel {
  const departement = referentiel.departements.get(code)
  if (!departement || versions.length === 0) return referentiel
  return {
    ...referentiel,
    livre: referentiel.livre ?? referentiel,
    departements: new Map([...referentiel.departements, [code, superposerAuDepartement(departement, versions)]]),
  }
}

function superposerAuDepartement(departement: DepartementCharge, versions: readonly VersionLue[]): DepartementCharge {
  const de = <G extends GenreVersion>(genre: G) =>
    versions.flatMap((version) => (version.genre === genre ? [version.valeur] : [])) as Extract<
      VersionLue,
      { genre: G }
    >['valeur'][]
  const parametres: Partial<Record<CleParametre, { readonly versions: readonly VersionParametre[] }>> = {
    ...departement.parametres,
  }
  for (const cle of CLES_PARAMETRES) {
    const siennes = de('parametres').flatMap(({ reglages }) => reglages[cle] ?? [])
    if (siennes.length > 0)
      parametres[cle] = { versions: succeder(departement.parametres[cle]?.versions ?? [], siennes) }
  }
  return {
    ...departement,
    repartitions: succeder(departement.repartitions, de('repartition')),
    criteres: succeder(departement.criteres, de('criteres')),
    parametres,
  }
}

function succeder<V extends Periode>(livrees: readonly V[], locales: readonly V[]): readonly V[] {
  if (locales.length === 0) return livrees
  const remplacees = new Set(locales.map(({ du }) => du.toString()))
  const suite = [...livrees.filter(({ du }) => !remplacees.has(du.toString())), ...locales].sort((a, b) =>
    Temporal.PlainDate.compare(a.du, b.du),
  )
  return suite.map((version, rang) => {
    const veille = suite[rang + 1]?.du.subtract({ days: 1 })
    const depasse = veille && (!version.jusqu_au || Temporal.PlainDate.compare(version.jusqu_au, veille) > 0)
    return depasse ? { ...version, jusqu_au: veille } : version
  })
}

/** What the examples of a version give, and the rules or criteria that none of them shows. Settings have no example. */
export interface EssaiVersion {
  readonly essais: readonly Ecart[]
  readonly sansExemple: readonly string[]
}

/** Runs the examples written in a version, with the other rules of the département. */
export function essayerVersion(departement: DepartementCharge, version: VersionLue): EssaiVersion {
  switch (version.genre) {
    case 'repartition':
      return {
        essais: essayerRepartition(departement, version.valeur),
        sansExemple: reglesSansExemple(version.valeur),
      }
    case 'criteres':
      return { essais: essayerCriteres(departement, version.valeur), sansExemple: criteresSansExemple(version.valeur) }
    case 'parametres':
      return { essais: [], sansExemple: [] }
  }
}

function reglesSansExemple({ volets, offres = [], exemples }: Repartition): string[] {
  const montrees = new Set(
    exemples.flatMap(({ attendu }) => [attendu.regle, attendu.a_defaut, ...(attendu.offres ?? [])]),
  )
  const attendues = [
    ...volets.flatMap((volet) => (volet.sans_prise_en_charge ? [volet.id] : (volet.regles ?? []).map(({ id }) => id))),
    ...offres.map(({ id }) => id),
  ]
  return attendues.filter((id) => !montrees.has(id))
}

function criteresSansExemple({ groupes, exemples }: Criteres): string[] {
  const montres = new Set(exemples.flatMap(({ attendu }) => attendu.map(({ critere }) => critere)))
  return groupes.flatMap(({ criteres }) => criteres.flatMap(({ id }) => (montres.has(id) ? [] : [id])))
}

/**
 * The last day, `jour` included, on which criteria, dispatch rules or settings of a département changed or ended; null when none has begun. What was
 * derived before it was derived under other rules.
 */
export function dernierChangement(
  departement: AvecParametres & Pick<DepartementCharge, 'criteres' | 'repartitions'>,
  jour: Temporal.PlainDate,
): Temporal.PlainDate | null {
  const suites: readonly (readonly Periode[])[] = [
    departement.criteres,
    departement.repartitions,
    ...CLES_PARAMETRES.map((cle) => departement.parametres[cle]?.versions ?? []),
  ]
  const jours = suites.flatMap((suite) =>
    suite.flatMap(({ du, jusqu_au }) => (jusqu_au ? [du, jusqu_au.add({ days: 1 })] : [du])),
  )
  return (
    jours
      .filter((un) => Temporal.PlainDate.compare(un, jour) <= 0)
      .sort(Temporal.PlainDate.compare)
      .at(-1) ?? null
  )
}
