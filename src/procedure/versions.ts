import { z } from 'zod'
import { type DocumentYaml, jourCivil, type Probleme, suggerer, texteRempli } from '#referentiel'
import { ecrireJour } from './ecriture.ts'
import { type FaitConnu, type FaitDate, type Faits, NOMS_FAITS_DATES, trouverFait } from './faits.ts'
import { NOMS_SITUATIONS, type NomSituation, type Situation } from './situations.ts'
import { type Fiabilite, fiabilite, plusFaible, type SourceDelai, source } from './sources.ts'

/** What every version of a rule of law carries, whatever it gives. Chosen by a date of the dossier, never by today. */
export interface VersionDroit {
  readonly du: Temporal.PlainDate
  readonly jusquAu: Temporal.PlainDate | null
  /** The version is for these situations only; another one may hold at the same date for the others. */
  readonly critere: Critere
  readonly source: SourceDelai
  readonly fiabilite: Fiabilite
  readonly verifieLe: Temporal.PlainDate | null
  readonly reserve: string | null
  /** Said once the version has ended and none follows: what is known of the sequel. */
  readonly ensuite: string | null
}
export type Critere = { readonly [S in NomSituation]?: boolean | undefined }

/** A second date that may select another version: then both readings are given. */
export interface RattachementDiscute {
  readonly fait: FaitDate
  /** This date comes before the one of attachment: an earlier version may be the right one. */
  readonly precede: boolean
  readonly source: SourceDelai
  readonly fiabilite: Fiabilite
  readonly reserve: string
  /** Doubt to show as long as the date is unknown. */
  readonly siAbsent: string
}

/** What became of the cases open when a version changed is not settled. */
export interface Transition {
  readonly le: Temporal.PlainDate
  /** The fact that ends the case: closed before the change, it is not concerned. */
  readonly closPar: FaitDate
  readonly fiabilite: Fiabilite
  readonly reserve: string
}

/** A rule whose versions are chosen on a date. */
export interface RegleDatee<V extends VersionDroit> {
  readonly versions: readonly V[]
  readonly rattachementDiscute: RattachementDiscute | null
  readonly transition: Transition | null
}

/** One version that holds, with what selected it. */
export interface Choix<V extends VersionDroit> {
  readonly version: V
  readonly rattachement: FaitConnu
  readonly source: SourceDelai
  readonly fiabilite: Fiabilite
}

/** The answer to « which version? »: one, two when the law leaves two readings, or why there is none. */
export type ReponseVersion<V extends VersionDroit> =
  | {
      readonly issue: 'choisie'
      readonly choix: readonly [Choix<V>, ...Choix<V>[]]
      readonly doutes: readonly string[]
    }
  | { readonly issue: 'aucune'; readonly aucune: string; readonly ensuite: string | null }
  | { readonly issue: 'indeterminee'; readonly indetermine: readonly NomSituation[] }

export const fait = z.enum(NOMS_FAITS_DATES)
export const faits = z.union([fait, z.array(fait).min(1)]).transform((lu) => (typeof lu === 'string' ? [lu] : lu))

const parSituation = Object.fromEntries(NOMS_SITUATIONS.map((nom) => [nom, z.boolean().optional()])) as Record<
  NomSituation,
  z.ZodOptional<z.ZodBoolean>
>
/** Conditions of an example, or those a version is for. */
export const situationEcriteDroit = z.strictObject(parSituation)

/** The YAML keys common to every version. */
export const cleVersion = {
  du: jourCivil,
  jusqu_au: jourCivil.optional(),
  critere: situationEcriteDroit
    .refine((critere) => Object.values(critere).some((vaut) => vaut !== undefined), {
      error: 'Un critère nomme au moins une situation, par exemple { decision_en_refere: true }.',
    })
    .optional(),
  source,
  fiabilite,
  verifie_le: jourCivil.nullable(),
  reserve: texteRempli.optional(),
  ensuite: texteRempli.optional(),
}
type VersionEcrite = z.output<z.ZodObject<typeof cleVersion>>

/** The YAML keys common to every rule whose versions are chosen on a date. */
export const cleRegleDatee = {
  rattachement_discute: z
    .strictObject({
      fait,
      precede: z.boolean().optional(),
      source,
      fiabilite,
      reserve: texteRempli,
      si_absent: texteRempli,
    })
    .optional(),
  transition: z.strictObject({ le: jourCivil, clos_par: fait, fiabilite, reserve: texteRempli }).optional(),
}
type RegleEcrite = z.output<z.ZodObject<typeof cleRegleDatee>>

/** The common part of a version, as the code reads it. */
export function construireVersion(lu: VersionEcrite): VersionDroit {
  return {
    du: lu.du,
    jusquAu: lu.jusqu_au ?? null,
    critere: Object.fromEntries(Object.entries(lu.critere ?? {}).filter(([, vaut]) => vaut !== undefined)),
    source: lu.source,
    fiabilite: lu.fiabilite,
    verifieLe: lu.verifie_le,
    reserve: lu.reserve ?? null,
    ensuite: lu.ensuite ?? null,
  }
}

/** The common part of a rule. */
export function construireRegleDatee(
  lu: RegleEcrite,
): Pick<RegleDatee<VersionDroit>, 'rattachementDiscute' | 'transition'> {
  const { rattachement_discute: discute, transition } = lu
  return {
    rattachementDiscute: discute
      ? {
          fait: discute.fait,
          precede: discute.precede ?? false,
          source: discute.source,
          fiabilite: discute.fiabilite,
          reserve: discute.reserve,
          siAbsent: discute.si_absent,
        }
      : null,
    transition: transition
      ? {
          le: transition.le,
          closPar: transition.clos_par,
          fiabilite: transition.fiabilite,
          reserve: transition.reserve,
        }
      : null,
  }
}

/** Versions that overlap for the same situations, that end before they start, or a transition on a day when nothing changes. */
export function verifierSuite(
  document: DocumentYaml<RegleEcrite & { readonly versions: readonly VersionEcrite[] }>,
): Probleme[] {
  const { versions, transition } = document.valeur
  const problemes = versions.flatMap((version, rang) => {
    const trouves: Probleme[] = []
    const signaler = (cle: string, message: string) => trouves.push(document.probleme(['versions', rang, cle], message))
    const precedente = versions.findLast(
      (autre, place) => place < rang && peuventCoexister(autre.critere ?? {}, version.critere ?? {}),
    )
    const debut = precedente?.jusqu_au ?? precedente?.du
    if (debut && Temporal.PlainDate.compare(debut, version.du) >= 0) {
      signaler(
        'du',
        'Les versions se suivent de la plus ancienne à la plus récente, sans se recouvrir. Corriger « du », ou la fin (« jusqu_au ») de la version précédente.',
      )
    }
    if (version.jusqu_au && Temporal.PlainDate.compare(version.jusqu_au, version.du) < 0) {
      signaler('jusqu_au', 'La fin de cette version précède son début.')
    }
    return trouves
  })
  if (!transition) return problemes
  const changements = versions.flatMap(({ du, jusqu_au }) => [du, ...(jusqu_au ? [jusqu_au.add({ days: 1 })] : [])])
  if (changements.some((jour) => jour.equals(transition.le))) return problemes
  const connus = [...new Set(changements.map(String))].join(', ')
  return [
    ...problemes,
    document.probleme(
      ['transition', 'le'],
      `Aucune version ne change ce jour-là. Changements écrits dans ce fichier : ${connus}.${suggerer(transition.le.toString(), changements.map(String))}`,
    ),
  ]
}

/** May both versions hold for one dossier? Not when a criterion is true for one and false for the other. */
function peuventCoexister(a: Critere, b: Critere): boolean {
  return Object.entries(a).every(
    ([nom, vaut]) => b[nom as NomSituation] === undefined || b[nom as NomSituation] === vaut,
  )
}

/**
 * The versions that hold for given facts. The date of attachment selects; a second one, when the rule is discussed or the transition is not
 * settled, gives a second reading. `depart` is the day the count starts, when there is one. Outside every version the answer says when the
 * last one ended or the first one starts, never the last known value.
 */
export function choisirVersions<V extends VersionDroit>(
  regle: RegleDatee<V>,
  rattachement: FaitConnu,
  faits: Faits,
  situation: Situation,
  depart: Temporal.PlainDate | null = null,
): ReponseVersion<V> {
  const trouve = versionAu(regle.versions, rattachement.le, situation)
  if (!('version' in trouve)) return trouve
  const { version } = trouve
  const premier: Choix<V> = { version, rattachement, source: version.source, fiabilite: version.fiabilite }
  const discute = lireDiscute(regle, premier, faits, situation, depart)
  const transition = lireTransition(regle, premier, faits, situation)
  return {
    issue: 'choisie',
    choix: [premier, ...[discute.choix, transition.choix].filter((choix) => choix !== null)],
    doutes: [...discute.doutes, ...transition.doutes],
  }
}

/** The version that holds on a day for a situation, or why there is none. */
function versionAu<V extends VersionDroit>(
  versions: readonly V[],
  le: Temporal.PlainDate,
  situation: Situation,
): { readonly version: V } | Exclude<ReponseVersion<V>, { issue: 'choisie' }> {
  const possibles = versions.filter(({ critere }) => !estContredit(critere, situation))
  const candidates = possibles.filter(
    (version) => estEnCours(version, le) && !possibles.some((autre) => remplace(autre, version, le)),
  )
  const [premiere] = candidates
  if (premiere && candidates.every(({ critere }) => manquants(critere, situation).length === 0))
    return { version: premiere }
  if (premiere) {
    return {
      issue: 'indeterminee',
      indetermine: [...new Set(candidates.flatMap(({ critere }) => manquants(critere, situation)))],
    }
  }
  const finie = possibles.findLast(({ du }) => Temporal.PlainDate.compare(du, le) <= 0)
  const suivante = possibles.find(({ du }) => Temporal.PlainDate.compare(du, le) > 0)
  if (finie?.jusquAu) {
    const suite = suivante ? `, la suivante commence le ${ecrireJour(suivante.du)}` : ''
    return { issue: 'aucune', aucune: `expirée le ${ecrireJour(finie.jusquAu)}${suite}`, ensuite: finie.ensuite }
  }
  return {
    issue: 'aucune',
    aucune: suivante ? `aucune règle connue avant le ${ecrireJour(suivante.du)}` : 'aucune règle',
    ensuite: null,
  }
}

function estEnCours({ du, jusquAu }: VersionDroit, le: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(du, le) <= 0 && (!jusquAu || Temporal.PlainDate.compare(le, jusquAu) <= 0)
}

/** A later version for the same situations takes the place of an earlier one. */
function remplace(autre: VersionDroit, version: VersionDroit, le: Temporal.PlainDate): boolean {
  return (
    Temporal.PlainDate.compare(autre.du, version.du) > 0 &&
    Temporal.PlainDate.compare(autre.du, le) <= 0 &&
    peuventCoexister(autre.critere, version.critere)
  )
}

function estContredit(critere: Critere, situation: Situation): boolean {
  return NOMS_SITUATIONS.some((nom) => critere[nom] !== undefined && situation[nom] === !critere[nom])
}

function manquants(critere: Critere, situation: Situation): NomSituation[] {
  return NOMS_SITUATIONS.filter((nom) => critere[nom] !== undefined && situation[nom] == null)
}

interface Autre<V extends VersionDroit> {
  readonly choix: Choix<V> | null
  readonly doutes: readonly string[]
}
const SANS_AUTRE = { choix: null, doutes: [] } as const

/** The second reading of a discussed rule, or the doubt to show as long as its date is unknown. */
function lireDiscute<V extends VersionDroit>(
  { versions, rattachementDiscute: discute }: RegleDatee<V>,
  { version }: Choix<V>,
  faits: Faits,
  situation: Situation,
  depart: Temporal.PlainDate | null,
): Autre<V> {
  if (!discute) return SANS_AUTRE
  const second = trouverFait([discute.fait], faits)
  if (!second) {
    const autrePossible = versions.some(({ du }) => {
      const ordre = Temporal.PlainDate.compare(du, version.du)
      return discute.precede ? ordre < 0 : ordre > 0 && (!depart || Temporal.PlainDate.compare(du, depart) <= 0)
    })
    return { choix: null, doutes: autrePossible ? [discute.siAbsent] : [] }
  }
  const autre = versionAu(versions, second.le, situation)
  if (!('version' in autre) || autre.version === version) return SANS_AUTRE
  const choix = {
    version: autre.version,
    rattachement: second,
    source: discute.source,
    fiabilite: plusFaible([autre.version.fiabilite, discute.fiabilite]),
  }
  return { choix, doutes: [discute.reserve] }
}

/** A case that was open when the rule changed: the new version too, when there is one, and the doubt. */
function lireTransition<V extends VersionDroit>(
  { versions, transition }: RegleDatee<V>,
  { rattachement, version }: Choix<V>,
  faits: Faits,
  situation: Situation,
): Autre<V> {
  if (!transition || Temporal.PlainDate.compare(rattachement.le, transition.le) >= 0) return SANS_AUTRE
  const clos = faits[transition.closPar]
  if (clos && Temporal.PlainDate.compare(clos, transition.le) < 0) return SANS_AUTRE
  const doutes = [transition.reserve]
  if (!clos) return { choix: null, doutes }
  const nouvelle = versionAu(versions, transition.le, situation)
  if (!('version' in nouvelle) || nouvelle.version === version) return { choix: null, doutes }
  const choix = {
    version: nouvelle.version,
    rattachement,
    source: nouvelle.version.source,
    fiabilite: plusFaible([nouvelle.version.fiabilite, transition.fiabilite]),
  }
  return { choix, doutes }
}
