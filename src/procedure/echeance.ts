import { type Calendrier, estFerie, trouverTreve } from './calendrier.ts'
import { calculerTerme, type Duree, decrireComputation, type NomComputation, type Terme } from './computation.ts'
import type { Delai, Report, VersionDelai } from './delais.ts'
import { ecrireDuree, ecrireJour, ecrireJourDeSemaine, majuscule } from './ecriture.ts'
import { FAITS_DATES, type FaitConnu, type FaitDate, type Faits, PERIODES, trouverFait } from './faits.ts'
import { ecrireManque, type NomSituation, SITUATIONS, type Situation } from './situations.ts'
import { ecrireSource, estAVerifier, FIABILITES, type Fiabilite, type SourceDelai } from './sources.ts'
import { type Choix, choisirVersions } from './versions.ts'

/** One reading of a time limit: a version, the day it gives, and what that rests on. */
export interface Lecture extends Terme {
  readonly version: Temporal.PlainDate
  readonly duree: Duree
  readonly computation: NomComputation
  readonly rattachement: FaitConnu
  readonly source: SourceDelai
  readonly fiabilite: Fiabilite
  readonly verifieLe: Temporal.PlainDate | null
  /** What the version itself says beside its value. */
  readonly reserve: string | null
  readonly effetDiffere: EffetDiffere | null
  readonly explication: Explication
}

/** What is shown when a date is opened. Plain spaces: typography is the business of the rendering. */
export interface Explication {
  readonly depart: string
  readonly calcul: string
  readonly source: string
  readonly lien: string | null
  readonly fiabilite: string
  readonly verification: string
}

/** An effect put off to the day after the last of the periods its term falls in. */
export interface EffetDiffere {
  readonly libelle: string
  /** « trêve hivernale jusqu’au 31/03/2027 », in order. */
  readonly causes: readonly string[]
  readonly le: Temporal.PlainDate
  readonly source: SourceDelai
  readonly fiabilite: Fiabilite
}

export interface EcheanceCalculee {
  readonly issue: 'calculee'
  /** The day to aim at: printed on the act, or the earliest of the readings. */
  readonly le: Temporal.PlainDate
  /** The latest day that can be held: only past it may one say that the limit is over. */
  readonly limiteLe: Temporal.PlainDate
  readonly depart: FaitConnu
  /** One reading, two when the law is discussed, none when only the date printed on the act is known. */
  readonly lectures: readonly Lecture[]
  /** What to show, the date that prevails first: never empty. */
  readonly explications: readonly [Explication, ...Explication[]]
  readonly imprimeLe: Temporal.PlainDate | null
  /** Another time limit that ends sooner and brings this one forward. */
  readonly avanceePar: { readonly libelle: string; readonly le: Temporal.PlainDate; readonly texte: string } | null
  readonly aVerifier: boolean
  /** French sentences: doubts first, then what is missing for the limit to run. */
  readonly reserves: readonly string[]
}

export type ResultatEcheance =
  | EcheanceCalculee
  | {
      readonly issue: 'indeterminee'
      readonly indetermine: readonly (FaitDate | NomSituation)[]
      readonly texte: string
    }
  | { readonly issue: 'aucune'; readonly aucune: string; readonly ensuite: string | null }
  | { readonly issue: 'sans_objet'; readonly texte: string }

/**
 * The term of a time limit for given facts. The version hangs on the date of attachment, never on today: without it the
 * answer is `indeterminee`, outside every version it is `aucune`, and when the law is discussed there are two readings.
 */
export function calculerEcheance(
  delai: Delai,
  faits: Faits,
  calendrier: Calendrier,
  situation: Situation = {},
): ResultatEcheance {
  const condition = delai.seulementSi
  if (condition !== null && situation[condition] === false) {
    return { issue: 'sans_objet', texte: SITUATIONS[condition].sansObjet }
  }
  const depart = trouverFait(delai.depart, faits)
  const rattachement = trouverFait(delai.rattachement, faits)
  const imprime = delai.imprime ? trouverFait([delai.imprime], faits) : null
  const manque: readonly (FaitDate | NomSituation)[] = [
    ...(condition !== null && situation[condition] == null ? [condition] : []),
    ...(depart ? [] : delai.depart.slice(0, 1)),
    ...(rattachement || imprime || delai.rattachement[0] === delai.depart[0] ? [] : delai.rattachement.slice(0, 1)),
  ]
  if (!depart || manque.length > 0) return indeterminer(manque)

  const reponse = rattachement ? choisirVersions(delai, rattachement, faits, situation, depart.le) : null
  if (reponse?.issue === 'indeterminee' && !imprime) return indeterminer(reponse.indetermine)
  if (reponse?.issue === 'aucune' && !imprime) return reponse
  if (reponse?.issue !== 'choisie') return conclure(delai, depart, [], [], faits, calendrier, situation)
  const [premiere, ...autres] = reponse.choix.map((choix) => lire(choix, depart, faits, calendrier))
  const lectures = premiere
    ? [premiere, ...autres.filter(({ termeReporte }) => !termeReporte.equals(premiere.termeReporte))]
    : []
  return conclure(delai, depart, lectures, reponse.doutes, faits, calendrier, situation)
}

function conclure(
  delai: Delai,
  depart: FaitConnu,
  lectures: readonly Lecture[],
  doutes: readonly string[],
  faits: Faits,
  calendrier: Calendrier,
  situation: Situation,
): EcheanceCalculee {
  const jours = lectures.map(({ termeReporte }) => termeReporte).toSorted(Temporal.PlainDate.compare)
  const imprimeLe = (delai.imprime && faits[delai.imprime]) || null
  const avanceePar = imprimeLe ? null : avancer(delai, depart, jours[0], faits, calendrier, situation)
  const seul = imprimeLe ?? avanceePar?.le
  const [premiere, ...suite] = [
    ...(imprimeLe ? [expliquerImprime(depart, imprimeLe)] : []),
    ...lectures.map(({ explication }) => explication),
  ]
  if (!premiere) throw new Error('a computed time limit has a reading or a printed date')
  const differe = imprimeLe !== null && jours.length > 0 && !jours.some((jour) => jour.equals(imprimeLe))
  return {
    issue: 'calculee',
    le: seul ?? jours[0] ?? depart.le,
    limiteLe: seul ?? jours.at(-1) ?? depart.le,
    depart,
    lectures,
    explications: [premiere, ...suite],
    imprimeLe,
    avanceePar,
    aVerifier: doutes.length > 0 || differe || lectures.some(({ fiabilite }) => estAVerifier(fiabilite)),
    reserves: [
      ...doutes,
      ...(differe ? ['La date imprimée sur l’acte diffère du délai calculé : à vérifier.'] : []),
      ...lectures.slice(0, 1).flatMap(({ reserve }) => reserve ?? []),
      ...delai.alertes.filter(({ siAbsent }) => !faits[siAbsent]).map(({ texte }) => texte),
    ],
  }
}

/**
 * REP-17: a sooner time limit, such as the one before the hearing, brings this one forward, though never before it starts.
 * A hearing held before this limit started has nothing to do with it.
 */
function avancer(
  delai: Delai,
  depart: FaitConnu,
  jour: Temporal.PlainDate | undefined,
  faits: Faits,
  calendrier: Calendrier,
  situation: Situation,
): EcheanceCalculee['avanceePar'] {
  if (!delai.auPlusTard || !jour) return null
  const autre = calculerEcheance(delai.auPlusTard, faits, calendrier, situation)
  if (autre.issue !== 'calculee' || Temporal.PlainDate.compare(autre.le, jour) >= 0) return null
  if (Temporal.PlainDate.compare(autre.depart.le, depart.le) < 0) return null
  const le = Temporal.PlainDate.compare(autre.le, depart.le) < 0 ? depart.le : autre.le
  const texte = `Avancée du ${ecrireJour(jour)} au ${ecrireJour(le)} : ${ecrireFait(autre.depart)}, ${autre.explications[0].calcul}.`
  return { libelle: delai.auPlusTard.libelle, le, texte }
}

function lire(
  { version, rattachement, source, fiabilite: label }: Choix<VersionDelai>,
  depart: FaitConnu,
  faits: Faits,
  calendrier: Calendrier,
): Lecture {
  const terme = calculerTerme(version.computation, depart.le, version.duree, calendrier)
  return {
    ...terme,
    version: version.du,
    duree: version.duree,
    computation: version.computation,
    rattachement,
    source,
    fiabilite: label,
    verifieLe: version.verifieLe,
    reserve: version.reserve,
    effetDiffere: differer(version, terme.termeBrut, faits, calendrier),
    explication: {
      depart: majuscule(ecrireFait(depart)),
      calcul: ecrireCalcul(version, depart, rattachement, terme, calendrier),
      source: ecrireSource(source),
      lien: source.lien ?? null,
      fiabilite: FIABILITES[label],
      verification: version.verifieLe ? `Vérifié le ${ecrireJour(version.verifieLe)}` : 'Non vérifié par un juriste',
    },
  }
}

/** The day an effect is put off to: the end of one period may fall in another. Null when the term falls in none. */
export function differer(
  { effetDiffere: effet }: VersionDelai,
  terme: Temporal.PlainDate,
  faits: Faits,
  calendrier: Calendrier,
): EffetDiffere | null {
  if (!effet) return null
  const causes: string[] = []
  let le = terme
  for (;;) {
    const trouvee = effet.par
      .map((report) => trouverReport(report, le, faits, calendrier))
      .find((report) => report !== null)
    if (!trouvee) break
    causes.push(`${trouvee.libelle} jusqu’au ${ecrireJour(trouvee.jusquAu)}`)
    le = trouvee.jusquAu.add({ days: 1 })
  }
  if (causes.length === 0) return null
  return { libelle: effet.libelle, causes, le, source: effet.source, fiabilite: effet.fiabilite }
}

/** A period without a known start covers the day: unknown is not « no ». */
function trouverReport(
  report: Report,
  le: Temporal.PlainDate,
  faits: Faits,
  calendrier: Calendrier,
): { readonly libelle: string; readonly jusquAu: Temporal.PlainDate } | null {
  if (report === 'treve_hivernale') {
    const treve = trouverTreve(calendrier, le)
    return treve && { libelle: 'trêve hivernale', jusquAu: treve.jusquAu }
  }
  const { debut, fin, libelle } = PERIODES[report]
  const [commence, jusquAu] = [faits[debut], faits[fin]]
  if (!jusquAu || Temporal.PlainDate.compare(jusquAu, le) < 0) return null
  if (commence && Temporal.PlainDate.compare(commence, le) > 0) return null
  return { libelle, jusquAu }
}

function expliquerImprime(depart: FaitConnu, imprimeLe: Temporal.PlainDate): Explication {
  return {
    depart: majuscule(ecrireFait(depart)),
    calcul: `date imprimée sur l’acte, le ${ecrireJour(imprimeLe)} : elle l’emporte sur le calcul`,
    source: 'Acte signifié',
    lien: null,
    fiabilite: 'Date imprimée sur l’acte',
    verification: 'Recopiée de l’acte',
  }
}

function ecrireCalcul(
  version: VersionDelai,
  depart: FaitConnu,
  rattachement: FaitConnu,
  { termeBrut, termeReporte }: Terme,
  calendrier: Calendrier,
): string {
  const { sens } = decrireComputation(version.computation)
  const duree = ecrireDuree(version.duree) + (sens === 'avant' ? ' avant, à rebours' : '')
  const exclus = version.duree.unite === 'jours_ouvres' ? listerFeriesEntre(depart.le, termeBrut, calendrier) : []
  const details = [
    ...(rattachement.le.equals(depart.le) ? [] : [ecrireFait(rattachement)]),
    ...(exclus.length > 0 ? [`fériés exclus : ${exclus.map(ecrireJour).join(', ')}`] : []),
  ]
  const parenthese = details.length > 0 ? ` (${details.join(' ; ')})` : ''
  const brut = `${duree}${parenthese}, soit le ${ecrireJour(termeBrut)}`
  if (termeReporte.equals(termeBrut)) return brut
  const ferie = estFerie(calendrier, termeBrut) ? 'férié' : ecrireJourDeSemaine(termeBrut)
  const verbe = sens === 'apres' ? 'reporté' : 'avancé'
  return `${brut} (${ferie}), ${verbe} au ${ecrireJourDeSemaine(termeReporte)} ${ecrireJour(termeReporte)}`
}

/** Public holidays on weekdays between two days, which a count of worked days skips. */
function listerFeriesEntre(a: Temporal.PlainDate, b: Temporal.PlainDate, calendrier: Calendrier): Temporal.PlainDate[] {
  const [debut, fin] = Temporal.PlainDate.compare(a, b) <= 0 ? [a, b] : [b, a]
  const feries: Temporal.PlainDate[] = []
  for (let jour = debut.add({ days: 1 }); Temporal.PlainDate.compare(jour, fin) < 0; jour = jour.add({ days: 1 })) {
    if (jour.dayOfWeek <= 5 && estFerie(calendrier, jour)) feries.push(jour)
  }
  return feries
}

function indeterminer(manque: readonly (FaitDate | NomSituation)[]): ResultatEcheance {
  return { issue: 'indeterminee', indetermine: manque, texte: ecrireManque(manque) }
}

function ecrireFait({ fait, le }: FaitConnu): string {
  return `${FAITS_DATES[fait].phrase} ${ecrireJour(le)}`
}
