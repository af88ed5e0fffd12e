import type { Session } from '#acces'
import {
  calculerEcheance,
  differer,
  type EcheanceCalculee,
  type Faits,
  resoudreValeur,
  trouverDelai,
  trouverValeur,
} from '#procedure'
import { parametre } from '#referentiel'
import { formatDate } from '#socle/typography'
import type { EcheanceExpliquee } from './types.ts'

type Regles = Pick<Session, 'delais' | 'referentiel' | 'dept' | 'jour'>

const REFUS_IMPLICITE = 'droit/delais/requisition.refus-implicite'

const departementDe = ({ referentiel, dept }: Regles) => {
  const departement = referentiel.departements.get(dept)
  if (!departement) throw new Error(`département ${dept} absent from the référentiel`)
  return departement
}

function enClair(libelle: string, calculee: EcheanceCalculee): EcheanceExpliquee {
  const [explication] = calculee.explications
  return {
    libelle,
    le: calculee.le.toString(),
    depart: explication.depart,
    calcul: explication.calcul,
    source: explication.source,
    fiabilite: explication.fiabilite,
    aVerifier: calculee.aVerifier,
    ...(calculee.reserves.length > 0 ? { reserve: calculee.reserves.join(' ') } : {}),
  }
}

function calculer(regles: Regles, nom: string, faits: Faits): EcheanceCalculee | null {
  const delai = trouverDelai(regles.delais, nom)
  if (!delai) return null
  const resultat = calculerEcheance(delai, faits, regles.delais.calendrier)
  return resultat.issue === 'calculee' ? resultat : null
}

/** The day silence is worth a refusal (CPCE R.153-1). A date that passes: nobody has decided anything then. */
export function refusImplicite(regles: Regles, recueLe: Temporal.PlainDate): EcheanceExpliquee | null {
  const calculee = calculer(regles, REFUS_IMPLICITE, { 'requisition.recue': recueLe })
  return calculee && enClair('Silence du préfet valant refus', calculee)
}

/**
 * When an inquiry should be answered: the charter's time for the social inquiry; for the others, and where the charter gives none, the day silence is worth a
 * refusal, after which an answer enlightens nobody. The SIAO is asked without a date.
 */
export function echeanceEnquete(
  regles: Regles,
  genre: string,
  recueLe: Temporal.PlainDate,
  demandeeLe: Temporal.PlainDate,
): EcheanceExpliquee | null {
  if (genre === 'siao') return null
  if (genre === 'sociale') {
    const charte = calculer(regles, 'enquete-sociale', { 'enquete.demandee': demandeeLe })
    if (charte) return enClair('Remise de l’enquête sociale', charte)
  }
  const silence = refusImplicite(regles, recueLe)
  if (!silence) return null
  return {
    ...silence,
    libelle: 'Réponse utile à la décision',
    reserve: [
      genre === 'sociale'
        ? 'La charte ne fixe pas de délai d’enquête ici : c’est la date où le silence vaut refus.'
        : 'Aucun texte ne fixe ce délai : c’est la date où le silence vaut refus.',
      silence.reserve ?? '',
    ]
      .join(' ')
      .trim(),
  }
}

/** When the State starts to owe compensation, and what that rests on. */
export interface Responsabilite {
  readonly regime: string
  readonly source: string
  readonly aVerifier: boolean
  /** Null: nothing has started it, or no written rule gives the date. */
  readonly depart: { readonly le: Temporal.PlainDate; readonly pourquoi: string } | null
  /** What stopped it, as far as the facts of the request say. */
  readonly fin: { readonly le: Temporal.PlainDate; readonly pourquoi: string } | null
  readonly reserves: readonly string[]
}

/** What starts and stops the State's liability in the facts of a request. */
export interface DatesDecisives {
  readonly recue_le: Temporal.PlainDate
  /** First express refusal. */
  readonly refus: Temporal.PlainDate | null
  /** The grant, when it is the last decision. */
  readonly accord: Temporal.PlainDate | null
  readonly execution: Temporal.PlainDate | null
  readonly depart: Temporal.PlainDate | null
}

interface JourMotive {
  readonly le: Temporal.PlainDate
  readonly pourquoi: string
}

const avant = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(a, b) < 0

/** From when the State owes: an express refusal, or the term of its silence, put off by the periods the law names. Granted before either: from no day. */
function departDe(
  regles: Regles,
  { refus, accord }: DatesDecisives,
  terme: EcheanceCalculee,
  dates: Faits,
): JourMotive | null {
  const silence = terme.lectures[0]
  if (refus && avant(refus, terme.le)) {
    const version = trouverDelai(regles.delais, REFUS_IMPLICITE)?.versions.find(
      ({ du }) => silence && du.equals(silence.version),
    )
    const differe = version && differer(version, refus, dates, regles.delais.calendrier)
    const reporte = differe ? `, reporté (${differe.causes.join(', ')})` : ''
    return { le: differe?.le ?? refus, pourquoi: `refus exprès du ${formatDate(refus)}${reporte}` }
  }
  if (accord && !avant(terme.le, accord)) return null
  const differe = silence?.effetDiffere
  const reporte = differe ? `, reporté (${differe.causes.join(', ')})` : ''
  return {
    le: differe?.le ?? terme.le,
    pourquoi: `silence du préfet, terme du ${formatDate(terme.le)}${reporte}`,
  }
}

/** What ends it first: the departure of the occupant, the grant, or the eviction itself when it comes later than the law allows. */
function finDe(regles: Regles, { accord, execution, depart }: DatesDecisives, dates: Faits) {
  const limite =
    accord && calculer(regles, 'droit/delais/requisition.execution-tardive', { ...dates, 'concours.accorde': accord })
  const tardive = limite && avant(limite.limiteLe, execution ?? regles.jour)
  const parConcours: JourMotive | null = !accord
    ? null
    : !tardive
      ? { le: accord, pourquoi: 'concours accordé' }
      : execution
        ? { le: execution, pourquoi: `expulsion faite après le ${formatDate(limite.limiteLe)}` }
        : null
  const parDepart = depart && { le: depart, pourquoi: 'départ de l’occupant' }
  const [fin] = [parConcours, parDepart]
    .filter((une) => une !== null)
    .toSorted((a, b) => Temporal.PlainDate.compare(a.le, b.le))
  return {
    fin: fin ?? null,
    reserves: !limite
      ? []
      : tardive && !fin
        ? [
            `Concours accordé le ${formatDate(accord)}, non exécuté le ${formatDate(limite.limiteLe)} : elle court jusqu’à l’exécution.`,
          ]
        : !tardive && !execution
          ? [`Sous réserve d’une exécution au plus tard le ${formatDate(limite.limiteLe)}.`]
          : [],
  }
}

/** The State's liability for a request (CPCE R.154-1 to R.154-7 since 7 November 2025, case law before). */
export function responsabilite(regles: Regles, decisives: DatesDecisives, faits: Faits): Responsabilite | null {
  const dates: Faits = { ...faits, 'requisition.recue': decisives.recue_le }
  const lire = (nom: string) => {
    const valeur = trouverValeur(regles.delais, `droit/valeurs/${nom}`)
    const resultat = valeur && resoudreValeur(valeur, dates)
    return resultat?.issue === 'valeur' ? resultat : null
  }
  const regime = lire('requisition.responsabilite')
  if (!regime) return null
  const [lecture] = regime.lectures
  const ecrit = lire('requisition.responsabilite-depart')
  const terme = calculer(regles, REFUS_IMPLICITE, dates)
  const depart = ecrit && terme ? departDe(regles, decisives, terme, dates) : null
  const { fin, reserves } = depart ? finDe(regles, decisives, dates) : { fin: null, reserves: [] }
  // What ends before it would begin never began.
  const court = depart !== null && (fin === null || avant(depart.le, fin.le))
  return {
    regime: lecture.texte,
    source: `${lecture.source.titre}, ${lecture.source.reference ?? ''}`.replace(/, $/, ''),
    aVerifier: regime.aVerifier || (ecrit?.aVerifier ?? false),
    reserves: [
      ...new Set([
        ...(court ? reserves : []),
        ...regime.reserves,
        ...(ecrit?.reserves ?? []),
        ...(terme?.reserves ?? []),
      ]),
    ],
    depart: court ? depart : null,
    fin: court ? fin : null,
  }
}

/** The next winter truce, or the one under way. Null outside the years of the table. */
export function prochaineTreve({ delais, jour }: Pick<Session, 'delais' | 'jour'>): {
  readonly du: Temporal.PlainDate
  readonly jusquAu: Temporal.PlainDate
  readonly enCours: boolean
} | null {
  const treve = delais.calendrier.treves.find(({ jusquAu }) => Temporal.PlainDate.compare(jour, jusquAu) <= 0)
  if (!treve) return null
  return { du: treve.du, jusquAu: treve.jusquAu, enCours: Temporal.PlainDate.compare(treve.du, jour) <= 0 }
}

/** Time to meet the household after the day, in hours; null when the charter gives none. */
export function heuresDuSuivi(regles: Regles): number | null {
  const reponse = parametre(departementDe(regles), 'sao_delai', regles.jour)
  return reponse.etat === 'valeur' ? reponse.valeur : null
}

/**
 * Whether a grant decided on a day is also told to bailiffs and social landlords (RFP-21): from the day of the year the charter gives to the one that ends it, the
 * period crossing the new year. Null when the charter does not say.
 */
export function diffuseEnTreve(
  regles: Regles,
  le: Temporal.PlainDate,
): { readonly oui: boolean; readonly du: string; readonly source: string; readonly reserve: string | null } | null {
  const departement = departementDe(regles)
  const du = parametre(departement, 'concours_signale_du', le)
  const fin = parametre(departement, 'concours_signale_jusqu_au', le)
  if (du.etat !== 'valeur') return null
  const jour = le.toString().slice(5)
  const debut = String(du.valeur)
  const dernier = fin.etat === 'valeur' ? String(fin.valeur) : '12-31'
  const oui = debut <= dernier ? jour >= debut && jour <= dernier : jour >= debut || jour <= dernier
  return {
    oui,
    du: debut,
    source: [du.source.titre, du.source.reference].filter(Boolean).join(', '),
    reserve: [du.reserve, fin.etat === 'valeur' ? fin.reserve : null].filter(Boolean).join(' ; ') || null,
  }
}
