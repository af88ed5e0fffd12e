import { z } from 'zod'
import {
  type DocumentYaml,
  ErreurDonnees,
  fichierDonnees,
  identifiant,
  jourCivil,
  type Probleme,
  texteRempli,
} from '#referentiel'
import { type Calendrier, chargerCalendrier } from './calendrier.ts'
import { type Duree, decrireComputation, NOMS_COMPUTATION, type NomComputation, type Unite } from './computation.ts'
import { chargerSuspensions, type ReglesSuspension } from './effets.ts'
import {
  ETAPES_DROIT,
  type EtapeDroit,
  FAITS_DATES,
  type FaitDate,
  NOMS_FAITS_DATES,
  PERIODES,
  type Periode,
} from './faits.ts'
import {
  ajouterLocaux,
  dureeEcrite,
  type FichierLu,
  type Lieu,
  type Lus,
  lireNationaux,
  listerSeuils,
  situerExemples,
  verifierReference,
} from './fichiers.ts'
import { NOMS_SITUATIONS, type NomSituation } from './situations.ts'
import { type Fiabilite, fiabilite, type SourceDelai, source } from './sources.ts'
import { construireValeur, type FichierValeur, schemaValeur, type Valeur, verifierValeurs } from './valeurs.ts'
import {
  cleRegleDatee,
  cleVersion,
  construireRegleDatee,
  construireVersion,
  fait,
  faits,
  type RegleDatee,
  situationEcriteDroit,
  type VersionDroit,
  verifierSuite,
} from './versions.ts'

/** What a term means: a duty of the partners, the regularity of an act, an effect of the law, or a question to ask in time. */
export type NatureDelai = keyof typeof NATURES
export const NATURES = {
  obligation: 'à faire par un partenaire',
  controle: 'régularité d’un acte',
  terme: 'effet de la loi',
  alerte: 'question à poser à temps',
} as const

/** Followed in the dossiers, or known and computed on demand only: nothing in a dossier would say that it is kept. */
export type SuiviDelai = (typeof SUIVIS)[number]
const SUIVIS = ['dossier', 'consultation'] as const

/** One version of a time limit. */
export interface VersionDelai extends VersionDroit {
  readonly duree: Duree
  readonly computation: NomComputation
  /** An effect put off to the end of the periods in which the term falls. */
  readonly effetDiffere: {
    readonly par: readonly Report[]
    readonly libelle: string
    readonly source: SourceDelai
    readonly fiabilite: Fiabilite
  } | null
}

/** What may put an effect off: the winter truce, or a period between two facts of the dossier. */
export type Report = 'treve_hivernale' | Periode
const REPORTS: readonly Report[] = ['treve_hivernale', ...(Object.keys(PERIODES) as Periode[])]

/** A time limit, as written in one file. Immutable. */
export interface Delai extends RegleDatee<VersionDelai> {
  /** Path of the file under `donnees/`, without its extension. */
  readonly id: string
  /** Name of the file: how other files of data refer to it. */
  readonly nom: string
  readonly libelle: string
  readonly libelleCourt: string
  readonly etape: EtapeDroit
  readonly nature: NatureDelai
  readonly suivi: SuiviDelai
  /** The earliest of the known ones starts the count. */
  readonly depart: readonly FaitDate[]
  /** The date that selects the version; as for `depart`, the earliest of the known ones. */
  readonly rattachement: readonly FaitDate[]
  /** The term printed on the act, which prevails. */
  readonly imprime: FaitDate | null
  /** The end of this limit is itself a dated fact, from which others start. */
  readonly etablit: FaitDate | null
  readonly tenuPar: readonly FaitDate[]
  readonly sansObjetApres: readonly FaitDate[]
  readonly seulementSi: NomSituation | null
  readonly auPlusTard: Delai | null
  readonly alertes: readonly { readonly siAbsent: FaitDate; readonly texte: string }[]
  /** Names of other rules worth reading with this one. */
  readonly voir: readonly string[]
  readonly exemples: readonly ExempleDelai[]
  /** Where each example is written. */
  readonly lieuxExemples: readonly Lieu[]
}

/** The law that applies in a département: national rules first, then what its charters add; and the calendar they are counted with. */
export interface Delais {
  readonly liste: readonly Delai[]
  /** What is not counted: maxima, amounts, lists, rules. */
  readonly valeurs: readonly Valeur[]
  readonly calendrier: Calendrier
  /** What suspensions do, and the text each rests on. */
  readonly suspensions: ReglesSuspension
}

const exemple = z.strictObject({
  ...(Object.fromEntries(NOMS_FAITS_DATES.map((nom) => [nom, jourCivil.optional()])) as Record<
    FaitDate,
    z.ZodOptional<typeof jourCivil>
  >),
  situation: situationEcriteDroit.optional(),
  /** Expected day or days, after the move to a worked day. */
  echeance: z.union([jourCivil, z.array(jourCivil).min(2).max(2)]).optional(),
  /** Expected day before that move, when it differs. */
  brut: jourCivil.optional(),
  version: jourCivil.optional(),
  /** Part of the source that must come with the answer: the article. */
  source: texteRempli.optional(),
  effet_differe: jourCivil.optional(),
  a_verifier: z.boolean().optional(),
  /** Part of what must be said beside the answer. */
  reserve: texteRempli.optional(),
  tenue: z.boolean().optional(),
  indetermine: z.array(z.string()).optional(),
  aucune: texteRempli.optional(),
  sans_objet: z.literal(true).optional(),
})
export type ExempleDelai = z.output<typeof exemple>

const version = z.strictObject({
  ...cleVersion,
  duree: dureeEcrite,
  computation: z.enum(NOMS_COMPUTATION).optional(),
  effet_differe: z
    .strictObject({
      par: z
        .union([z.enum(REPORTS), z.array(z.enum(REPORTS)).min(1)])
        .transform((lu) => (typeof lu === 'string' ? [lu] : lu)),
      libelle: texteRempli,
      source,
      fiabilite,
    })
    .optional(),
})

export const schemaDelai = fichierDonnees({
  libelle: texteRempli,
  libelle_court: texteRempli,
  etape: z.enum(Object.keys(ETAPES_DROIT) as EtapeDroit[]).optional(),
  nature: z.enum(Object.keys(NATURES) as NatureDelai[]),
  suivi: z.enum(SUIVIS).optional(),
  depart: faits,
  rattachement: faits,
  ...cleRegleDatee,
  imprime: fait.optional(),
  etablit: fait.optional(),
  tenu_par: faits.optional(),
  sans_objet_apres: faits.optional(),
  seulement_si: z.enum(NOMS_SITUATIONS).optional(),
  au_plus_tard: identifiant.optional(),
  alertes: z.array(z.strictObject({ si_absent: fait, texte: texteRempli })).optional(),
  voir: z.array(identifiant).min(1).optional(),
  computation: z.enum(NOMS_COMPUTATION),
  versions: z.array(version).min(1),
  exemples: z.array(exemple).min(1),
})
type FichierDelai = z.output<typeof schemaDelai>

interface Droit {
  readonly delais: Lus<FichierDelai>
  readonly valeurs: Lus<FichierValeur>
}

/**
 * Reads the time limits and the values of the law and, when `dept` is given, those the département's charters add. `dept` is the folder name
 * or the number that begins it. Throws `ErreurDonnees` with every problem: an unknown unit, versions that overlap, a reference to nothing,
 * or a local file that restates a national one.
 */
export function chargerDelais(
  racineDonnees: string,
  dept?: string,
  options: { readonly alsaceMoselle?: boolean } = {},
): Delais {
  const droit = lireDroit(racineDonnees)
  const { delais, problemes } = assembler(
    dept === undefined ? droit : ajouterDroitLocal(droit, racineDonnees, dept),
    racineDonnees,
    options,
  )
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return delais
}

/** As `chargerDelais` for several départements, by code: the national law is read once, and the problems of all are told together. */
export function chargerDelaisDe(
  racineDonnees: string,
  depts: Iterable<{ readonly code: string; readonly dossier: string }>,
): { readonly national: Delais; readonly parDept: ReadonlyMap<string, Delais> } {
  const droit = lireDroit(racineDonnees)
  const national = assembler(droit, racineDonnees)
  const locaux = [...depts].map(({ code, dossier }) => ({
    code,
    ...assembler(ajouterDroitLocal(droit, racineDonnees, dossier), racineDonnees),
  }))
  const problemes = [national, ...locaux].flatMap((lu) => lu.problemes)
  const uniques = [...new Map(problemes.map((probleme) => [JSON.stringify(probleme), probleme])).values()]
  if (uniques.length > 0) throw new ErreurDonnees(uniques)
  return { national: national.delais, parDept: new Map(locaux.map(({ code, delais }) => [code, delais])) }
}

function lireDroit(racineDonnees: string): Droit {
  return {
    delais: lireNationaux(racineDonnees, 'delais', schemaDelai),
    valeurs: lireNationaux(racineDonnees, 'valeurs', schemaValeur),
  }
}

function ajouterDroitLocal({ delais, valeurs }: Droit, racineDonnees: string, dept: string): Droit {
  return {
    delais: ajouterLocaux(delais, racineDonnees, 'delais', schemaDelai, dept),
    valeurs: ajouterLocaux(valeurs, racineDonnees, 'valeurs', schemaValeur, dept),
  }
}

function assembler(
  { delais, valeurs }: Droit,
  racineDonnees: string,
  options: { readonly alsaceMoselle?: boolean } = {},
): { readonly delais: Delais; readonly problemes: readonly Probleme[] } {
  const noms = delais.lus.map(({ nom }) => nom)
  const tous = [...noms, ...valeurs.lus.map(({ nom }) => nom), ...listerSeuils(racineDonnees)]
  const problemes = [
    ...delais.problemes,
    ...valeurs.problemes,
    ...delais.lus.flatMap(({ document }) => [
      ...verifierSuite(document),
      ...verifierDurees(document),
      ...verifierReference(document, ['au_plus_tard'], document.valeur.au_plus_tard, noms, 'Aucun délai ne s’appelle'),
    ]),
    ...verifierValeurs(valeurs.lus),
    ...[...delais.lus, ...valeurs.lus].flatMap(({ document }) =>
      (document.valeur.voir ?? []).flatMap((nom, rang) =>
        verifierReference(
          document,
          ['voir', rang],
          nom,
          tous,
          'Aucun délai, aucune valeur et aucun seuil ne s’appelle',
        ),
      ),
    ),
  ]
  const lus: Delais = {
    liste: delais.lus.map((lu) => construire(lu, delais.lus)),
    valeurs: problemes.length > 0 ? [] : valeurs.lus.map(construireValeur),
    calendrier: chargerCalendrier(racineDonnees, options),
    suspensions: chargerSuspensions(racineDonnees),
  }
  return { delais: lus, problemes }
}

/**
 * The time limit that a file of data names: by its path, by `droit/…` or `charte/…`, or by its name alone. Undefined when
 * there is none.
 */
export function trouverDelai(delais: Pick<Delais, 'liste'>, reference: string): Delai | undefined {
  return trouverParNom(delais.liste, reference)
}

/** As `trouverDelai`, for a value. */
export function trouverValeur(delais: Pick<Delais, 'valeurs'>, reference: string): Valeur | undefined {
  return trouverParNom(delais.valeurs, reference)
}

function trouverParNom<R extends { readonly id: string; readonly nom: string }>(
  regles: readonly R[],
  reference: string,
): R | undefined {
  const nom = reference.split('/').at(-1)
  return (
    regles.find(({ id }) => id === reference) ??
    regles.find((regle) => regle.nom === nom && (!reference.startsWith('droit/') || regle.id.startsWith('droit/')))
  )
}

function construire({ id, nom, document }: FichierLu<FichierDelai>, lus: readonly FichierLu<FichierDelai>[]): Delai {
  const lu = document.valeur
  const plusTard = lus.find((autre) => autre.nom === lu.au_plus_tard)
  const [premier] = lu.depart
  return {
    ...construireRegleDatee(lu),
    id,
    nom,
    libelle: lu.libelle,
    libelleCourt: lu.libelle_court,
    etape: lu.etape ?? (premier ? FAITS_DATES[premier].etape : 'partenaires'),
    nature: lu.nature,
    suivi: lu.suivi ?? 'dossier',
    depart: lu.depart,
    rattachement: lu.rattachement,
    imprime: lu.imprime ?? null,
    etablit: lu.etablit ?? null,
    tenuPar: lu.tenu_par ?? [],
    sansObjetApres: lu.sans_objet_apres ?? [],
    seulementSi: lu.seulement_si ?? null,
    auPlusTard: plusTard && plusTard.nom !== nom ? construire(plusTard, []) : null,
    alertes: (lu.alertes ?? []).map(({ si_absent, texte }) => ({ siAbsent: si_absent, texte })),
    voir: lu.voir ?? [],
    versions: lu.versions.map((v) => ({
      ...construireVersion(v),
      duree: v.duree,
      computation: v.computation ?? lu.computation,
      effetDiffere: v.effet_differe ?? null,
    })),
    exemples: lu.exemples,
    lieuxExemples: situerExemples(document),
  }
}

/** Each way of counting takes its own units. */
function verifierDurees(document: DocumentYaml<FichierDelai>): readonly Probleme[] {
  const { versions, computation } = document.valeur
  return versions.flatMap((v, rang) => {
    const nom = v.computation ?? computation
    const admises: readonly Unite[] = decrireComputation(nom).unites
    if (admises.includes(v.duree.unite)) return []
    const message = `Le calcul « ${nom} » compte en ${admises.join(' ou ')}, pas en ${v.duree.unite}.`
    return [document.probleme(['versions', rang, 'duree'], message)]
  })
}
