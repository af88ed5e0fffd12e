import { type Acte, type ActeDeProcedure, listerActesEnVigueur } from './actes.ts'
import type { Delai, Delais, NatureDelai } from './delais.ts'
import { calculerEcheance, type EcheanceCalculee, type ResultatEcheance } from './echeance.ts'
import { type FaitDate, type Faits, NOMS_FAITS_DATES } from './faits.ts'
import type { Situation } from './situations.ts'
import { listerActesDuCycle } from './stade.ts'

/** What the time limits of a dossier are computed from. */
export interface DossierProcedure {
  readonly actes: readonly Acte[]
  readonly bail?: {
    readonly concluLe?: Temporal.PlainDate | null | undefined
    readonly reconduitLe?: Temporal.PlainDate | null | undefined
  }
  readonly situation?: Situation
  /** Facts that are no act of procedure: a table sent, a diagnostic transmitted… */
  readonly faits?: Faits
}

/** State of a time limit on a day. */
export type EtatEcheance = keyof typeof ETATS_ECHEANCE

export const ETATS_ECHEANCE = {
  depassee: 'Dépassée',
  aujourdhui: 'Aujourd’hui',
  dans_n_jours: 'À venir',
  tenue: 'Tenue',
  indeterminee: 'Indéterminée',
  sans_objet: 'Sans objet',
} as const

/** One time limit of a dossier on a day, with all that explains it. */
export interface EcheanceDossier {
  readonly delai: Delai
  readonly nature: NatureDelai
  readonly etat: EtatEcheance
  /** Day to aim at; null when it cannot be told. */
  readonly le: Temporal.PlainDate | null
  /** Days left, negative once past; with two readings, counted to the last one once the first is past. */
  readonly jours: number | null
  readonly tenueLe: Temporal.PlainDate | null
  /** « Dans 3 j », « 2 j de retard », « Tenue »… */
  readonly texte: string
  readonly resultat: ResultatEcheance
}

/** What the nature of the landlord tells of the conditions of the law. Unknown for a nature that does not tell. */
export function deduireSituation(natureBailleur: string | null | undefined): Situation {
  switch (natureBailleur) {
    case 'bailleur_social':
      return { bailleur_personne_morale: true, bailleur_hlm_ou_sem: true }
    case 'commune':
      return { bailleur_personne_morale: true, bailleur_hlm_ou_sem: false }
    case 'personne_morale':
      return { bailleur_personne_morale: true }
    case 'personne_physique':
    case 'sci_familiale':
      return { bailleur_personne_morale: false, bailleur_hlm_ou_sem: false }
    default:
      return {}
  }
}

/** Facts known before they happen: the end of a period, a day that is set. */
const ANNONCES: ReadonlySet<FaitDate> = new Set([
  'delai_de_grace.fin',
  'protocole.fin',
  'surendettement.moratoire_fin',
  'expulsion.prevue',
])

/**
 * The dated facts a dossier gives on a day: its acts of the procedure under way, its lease, and the other facts dated that
 * day or before. The hearing is the next one known, or the last one held.
 */
export function listerFaits(dossier: DossierProcedure, jour: Temporal.PlainDate): Faits {
  const cycle = listerActesDuCycle(dossier.actes, jour)
  const actes: Faits = Object.assign({}, ...cycle.map(lireFaitsDeLActe))
  const bail: Faits = { 'bail.conclu_le': dossier.bail?.concluLe, 'bail.reconduit_le': dossier.bail?.reconduitLe }
  const audience = choisirAudience(dossier.actes, cycle, jour)
  return Object.fromEntries(
    NOMS_FAITS_DATES.map((fait) => {
      const donne = dossier.faits?.[fait]
      if (fait === 'audience.prevue') return [fait, audience ?? donne]
      const passe = donne && (ANNONCES.has(fait) || Temporal.PlainDate.compare(donne, jour) <= 0) ? donne : null
      return [fait, actes[fait] ?? bail[fait] ?? passe]
    }),
  )
}

/**
 * The facts, and those that the end of a time limit establishes: the préfet's time to rehouse, once over, opens the one to go to court. A fact
 * given by a person prevails.
 */
export function completerFaits({ liste, calendrier }: Delais, faits: Faits, situation: Situation): Faits {
  const etablis = liste.flatMap((delai) => {
    if (delai.etablit === null || faits[delai.etablit]) return []
    const resultat = calculerEcheance(delai, faits, calendrier, situation)
    return resultat.issue === 'calculee' ? [[delai.etablit, resultat.limiteLe] as const] : []
  })
  return etablis.length === 0 ? faits : { ...faits, ...Object.fromEntries(etablis) }
}

/**
 * Every time limit followed in the dossiers that has started for one of them, and its state on a day, most pressing first. A limit whose
 * starting fact is unknown has not started; one that lacks another date is `indeterminee`.
 */
export function calculerEcheances(
  dossier: DossierProcedure,
  delais: Delais,
  jour: Temporal.PlainDate,
): readonly EcheanceDossier[] {
  const faits = completerFaits(delais, listerFaits(dossier, jour), dossier.situation ?? {})
  return delais.liste
    .filter((delai) => delai.suivi === 'dossier' && delai.depart.some((fait) => faits[fait]))
    .map((delai) =>
      situer(delai, calculerEcheance(delai, faits, delais.calendrier, dossier.situation ?? {}), faits, jour),
    )
    .toSorted(comparerUrgence)
}

/** The one date to show in a list: a duty past or to come, or an effect or alert to come; null when there is none. */
export function choisirProchaineEcheance(echeances: readonly EcheanceDossier[]): EcheanceDossier | null {
  return (
    echeances.find(
      ({ etat, nature }) =>
        etat === 'aujourdhui' || etat === 'dans_n_jours' || (etat === 'depassee' && nature === 'obligation'),
    ) ?? null
  )
}

function situer(delai: Delai, resultat: ResultatEcheance, faits: Faits, jour: Temporal.PlainDate): EcheanceDossier {
  const base = { delai, nature: delai.nature, le: null, jours: null, tenueLe: null, resultat }
  if (resultat.issue === 'indeterminee') return { ...base, etat: 'indeterminee', texte: resultat.texte }
  if (resultat.issue === 'sans_objet') return { ...base, etat: 'sans_objet', texte: resultat.texte }
  if (resultat.issue === 'aucune') return { ...base, etat: 'sans_objet', texte: `Règle ${resultat.aucune}` }

  const tenueLe = trouverPreuve(delai, resultat, faits)
  const calculee = { ...base, le: resultat.le, tenueLe }
  if (tenueLe) {
    const retard = resultat.limiteLe.until(tenueLe).days
    if (estTenue(resultat, tenueLe)) return { ...calculee, etat: 'tenue', texte: 'Tenue' }
    return { ...calculee, etat: 'depassee', jours: -retard, texte: `${retard} j trop tard` }
  }
  const fin = trouverPremier(delai.sansObjetApres.flatMap((fait) => faits[fait] ?? []))
  if (fin && Temporal.PlainDate.compare(fin, jour) <= 0) return { ...calculee, etat: 'sans_objet', texte: 'Sans objet' }

  const versPremier = jour.until(resultat.le).days
  const jours = versPremier >= 0 ? versPremier : jour.until(resultat.limiteLe).days
  if (jours === 0) return { ...calculee, etat: 'aujourdhui', jours, texte: 'Aujourd’hui' }
  if (jours > 0) return { ...calculee, etat: 'dans_n_jours', jours, texte: `Dans ${jours} j` }
  return { ...calculee, etat: 'depassee', jours, texte: ecrireDepassement(delai.nature, -jours) }
}

/** Only a duty of the partners is late; a missing proof is no proof of a fault, and an effect of the law merely happens. */
function ecrireDepassement(nature: NatureDelai, jours: number): string {
  switch (nature) {
    case 'obligation':
      return `${jours} j de retard`
    case 'controle':
      return 'Aucune preuve connue'
    case 'terme':
    case 'alerte':
      return `Passée depuis ${jours} j`
  }
}

/** The first fact that keeps the limit; one dated before a forward limit starts answers an earlier request. */
export function trouverPreuve(delai: Delai, resultat: EcheanceCalculee, faits: Faits): Temporal.PlainDate | null {
  const preuves = delai.tenuPar.flatMap((fait) => faits[fait] ?? [])
  if (estARebours(resultat)) return trouverPremier(preuves)
  return trouverPremier(preuves.filter((le) => Temporal.PlainDate.compare(resultat.depart.le, le) <= 0))
}

/** A backward limit is kept up to the day the law gives: the worked day before it is prudence, not law. */
export function estTenue(resultat: EcheanceCalculee, tenueLe: Temporal.PlainDate): boolean {
  const brut = resultat.imprimeLe || resultat.avanceePar ? undefined : resultat.lectures[0]?.termeBrut
  const legal = brut && estARebours(resultat) ? brut : resultat.limiteLe
  const dernier = Temporal.PlainDate.compare(legal, resultat.limiteLe) > 0 ? legal : resultat.limiteLe
  return Temporal.PlainDate.compare(tenueLe, dernier) <= 0
}

function estARebours({ lectures, depart }: EcheanceCalculee): boolean {
  const [lecture] = lectures
  return lecture !== undefined && Temporal.PlainDate.compare(lecture.termeBrut, depart.le) < 0
}

function trouverPremier(jours: readonly Temporal.PlainDate[]): Temporal.PlainDate | null {
  return jours.toSorted(Temporal.PlainDate.compare)[0] ?? null
}

const RANG_ETAT = {
  depassee: 0,
  aujourdhui: 0,
  dans_n_jours: 0,
  indeterminee: 1,
  tenue: 2,
  sans_objet: 3,
} as const satisfies Record<EtatEcheance, number>

function comparerUrgence(a: EcheanceDossier, b: EcheanceDossier): number {
  const rang = RANG_ETAT[a.etat] - RANG_ETAT[b.etat]
  if (rang !== 0) return rang
  if (a.le && b.le) return Temporal.PlainDate.compare(a.le, b.le) || a.delai.id.localeCompare(b.delai.id)
  return Number(a.le === null) - Number(b.le === null) || a.delai.id.localeCompare(b.delai.id)
}

function lireFaitsDeLActe(acte: ActeDeProcedure): Faits {
  switch (acte.type) {
    case 'impaye':
      return { 'impaye.constitue': acte.le }
    case 'commandement_de_payer':
      return {
        'commandement_de_payer.signifie': acte.le,
        'commandement_de_payer.terme_imprime': acte.termeImprimeLe,
      }
    case 'assignation':
      return { 'assignation.delivree': acte.le, 'assignation.notifiee_au_prefet': acte.notifieAuPrefetLe }
    case 'audience':
      return {}
    case 'jugement':
      return { 'jugement.rendu': acte.le }
    case 'commandement_de_quitter_les_lieux':
      return {
        'commandement_de_quitter_les_lieux.signifie': acte.le,
        'commandement_de_quitter_les_lieux.terme_imprime': acte.termeImprimeLe,
        'commandement_de_quitter_les_lieux.notifie_au_prefet': acte.notifieAuPrefetLe,
      }
    case 'requisition_force_publique':
      return { 'requisition.recue': acte.recuLe ?? acte.le }
    case 'concours_force_publique':
      return { 'concours.accorde': acte.le }
    case 'expulsion':
      return { 'expulsion.executee': acte.le }
  }
}

/** Hearings to come are acts too, unless the assignation they belong to was left behind by a return. */
function choisirAudience(
  actes: readonly Acte[],
  cycle: readonly ActeDeProcedure[],
  jour: Temporal.PlainDate,
): Temporal.PlainDate | null {
  const enVigueur = listerActesEnVigueur(actes)
  const abandonnee =
    enVigueur.some(({ type }) => type === 'assignation') && !cycle.some(({ type }) => type === 'assignation')
  const aVenir = enVigueur.filter(
    ({ type, le }) => type === 'audience' && !abandonnee && Temporal.PlainDate.compare(le, jour) > 0,
  )
  const annoncees = cycle.flatMap(({ type, audienceLe }) => (type === 'assignation' && audienceLe ? [audienceLe] : []))
  const tenues = cycle.filter(({ type }) => type === 'audience').map(({ le }) => le)
  const actees = [...tenues, ...aVenir.map(({ le }) => le)]
  const connues = (actees.length > 0 ? actees : annoncees).toSorted(Temporal.PlainDate.compare)
  return connues.find((le) => Temporal.PlainDate.compare(le, jour) >= 0) ?? connues.at(-1) ?? null
}
