import type { Session } from '#acces'
import type { Echeance } from '#dossiers'
import { calculerEcheance, trouverDelai } from '#procedure'
import { parametre } from '#referentiel'
import { pluriel } from '#socle/typography'

type Regles = Pick<Session, 'delais' | 'referentiel' | 'dept'>

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
  session: Regles,
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
      ...expliquerReponse(session, affectation.transmise_le),
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
      // A date kept from when a version applied, or from before the département set its own.
      depart: calcule?.depart ?? 'Prise en charge par le service',
      calcul: calcule?.calcul ?? 'Date gardée telle qu’elle a été donnée',
      source: calcule?.source ?? 'Aucun délai en vigueur dans le département à la date du tableau',
      fiabilite: calcule?.fiabilite ?? 'À vérifier : sans délai en vigueur',
      aVerifier: calcule?.aVerifier ?? true,
    })
  }
  return echeances
}

/** Where the delay to answer a list comes from: the setting of the département, with its doubt. */
function expliquerReponse(
  { referentiel, dept }: Regles,
  transmis: Temporal.PlainDate,
): Pick<Echeance, 'calcul' | 'source' | 'fiabilite' | 'aVerifier'> {
  const departement = referentiel.departements.get(dept)
  const delai = departement && parametre(departement, 'reponse_par_rang_delai', transmis)
  if (delai?.etat !== 'valeur')
    return {
      calcul: 'Date gardée telle qu’elle a été donnée',
      source: 'Aucun délai de réponse réglé par le département',
      fiabilite: 'À compléter par le département',
      aVerifier: true,
    }
  const { titre, reference } = delai.source
  return {
    calcul: `${pluriel(delai.valeur, 'jour', 'jours')} pour répondre`,
    source: [titre, reference].filter(Boolean).join(', '),
    fiabilite: delai.reserve === null ? 'Réglé par le département' : `À vérifier : ${delai.reserve}`,
    aVerifier: delai.reserve !== null,
  }
}

/** A day as people write it. */
export function jourFrancais(jour: Temporal.PlainDate): string {
  return `${String(jour.day).padStart(2, '0')}/${String(jour.month).padStart(2, '0')}/${jour.year}`
}

/**
 * The delay of the diagnosis from the date of the list, as the département sets it, brought forward by a hearing that comes sooner (REP-09, REP-17). Null when no
 * version applies on that date.
 */
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
