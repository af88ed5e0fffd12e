import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import {
  type DocumentYaml,
  ErreurDonnees,
  fichierDonnees,
  identifiant,
  jourCivil,
  lireDocumentYaml,
  type Probleme,
  suggerer,
  texteRempli,
} from '#referentiel'
import { type Calendrier, chargerCalendrier } from './calendrier.ts'
import {
  type Duree,
  decrireComputation,
  NOMS_COMPUTATION,
  type NomComputation,
  UNITES,
  type Unite,
} from './computation.ts'
import { type FaitDate, NOMS_FAITS_DATES, SITUATIONS, type Situation } from './faits.ts'
import { type Fiabilite, fiabilite, type SourceDelai, source } from './sources.ts'

/** What a term means: a duty of the partners, the regularity of an act, an effect of the law, or a question to ask in time. */
export type NatureDelai = (typeof NATURES)[number]
const NATURES = ['obligation', 'controle', 'terme', 'alerte'] as const

/** One version of a time limit, chosen by a date of the dossier and never by today. */
export interface VersionDelai {
  readonly du: Temporal.PlainDate
  readonly jusquAu: Temporal.PlainDate | null
  readonly duree: Duree
  readonly computation: NomComputation
  readonly source: SourceDelai
  readonly fiabilite: Fiabilite
  readonly verifieLe: Temporal.PlainDate | null
  readonly reserve: string | null
  /** An effect put off to the end of the winter truce when the term falls in it. */
  readonly effetDiffere: {
    readonly libelle: string
    readonly source: SourceDelai
    readonly fiabilite: Fiabilite
  } | null
}

/** A time limit, as written in one file. Immutable. */
export interface Delai {
  /** Path of the file under `donnees/`, without its extension. */
  readonly id: string
  /** Name of the file: how other files of data refer to it. */
  readonly nom: string
  readonly libelle: string
  readonly libelleCourt: string
  readonly nature: NatureDelai
  /** The earliest of the known ones starts the count. */
  readonly depart: readonly FaitDate[]
  /** The date that selects the version; as for `depart`, the earliest of the known ones. */
  readonly rattachement: readonly FaitDate[]
  /** A second date that may select another version: then both readings are given. */
  readonly rattachementDiscute: {
    readonly fait: FaitDate
    readonly source: SourceDelai
    readonly fiabilite: Fiabilite
    readonly reserve: string
    readonly siAbsent: string
  } | null
  /** The term printed on the act, which prevails. */
  readonly imprime: FaitDate | null
  readonly tenuPar: readonly FaitDate[]
  readonly sansObjetApres: readonly FaitDate[]
  readonly seulementSi: keyof typeof SITUATIONS | null
  readonly auPlusTard: Delai | null
  readonly alertes: readonly { readonly siAbsent: FaitDate; readonly texte: string }[]
  readonly versions: readonly VersionDelai[]
  readonly exemples: readonly ExempleDelai[]
}

/** Every time limit that applies in a département, national ones first, and the calendar they are counted with. */
export interface Delais {
  readonly liste: readonly Delai[]
  readonly calendrier: Calendrier
}

const fait = z.enum(NOMS_FAITS_DATES)
const faits = z.union([fait, z.array(fait).min(1)]).transform((lu) => (typeof lu === 'string' ? [lu] : lu))

const duree = z
  .strictObject(Object.fromEntries(UNITES.map((unite) => [unite, z.int().min(1).max(1000).optional()])))
  .transform((lue, contexte): Duree => {
    const parties = UNITES.flatMap((unite) => {
      const valeur = lue[unite]
      return typeof valeur === 'number' ? [{ valeur, unite }] : []
    })
    const [partie] = parties
    if (partie && parties.length === 1) return partie
    contexte.addIssue({ code: 'custom', message: 'Une durée s’écrit avec une seule unité, par exemple { mois: 2 }.' })
    return z.NEVER
  })

const exemple = z.strictObject({
  ...(Object.fromEntries(NOMS_FAITS_DATES.map((nom) => [nom, jourCivil.optional()])) as Record<
    FaitDate,
    z.ZodOptional<typeof jourCivil>
  >),
  situation: z
    .strictObject({
      bailleur_personne_morale: z.boolean().optional(),
    } satisfies Record<keyof Situation, z.ZodType>)
    .optional(),
  /** Expected day or days, after the move to a worked day. */
  echeance: z.union([jourCivil, z.array(jourCivil).min(2).max(2)]).optional(),
  /** Expected day before that move, when it differs. */
  brut: jourCivil.optional(),
  version: jourCivil.optional(),
  effet_differe: jourCivil.optional(),
  a_verifier: z.boolean().optional(),
  tenue: z.boolean().optional(),
  indetermine: z.array(z.string()).optional(),
  aucune: texteRempli.optional(),
  sans_objet: z.literal(true).optional(),
})
export type ExempleDelai = z.output<typeof exemple>

const version = z.strictObject({
  du: jourCivil,
  jusqu_au: jourCivil.optional(),
  duree,
  computation: z.enum(NOMS_COMPUTATION).optional(),
  source,
  fiabilite,
  verifie_le: jourCivil.nullable(),
  reserve: texteRempli.optional(),
  effet_differe: z
    .strictObject({ par: z.literal('treve_hivernale'), libelle: texteRempli, source, fiabilite })
    .optional(),
})

export const schemaDelai = fichierDonnees({
  libelle: texteRempli,
  libelle_court: texteRempli,
  nature: z.enum(NATURES),
  depart: faits,
  rattachement: faits,
  rattachement_discute: z
    .strictObject({ fait, source, fiabilite, reserve: texteRempli, si_absent: texteRempli })
    .optional(),
  imprime: fait.optional(),
  tenu_par: faits.optional(),
  sans_objet_apres: faits.optional(),
  seulement_si: z.enum(Object.keys(SITUATIONS) as (keyof typeof SITUATIONS)[]).optional(),
  au_plus_tard: identifiant.optional(),
  alertes: z.array(z.strictObject({ si_absent: fait, texte: texteRempli })).optional(),
  computation: z.enum(NOMS_COMPUTATION),
  versions: z.array(version).min(1),
  exemples: z.array(exemple).min(1),
})
type FichierDelai = z.output<typeof schemaDelai>

interface Lu {
  readonly id: string
  readonly nom: string
  readonly document: DocumentYaml<FichierDelai>
}

/**
 * Reads the time limits of the law and, when `dept` is given, those the département's charters add. `dept` is the folder
 * name or the number that begins it. Throws `ErreurDonnees` with every problem: an unknown unit, versions out of order, a
 * reference to nothing, or a local file that restates a national one.
 */
export function chargerDelais(
  racineDonnees: string,
  dept?: string,
  options: { readonly alsaceMoselle?: boolean } = {},
): Delais {
  const nationaux = lireDossier(racineDonnees, join('droit', 'delais'))
  const locaux =
    dept === undefined ? [] : listerDossiersLocaux(racineDonnees, dept).flatMap((d) => lireDossier(racineDonnees, d))
  const problemes = [...nationaux, ...locaux].flatMap(({ document }) => verifierVersions(document))
  for (const { nom, document } of locaux) {
    if (!nationaux.some((national) => national.nom === nom)) continue
    problemes.push(
      document.probleme(
        [],
        `Le délai « ${nom} » est déjà fixé au niveau national : un département ajoute, il ne redéfinit pas.`,
      ),
    )
  }
  const lus = [...nationaux, ...locaux]
  for (const { document } of lus) {
    const reference = document.valeur.au_plus_tard
    const noms = lus.map(({ nom }) => nom)
    if (reference === undefined || noms.includes(reference)) continue
    problemes.push(
      document.probleme(['au_plus_tard'], `Aucun délai ne s’appelle « ${reference} ».${suggerer(reference, noms)}`),
    )
  }
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return {
    liste: lus.map((lu) => construire(lu, lus)),
    calendrier: chargerCalendrier(racineDonnees, options),
  }
}

/**
 * The time limit that a file of data names: by its path, by `droit/…` or `charte/…`, or by its name alone. Undefined when
 * there is none.
 */
export function trouverDelai(delais: Delais, reference: string): Delai | undefined {
  const nom = reference.split('/').at(-1)
  return (
    delais.liste.find(({ id }) => id === reference) ??
    delais.liste.find(
      (delai) => delai.nom === nom && (!reference.startsWith('droit/') || delai.id.startsWith('droit/')),
    )
  )
}

function construire({ id, nom, document }: Lu, lus: readonly Lu[]): Delai {
  const lu = document.valeur
  const plusTard = lus.find((autre) => autre.nom === lu.au_plus_tard)
  const discute = lu.rattachement_discute
  return {
    id,
    nom,
    libelle: lu.libelle,
    libelleCourt: lu.libelle_court,
    nature: lu.nature,
    depart: lu.depart,
    rattachement: lu.rattachement,
    rattachementDiscute: discute
      ? {
          fait: discute.fait,
          source: discute.source,
          fiabilite: discute.fiabilite,
          reserve: discute.reserve,
          siAbsent: discute.si_absent,
        }
      : null,
    imprime: lu.imprime ?? null,
    tenuPar: lu.tenu_par ?? [],
    sansObjetApres: lu.sans_objet_apres ?? [],
    seulementSi: lu.seulement_si ?? null,
    auPlusTard: plusTard && plusTard.nom !== nom ? construire(plusTard, []) : null,
    alertes: (lu.alertes ?? []).map(({ si_absent, texte }) => ({ siAbsent: si_absent, texte })),
    versions: lu.versions.map((v) => ({
      du: v.du,
      jusquAu: v.jusqu_au ?? null,
      duree: v.duree,
      computation: v.computation ?? lu.computation,
      source: v.source,
      fiabilite: v.fiabilite,
      verifieLe: v.verifie_le,
      reserve: v.reserve ?? null,
      effetDiffere: v.effet_differe
        ? { libelle: v.effet_differe.libelle, source: v.effet_differe.source, fiabilite: v.effet_differe.fiabilite }
        : null,
    })),
    exemples: lu.exemples,
  }
}

function verifierVersions(document: DocumentYaml<FichierDelai>): readonly Probleme[] {
  const { versions, computation } = document.valeur
  return versions.flatMap((v, rang) => {
    const problemes: Probleme[] = []
    const signaler = (cle: string, message: string) =>
      problemes.push(document.probleme(['versions', rang, cle], message))
    const nom = v.computation ?? computation
    const admises: readonly Unite[] = decrireComputation(nom).unites
    if (!admises.includes(v.duree.unite)) {
      signaler('duree', `Le calcul « ${nom} » compte en ${admises.join(' ou ')}, pas en ${v.duree.unite}.`)
    }
    const precedente = versions[rang - 1]
    const debut = precedente?.jusqu_au ?? precedente?.du
    if (debut && Temporal.PlainDate.compare(debut, v.du) >= 0) {
      signaler('du', 'Les versions se suivent de la plus ancienne à la plus récente, sans se recouvrir.')
    }
    if (v.jusqu_au && Temporal.PlainDate.compare(v.jusqu_au, v.du) < 0) {
      signaler('jusqu_au', 'La fin de cette version précède son début.')
    }
    return problemes
  })
}

function lireDossier(racineDonnees: string, dossier: string): readonly Lu[] {
  const chemin = join(racineDonnees, dossier)
  if (!existsSync(chemin)) return []
  return readdirSync(chemin)
    .filter((fichier) => fichier.endsWith('.yaml'))
    .sort()
    .map((fichier) => {
      const nom = fichier.slice(0, -'.yaml'.length)
      const id = `${dossier.replaceAll('\\', '/')}/${nom}`
      return { id, nom, document: lireDocumentYaml(join(chemin, fichier), schemaDelai) }
    })
}

/** `departements/<folder>/delais` and `departements/<folder>/<charter>/delais`. */
function listerDossiersLocaux(racineDonnees: string, dept: string): readonly string[] {
  const listerDossiers = (chemin: string) =>
    existsSync(join(racineDonnees, chemin))
      ? readdirSync(join(racineDonnees, chemin), { withFileTypes: true })
          .filter((entree) => entree.isDirectory())
          .map(({ name }) => name)
          .sort()
      : []
  const departement = listerDossiers('departements').find((nom) => nom === dept || nom.startsWith(`${dept}-`))
  if (!departement) return []
  const racine = join('departements', departement)
  return [racine, ...listerDossiers(racine).map((nom) => join(racine, nom))].map((chemin) => join(chemin, 'delais'))
}
