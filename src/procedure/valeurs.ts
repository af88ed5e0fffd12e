import { z } from 'zod'
import {
  type DocumentYaml,
  ecrireEuros,
  fichierDonnees,
  identifiant,
  jourCivil,
  type Probleme,
  suggerer,
  texteRempli,
} from '#referentiel'
import {
  COMPARAISONS,
  type Contenu,
  cleContenu,
  construireContenu,
  ecrireContenu,
  GENRES_VALEUR,
  listerGenres,
} from './contenu.ts'
import { type Etalement, etalerDette } from './etalement.ts'
import {
  ETAPES_DROIT,
  type EtapeDroit,
  FAITS_DATES,
  type FaitConnu,
  type FaitDate,
  type Faits,
  NOMS_FAITS_DATES,
  trouverFait,
} from './faits.ts'
import { type FichierLu, type Lieu, situerExemples } from './fichiers.ts'
import {
  ecrireManque,
  MESURES,
  type Mesure,
  type Montants,
  NOMS_MESURES,
  NOMS_SITUATIONS,
  type NomSituation,
  SITUATIONS,
  type Situation,
} from './situations.ts'
import { estAVerifier, type Fiabilite, fiabilite, type SourceDelai, source } from './sources.ts'
import {
  choisirVersions,
  cleRegleDatee,
  cleVersion,
  construireRegleDatee,
  construireVersion,
  fait,
  type RegleDatee,
  situationEcriteDroit,
  type VersionDroit,
  verifierSuite,
} from './versions.ts'

/** `rattachement: calendrier`: the date of the event examined (a session, an execution), never today's. */
const CALENDRIER = 'calendrier'
const FAIT_CALENDRIER = 'evenement.examine' satisfies FaitDate

/** One version of a value. */
export interface VersionValeur extends VersionDroit {
  readonly contenu: Contenu
  /** The text can be read otherwise: both are given. */
  readonly autreLecture: {
    readonly contenu: Contenu
    readonly source: SourceDelai
    readonly fiabilite: Fiabilite
    readonly reserve: string
  } | null
}

/** What the law gives that is not counted from a date: a maximum, an amount, a list, a rule. As written in one file. Immutable. */
export interface Valeur extends RegleDatee<VersionValeur> {
  /** Path of the file under `donnees/`, without its extension. */
  readonly id: string
  readonly nom: string
  readonly libelle: string
  readonly libelleCourt: string
  readonly etape: EtapeDroit
  /** The date that selects the version: the earliest of the known ones. */
  readonly rattachement: readonly FaitDate[]
  readonly seulementSi: NomSituation | null
  /** Amounts of the dossier compared with the value, or from which it is computed; any one is enough. */
  readonly mesures: readonly Mesure[]
  readonly alertes: readonly {
    readonly siPresent: FaitDate | null
    readonly siAbsent: FaitDate | null
    readonly texte: string
  }[]
  readonly voir: readonly string[]
  readonly exemples: readonly ExempleValeur[]
  readonly lieuxExemples: readonly Lieu[]
}

/** One reading of a value. */
export interface LectureValeur {
  readonly version: Temporal.PlainDate
  readonly rattachement: FaitConnu
  readonly contenu: Contenu
  /** The content in French, on one line. */
  readonly texte: string
  readonly source: SourceDelai
  readonly fiabilite: Fiabilite
  readonly verifieLe: Temporal.PlainDate | null
  /** Is the amount of the dossier within the value? Null when it is not compared, or not known. */
  readonly remplie: boolean | null
  /** A fraction of the debt per month: the instalments it gives. */
  readonly etalement: Etalement | null
}

export interface ValeurResolue {
  readonly issue: 'valeur'
  /** One reading, or two when the law leaves both open. */
  readonly lectures: readonly [LectureValeur, ...LectureValeur[]]
  readonly aVerifier: boolean
  /** French sentences: doubts first, then what goes with the value. */
  readonly reserves: readonly string[]
}

export type ResultatValeur =
  | ValeurResolue
  | {
      readonly issue: 'indeterminee'
      readonly indetermine: readonly (FaitDate | NomSituation)[]
      readonly texte: string
    }
  | { readonly issue: 'aucune'; readonly aucune: string; readonly ensuite: string | null }
  | { readonly issue: 'sans_objet'; readonly texte: string }

const rattachement = z.enum([CALENDRIER, ...NOMS_FAITS_DATES])
const faitsExemple = z.strictObject(
  Object.fromEntries(NOMS_FAITS_DATES.map((nom) => [nom, jourCivil.optional()])) as Record<
    FaitDate,
    z.ZodOptional<typeof jourCivil>
  >,
)

const exemple = z.strictObject({
  cas: texteRempli,
  faits: faitsExemple,
  situation: situationEcriteDroit.optional(),
  montants: z
    .strictObject(
      Object.fromEntries(NOMS_MESURES.map((nom) => [nom, z.int().min(0).optional()])) as Record<
        Mesure,
        z.ZodOptional<z.ZodInt>
      >,
    )
    .optional(),
  attendu: z.strictObject({
    /** As written in French; two when there are two readings. */
    valeur: z.union([texteRempli, z.array(texteRempli).min(2)]).optional(),
    /** Part of a long value: one element of a list, a few words of a rule. */
    contient: texteRempli.optional(),
    version: jourCivil.optional(),
    source: texteRempli.optional(),
    a_verifier: z.boolean().optional(),
    reserve: texteRempli.optional(),
    remplie: z.boolean().optional(),
    mensualite: z.int().optional(),
    derniere: z.int().optional(),
    indetermine: z.array(z.string()).optional(),
    aucune: texteRempli.optional(),
    sans_objet: z.literal(true).optional(),
  }),
})
export type ExempleValeur = z.output<typeof exemple>

/** Shape of a file of `valeurs/`. */
export const schemaValeur = fichierDonnees({
  libelle: texteRempli,
  libelle_court: texteRempli,
  etape: z.enum(Object.keys(ETAPES_DROIT) as EtapeDroit[]).optional(),
  rattachement: z
    .union([rattachement, z.array(rattachement).min(1)])
    .transform((lu) =>
      (typeof lu === 'string' ? [lu] : lu).map((nom): FaitDate => (nom === CALENDRIER ? FAIT_CALENDRIER : nom)),
    ),
  ...cleRegleDatee,
  seulement_si: z.enum(NOMS_SITUATIONS).optional(),
  mesures: z.array(z.enum(NOMS_MESURES)).min(1).optional(),
  /** The only words versions may give, with their French. */
  mots: z.record(identifiant, texteRempli).optional(),
  alertes: z
    .array(
      z
        .strictObject({ si_present: fait.optional(), si_absent: fait.optional(), texte: texteRempli })
        .refine(({ si_present, si_absent }) => si_present !== undefined || si_absent !== undefined, {
          error: 'Une alerte donne « si_present », « si_absent » ou les deux.',
        }),
    )
    .optional(),
  voir: z.array(identifiant).min(1).optional(),
  versions: z
    .array(
      z.strictObject({
        ...cleVersion,
        ...cleContenu,
        autre_lecture: z.strictObject({ ...cleContenu, source, fiabilite, reserve: texteRempli }).optional(),
      }),
    )
    .min(1),
  exemples: z.array(exemple).min(1),
})
export type FichierValeur = z.output<typeof schemaValeur>

/** What the shape alone does not say: versions that overlap, none or two contents, a word that is not declared. */
export function verifierValeurs(lus: readonly FichierLu<FichierValeur>[]): readonly Probleme[] {
  return lus.flatMap(({ document }) => [...verifierSuite(document), ...verifierContenus(document)])
}

function verifierContenus(document: DocumentYaml<FichierValeur>): readonly Probleme[] {
  const { versions, mots = {}, mesures = [] } = document.valeur
  const genre = versions[0] ? listerGenres(versions[0])[0] : undefined
  return versions.flatMap((version, rang) =>
    [
      { ecrit: version, ou: ['versions', rang] },
      ...(version.autre_lecture ? [{ ecrit: version.autre_lecture, ou: ['versions', rang, 'autre_lecture'] }] : []),
    ].flatMap(({ ecrit, ou }): Probleme[] => {
      const genres = listerGenres(ecrit)
      const [sien] = genres
      if (sien === undefined || genres.length > 1) {
        const message = `Une version donne une seule valeur, sous l’une de ces clés : ${Object.keys(GENRES_VALEUR).join(', ')}.`
        return [document.probleme(genres[1] === undefined ? ou : [...ou, genres[1]], message)]
      }
      if (sien !== genre) {
        const message = `Toutes les versions d’un fichier donnent le même genre de valeur, ici « ${genre} ». Ouvrir un autre fichier pour « ${sien} ».`
        return [document.probleme([...ou, sien], message)]
      }
      const { mot } = ecrit
      if (mot !== undefined && !Object.hasOwn(mots, mot)) {
        const message = `Le mot « ${mot} » n’est pas déclaré sous « mots ».${suggerer(mot, Object.keys(mots))}`
        return [document.probleme([...ou, 'mot'], message)]
      }
      if (ecrit.montant?.comparaison !== undefined && mesures.length === 0) {
        const message = `Dire sous « mesures » quel montant du dossier est comparé : ${NOMS_MESURES.join(', ')}.`
        return [document.probleme([...ou, 'montant', 'comparaison'], message)]
      }
      return []
    }),
  )
}

/** The value of a file, checked before. */
export function construireValeur({ id, nom, document }: FichierLu<FichierValeur>): Valeur {
  const lu = document.valeur
  const mots = lu.mots ?? {}
  const [premier] = lu.rattachement
  return {
    ...construireRegleDatee(lu),
    id,
    nom,
    libelle: lu.libelle,
    libelleCourt: lu.libelle_court,
    etape: lu.etape ?? (premier ? FAITS_DATES[premier].etape : 'ccapex'),
    rattachement: lu.rattachement,
    seulementSi: lu.seulement_si ?? null,
    mesures: lu.mesures ?? [],
    alertes: (lu.alertes ?? []).map(({ si_present, si_absent, texte }) => ({
      siPresent: si_present ?? null,
      siAbsent: si_absent ?? null,
      texte,
    })),
    voir: lu.voir ?? [],
    versions: lu.versions.map((version) => ({
      ...construireVersion(version),
      contenu: construireContenu(version, mots),
      autreLecture: version.autre_lecture
        ? {
            contenu: construireContenu(version.autre_lecture, mots),
            source: version.autre_lecture.source,
            fiabilite: version.autre_lecture.fiabilite,
            reserve: version.autre_lecture.reserve,
          }
        : null,
    })),
    exemples: lu.exemples,
    lieuxExemples: situerExemples(document),
  }
}

/**
 * The value for given facts, with its source and what must be said beside it. The version hangs on the date of attachment, never on today:
 * without it the answer is `indeterminee`, outside every version it is `aucune`; two readings are both given.
 */
export function resoudreValeur(
  valeur: Valeur,
  faits: Faits,
  situation: Situation = {},
  montants: Montants = {},
): ResultatValeur {
  const condition = valeur.seulementSi
  if (condition !== null && situation[condition] === false) {
    return { issue: 'sans_objet', texte: SITUATIONS[condition].sansObjet }
  }
  const rattachement = trouverFait(valeur.rattachement, faits)
  const manque: readonly (FaitDate | NomSituation)[] = [
    ...(condition !== null && situation[condition] == null ? [condition] : []),
    ...(rattachement ? [] : valeur.rattachement.slice(0, 1)),
  ]
  if (!rattachement || manque.length > 0) return indeterminer(manque)
  const reponse = choisirVersions(valeur, rattachement, faits, situation)
  if (reponse.issue === 'aucune') return reponse
  if (reponse.issue === 'indeterminee') return indeterminer(reponse.indetermine)
  const toutes = reponse.choix.flatMap(({ version, ...choix }) => [
    lire(valeur, version, { ...choix, contenu: version.contenu }, montants),
    ...(version.autreLecture ? [lire(valeur, version, { ...choix, ...version.autreLecture }, montants)] : []),
  ])
  const [premiere, ...autres] = toutes
  if (!premiere) throw new Error('a value that holds has a reading')
  const lectures = [premiere, ...autres.filter(({ texte }) => texte !== premiere.texte)] as const
  const [version] = reponse.choix.map((choix) => choix.version)
  return {
    issue: 'valeur',
    lectures,
    aVerifier:
      reponse.doutes.length > 0 || lectures.length > 1 || lectures.some((lecture) => estAVerifier(lecture.fiabilite)),
    reserves: [
      ...reponse.doutes,
      ...(version?.autreLecture ? [version.autreLecture.reserve] : []),
      ...(version?.reserve ? [version.reserve] : []),
      ...lister(valeur, faits),
      ...ecrireMontantsManquants(valeur, premiere, montants),
    ],
  }
}

function indeterminer(indetermine: readonly (FaitDate | NomSituation)[]): ResultatValeur {
  return { issue: 'indeterminee', indetermine, texte: ecrireManque(indetermine) }
}

function lire(
  { mesures }: Valeur,
  version: VersionValeur,
  lu: Pick<LectureValeur, 'rattachement' | 'contenu' | 'source' | 'fiabilite'>,
  montants: Montants,
): LectureValeur {
  const { rattachement, contenu, source, fiabilite } = lu
  return {
    version: version.du,
    rattachement,
    contenu,
    texte: ecrireContenu(contenu),
    source,
    fiabilite,
    verifieLe: version.verifieLe,
    remplie: comparerMontants(mesures, contenu, montants),
    etalement: etaler(mesures, contenu, montants),
  }
}

/** One amount within the value is enough; « no » needs all of them to be known. */
function comparerMontants(mesures: readonly Mesure[], contenu: Contenu, montants: Montants): boolean | null {
  if (contenu.genre !== 'montant' || contenu.comparaison === null) return null
  const { est } = COMPARAISONS[contenu.comparaison]
  const reponses = mesures.map((mesure) => {
    const montant = montants[mesure]
    return montant == null ? null : est(montant, contenu.centimes)
  })
  if (reponses.includes(true)) return true
  return reponses.includes(null) ? null : false
}

function etaler(mesures: readonly Mesure[], contenu: Contenu, { dette }: Montants): Etalement | null {
  if (contenu.genre !== 'fraction' || contenu.numerateur !== 1 || dette == null || !mesures.includes('dette'))
    return null
  return etalerDette(dette, contenu.denominateur)
}

function lister({ alertes }: Valeur, faits: Faits): readonly string[] {
  return alertes
    .filter(
      ({ siPresent, siAbsent }) => (siPresent === null || faits[siPresent]) && (siAbsent === null || !faits[siAbsent]),
    )
    .map(({ texte }) => texte)
}

function ecrireMontantsManquants(
  { mesures }: Valeur,
  { contenu, remplie }: LectureValeur,
  montants: Montants,
): readonly string[] {
  if (contenu.genre !== 'montant' || contenu.comparaison === null || remplie !== null) return []
  const manquants = mesures.filter((mesure) => montants[mesure] == null).map((mesure) => MESURES[mesure])
  return [`À comparer avec ${manquants.join(' ou ')}, qui manque (seuil : ${ecrireEuros(contenu.centimes)}).`]
}
