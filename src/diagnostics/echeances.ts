import type { Session } from '#acces'
import type { Echeance } from '#dossiers'
import { calculerEcheance, type Delai, estTenue, type FaitDate, trouverDelai, trouverPreuve } from '#procedure'

/** What the dates of a diagnosis are computed from. */
export interface DatesDiagnostic {
  readonly saisiLe: Temporal.PlainDate
  readonly entretienLe: Temporal.PlainDate | null
  readonly remisLe: Temporal.PlainDate | null
  readonly audienceLe: Temporal.PlainDate | null
}

type Faits = Parameters<typeof calculerEcheance>[1]

function calculer(session: Pick<Session, 'delais'>, delai: Delai | undefined, faits: Faits, cle: string): Echeance[] {
  if (!delai) return []
  const resultat = calculerEcheance(delai, faits, session.delais.calendrier, {})
  if (resultat.issue !== 'calculee') return []
  const explication = resultat.explications[0]
  const tenueLe = trouverPreuve(delai, resultat, faits)
  return [
    {
      cle,
      libelle: delai.libelleCourt,
      le: resultat.le.toString(),
      genre: 'tache',
      ...(tenueLe && estTenue(resultat, tenueLe) ? { tenueLe: tenueLe.toString() } : {}),
      depart: explication.depart,
      calcul: explication.calcul,
      source: explication.source,
      fiabilite: explication.fiabilite,
      aVerifier: resultat.aVerifier,
      ...(resultat.reserves.length > 0 ? { reserve: resultat.reserves.join(' ') } : {}),
    },
  ]
}

/**
 * The legal dates of a diagnosis at the summons: interview proposed within fifteen worked days, delivered five worked days before the hearing. Both are data
 * (`donnees/droit/delais`); what is done too late is not « kept ».
 */
export function echeancesDuDiagnostic(session: Pick<Session, 'delais'>, dates: DatesDiagnostic): Echeance[] {
  const { saisiLe, entretienLe, remisLe, audienceLe } = dates
  const faits: Faits = {
    'dsf.organisme_saisi': saisiLe,
    'dsf.entretien_propose': entretienLe,
    'dsf.remis': remisLe,
    'audience.prevue': audienceLe,
  }
  return [
    ...calculer(
      session,
      trouverDelai(session.delais, 'dsf.proposition-entretien'),
      faits,
      'diagnostic.entretien_a_proposer',
    ),
    ...(audienceLe
      ? calculer(session, trouverDelai(session.delais, 'dsf.remise'), faits, 'diagnostic.a_remettre')
      : []),
  ]
}

const REPRIS: FaitDate = 'loyer_courant.repris'

/** Days before a hearing when « le loyer courant est-il entièrement repris ? » is to be asked, first to last, each with its source. */
export function alertesLoyer(session: Pick<Session, 'delais'>, audience: Temporal.PlainDate): Echeance[] {
  return session.delais.liste
    .filter(
      ({ nature, depart, tenuPar }) =>
        nature === 'alerte' && depart.includes('audience.prevue') && tenuPar.includes(REPRIS),
    )
    .flatMap((delai) => calculer(session, delai, { 'audience.prevue': audience }, delai.nom))
    .toSorted((a, b) => (a.le < b.le ? -1 : 1))
}

/** The newest answer, as far as what is awaited depends on it. */
export interface ReponseConnue {
  readonly reponse: string
  readonly le: Temporal.PlainDate
  /** The hearing it was given for. */
  readonly audience_le: Temporal.PlainDate | null
}

/**
 * The alert an answer is awaited for: the last one reached before this hearing, when nobody answered since. An answer « entirely » closes the question for the hearing it
 * was given for: before another one, it is asked whether it still holds.
 */
export function alerteEnAttente(
  alertes: readonly Echeance[],
  derniere: ReponseConnue | null,
  audience: Temporal.PlainDate,
  jour: Temporal.PlainDate,
): Echeance | null {
  if (derniere?.reponse === 'entiere' && derniere.audience_le?.equals(audience)) return null
  const atteinte = alertes.findLast(({ le }) => le <= jour.toString())
  if (!atteinte) return null
  return derniere && derniere.le.toString() >= atteinte.le ? null : atteinte
}
