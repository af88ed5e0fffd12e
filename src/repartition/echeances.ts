import type { Session } from '#acces'
import type { Echeance } from '#dossiers'
import { calculerEcheance, trouverDelai } from '#procedure'

interface AffectationDatee {
  readonly etat: string
  readonly transmise_le: Temporal.PlainDate | null
  readonly repondre_avant: Temporal.PlainDate | null
  readonly diagnostic_avant: Temporal.PlainDate | null
  readonly diagnostic_fait_le: Temporal.PlainDate | null
}

/**
 * Day the diagnosis of a taken household is due. A hearing fixed, moved or put off since the household was taken moves it (REP-17); once rendered, or taken outside a
 * list, it stays as written.
 */
export function diagnosticAvant(
  session: Pick<Session, 'delais'>,
  affectation: AffectationDatee,
  audience: Temporal.PlainDate | null,
): Temporal.PlainDate | null {
  if (
    affectation.diagnostic_avant === null ||
    affectation.diagnostic_fait_le !== null ||
    affectation.transmise_le === null
  )
    return affectation.diagnostic_avant
  return calculerDiagnostic(session, affectation.transmise_le, audience)?.le ?? affectation.diagnostic_avant
}

/** What the service in charge owes for a household, with its dates. */
export function echeancesDuService(
  session: Pick<Session, 'delais'>,
  affectation: AffectationDatee,
  audience: Temporal.PlainDate | null,
): Echeance[] {
  const echeances: Echeance[] = []
  if (affectation.etat === 'transmise' && affectation.repondre_avant && affectation.transmise_le) {
    echeances.push({
      cle: 'tableau.reponse',
      libelle: 'Répondre au tableau',
      le: affectation.repondre_avant.toString(),
      genre: 'tache',
      depart: `Tableau du ${jourFrancais(affectation.transmise_le)}`,
      calcul: 'Délai de réponse réglé par le département',
      source: 'Paramètre du département : délai de réponse par rang de cascade',
      fiabilite: 'Usage local',
      aVerifier: true,
    })
  }
  const avant = diagnosticAvant(session, affectation, audience)
  if (avant) {
    const calcule = affectation.transmise_le ? calculerDiagnostic(session, affectation.transmise_le, audience) : null
    echeances.push({
      cle: 'diagnostic',
      libelle: 'Rendre le diagnostic',
      le: avant.toString(),
      genre: 'tache',
      ...(affectation.diagnostic_fait_le ? { tenueLe: affectation.diagnostic_fait_le.toString() } : {}),
      depart: calcule?.depart ?? 'Prise en charge hors tableau',
      calcul: calcule?.calcul ?? 'Deux mois',
      source: calcule?.source ?? 'Charte du département',
      fiabilite: calcule?.fiabilite ?? 'Usage local',
      aVerifier: calcule?.aVerifier ?? false,
    })
  }
  return echeances
}

/** A day as people write it. */
export function jourFrancais(jour: Temporal.PlainDate): string {
  return `${String(jour.day).padStart(2, '0')}/${String(jour.month).padStart(2, '0')}/${jour.year}`
}

/** The two months of the diagnosis from the date of the list, brought forward by a hearing that comes sooner (REP-09, REP-17). */
export function calculerDiagnostic(
  session: Pick<Session, 'delais'>,
  transmis: Temporal.PlainDate,
  audience: Temporal.PlainDate | null,
) {
  const delai = trouverDelai(session.delais, 'diagnostic')
  if (!delai) return null
  const resultat = calculerEcheance(
    delai,
    { 'tableau.transmis': transmis, ...(audience ? { 'audience.prevue': audience } : {}) },
    session.delais.calendrier,
    {},
  )
  if (resultat.issue !== 'calculee') return null
  const explication = resultat.explications[0]
  return {
    le: resultat.le,
    depart: explication.depart,
    calcul: resultat.avanceePar ? resultat.avanceePar.texte : explication.calcul,
    source: explication.source,
    fiabilite: explication.fiabilite,
    aVerifier: resultat.aVerifier,
  }
}
