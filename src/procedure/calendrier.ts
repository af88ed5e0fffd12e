import { join } from 'node:path'
import { z } from 'zod'
import {
  ErreurDonnees,
  fichierDonnees,
  identifiant,
  jourCivil,
  lireDocumentYaml,
  lireYaml,
  texteRempli,
} from '#referentiel'
import { fiabilite, source } from './sources.ts'

/** A winter truce, both days included: no eviction is executed, the procedure goes on. */
export interface PeriodeTreve {
  readonly saison: string
  readonly du: Temporal.PlainDate
  readonly jusquAu: Temporal.PlainDate
  readonly source: z.output<typeof source>
  readonly fiabilite: z.output<typeof fiabilite>
  readonly verifieLe: Temporal.PlainDate | null
}

/** A public holiday: a day of the year, or a number of days after Easter Sunday. */
export interface RegleFerie {
  readonly id: string
  readonly libelle: string
  readonly jour?: string | undefined
  readonly apres_paques?: number | undefined
}

/** The days that count or not, for one place. Immutable. */
export interface Calendrier {
  readonly feries: readonly RegleFerie[]
  readonly treves: readonly PeriodeTreve[]
  /** Cases in which the truce does not hold: for a person to judge. */
  readonly exceptionsTreve: readonly string[]
}

const regleFerie = z
  .strictObject({
    id: identifiant,
    libelle: texteRempli,
    jour: z
      .string()
      .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'Jour attendu, écrit "MM-JJ".' })
      .optional(),
    apres_paques: z.int().optional(),
  })
  .refine((regle) => (regle.jour === undefined) !== (regle.apres_paques === undefined), {
    error: 'Écrivez soit « jour », soit « apres_paques ».',
  })

export const schemaFeries = fichierDonnees({
  source,
  fiabilite,
  verifie_le: jourCivil.nullable(),
  jours: z.array(regleFerie).min(1),
  alsace_moselle: z.array(regleFerie),
  exemples: z.array(z.strictObject({ annee: z.int(), id: identifiant, le: jourCivil })),
})

export const schemaTreve = fichierDonnees({
  libelle: texteRempli,
  exceptions: z.array(texteRempli),
  sources: z.record(z.string(), z.strictObject({ ...source.shape, fiabilite, verifie_le: jourCivil.nullable() })),
  periodes: z
    .array(z.strictObject({ saison: texteRempli, du: jourCivil, jusqu_au: jourCivil, source: z.string() }))
    .min(1),
  exemples: z.array(z.strictObject({ execution: jourCivil, possible: z.boolean() })),
})

/**
 * Reads `donnees/droit/calendrier/`. Alsace and Moselle have two more public holidays. Throws `ErreurDonnees` when the
 * periods overlap or a source is missing.
 */
export function chargerCalendrier(
  racineDonnees: string,
  { alsaceMoselle = false }: { readonly alsaceMoselle?: boolean } = {},
): Calendrier {
  const dossier = join(racineDonnees, 'droit', 'calendrier')
  const feries = lireYaml(join(dossier, 'jours-feries.yaml'), schemaFeries)
  const { valeur: treve, probleme } = lireDocumentYaml(join(dossier, 'treve-hivernale.yaml'), schemaTreve)
  const treves = treve.periodes.map((periode, rang): PeriodeTreve => {
    const trouvee = treve.sources[periode.source]
    if (!trouvee)
      throw new ErreurDonnees([
        probleme(['periodes', rang, 'source'], 'Cette source n’est pas décrite sous « sources ».'),
      ])
    const precedente = treve.periodes[rang - 1]
    const ordonnee =
      Temporal.PlainDate.compare(periode.du, periode.jusqu_au) <= 0 &&
      (!precedente || Temporal.PlainDate.compare(precedente.jusqu_au, periode.du) < 0)
    if (!ordonnee)
      throw new ErreurDonnees([
        probleme(['periodes', rang], 'Les périodes se suivent dans l’ordre, sans se recouvrir.'),
      ])
    const { fiabilite: sure, verifie_le, ...reference } = trouvee
    return {
      saison: periode.saison,
      du: periode.du,
      jusquAu: periode.jusqu_au,
      source: reference,
      fiabilite: sure,
      verifieLe: verifie_le,
    }
  })
  return {
    feries: alsaceMoselle ? [...feries.jours, ...feries.alsace_moselle] : feries.jours,
    treves,
    exceptionsTreve: treve.exceptions,
  }
}

/** The examples written in the calendar files, for the test that runs them. */
export function lireExemplesCalendrier(racineDonnees: string) {
  const dossier = join(racineDonnees, 'droit', 'calendrier')
  return {
    feries: lireYaml(join(dossier, 'jours-feries.yaml'), schemaFeries).exemples,
    treves: lireYaml(join(dossier, 'treve-hivernale.yaml'), schemaTreve).exemples,
  }
}

/** Easter Sunday of a year of the Gregorian calendar (anonymous algorithm, as printed in the ecclesiastical tables). */
export function calculerPaques(annee: number): Temporal.PlainDate {
  const or = annee % 19
  const siecle = Math.floor(annee / 100)
  const reste = annee % 100
  const epacte =
    (19 * or + siecle - Math.floor(siecle / 4) - Math.floor((siecle - Math.floor((siecle + 8) / 25) + 1) / 3) + 15) % 30
  const semaine = (32 + 2 * (siecle % 4) + 2 * Math.floor(reste / 4) - epacte - (reste % 4)) % 7
  const correction = Math.floor((or + 11 * epacte + 22 * semaine) / 451)
  const rang = epacte + semaine - 7 * correction + 114
  return Temporal.PlainDate.from({ year: annee, month: Math.floor(rang / 31), day: (rang % 31) + 1 })
}

/** The public holidays of a year, in the order of the year. */
export function listerFeries(
  calendrier: Calendrier,
  annee: number,
): readonly { readonly id: string; readonly libelle: string; readonly le: Temporal.PlainDate }[] {
  const paques = calculerPaques(annee)
  return calendrier.feries
    .map(({ id, libelle, jour, apres_paques }) => ({
      id,
      libelle,
      le: jour
        ? Temporal.PlainDate.from(`${String(annee).padStart(4, '0')}-${jour}`)
        : paques.add({ days: apres_paques ?? 0 }),
    }))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.le, b.le))
}

/** Days of the year that are public holidays, kept per calendar and year: lists of dossiers ask for them thousands of times. */
const joursFeries = new WeakMap<Calendrier, Map<number, ReadonlySet<number>>>()

/** Is it a public holiday? */
export function estFerie(calendrier: Calendrier, jour: Temporal.PlainDate): boolean {
  const annees = joursFeries.getOrInsertComputed(calendrier, () => new Map())
  const annee = jour.year
  return annees
    .getOrInsertComputed(annee, () => new Set(listerFeries(calendrier, annee).map(({ le }) => le.dayOfYear)))
    .has(jour.dayOfYear)
}

/** Monday to Friday, and no public holiday. */
export function estJourOuvre(calendrier: Calendrier, jour: Temporal.PlainDate): boolean {
  return jour.dayOfWeek <= 5 && !estFerie(calendrier, jour)
}

/** The day itself when it is worked, else the next worked day. */
export function jourOuvreSuivant(calendrier: Calendrier, jour: Temporal.PlainDate): Temporal.PlainDate {
  return chercherJourOuvre(calendrier, jour, 1)
}

/** The day itself when it is worked, else the worked day before. */
export function jourOuvrePrecedent(calendrier: Calendrier, jour: Temporal.PlainDate): Temporal.PlainDate {
  return chercherJourOuvre(calendrier, jour, -1)
}

function chercherJourOuvre(calendrier: Calendrier, jour: Temporal.PlainDate, pas: 1 | -1): Temporal.PlainDate {
  let candidat = jour
  while (!estJourOuvre(calendrier, candidat)) candidat = candidat.add({ days: pas })
  return candidat
}

/** The winter truce a day falls in, or null. */
export function trouverTreve(calendrier: Calendrier, jour: Temporal.PlainDate): PeriodeTreve | null {
  return (
    calendrier.treves.find(
      ({ du, jusquAu }) => Temporal.PlainDate.compare(du, jour) <= 0 && Temporal.PlainDate.compare(jour, jusquAu) <= 0,
    ) ?? null
  )
}

/**
 * May an eviction be executed that day, as far as the winter truce goes (CPCE, art. L. 412-6)? Two exceptions of the law,
 * rehousing and break-in, are for a person to judge. `indetermine` outside the years the table covers.
 */
export function verifierExecution(
  calendrier: Calendrier,
  jour: Temporal.PlainDate,
):
  | { readonly possible: boolean; readonly treve: PeriodeTreve | null }
  | { readonly possible: null; readonly indetermine: string } {
  const premiere = calendrier.treves[0]
  const derniere = calendrier.treves.at(-1)
  const couvert =
    premiere &&
    derniere &&
    Temporal.PlainDate.compare(premiere.du, jour) <= 0 &&
    Temporal.PlainDate.compare(jour, derniere.jusquAu) <= 0
  if (!couvert) return { possible: null, indetermine: 'La table des trêves hivernales ne couvre pas cette date.' }
  const treve = trouverTreve(calendrier, jour)
  return { possible: treve === null, treve }
}
