import {
  calculerEcheance,
  type Delai,
  type Delais,
  estTenue,
  FAITS_DATES,
  type FaitDate,
  type Faits,
  MESURES,
  type Mesure,
  type Montants,
  NOMS_FAITS_DATES,
  NOMS_MESURES,
  NOMS_SITUATIONS,
  resoudreValeur,
  SITUATIONS,
  type Situation,
  trouverPreuve,
  type Valeur,
} from '#procedure'
import { evaluerImpayeCaf, evaluerSeuilCommandement, type Referentiel } from '#referentiel'
import { formatDate, formatMontant } from '#socle/typography'

type Seuil = Referentiel['seuils'] extends ReadonlyMap<string, infer S> ? S : never

/** One worked case: what is given, and what the rule answers. */
export interface CasMontre {
  readonly cas: string
  readonly donnees: string
  readonly reponse: string
  readonly aVerifier: boolean
}

/** What a threshold compares, in one line. */
export function ecrireCalculSeuil(version: Seuil['versions'][number]): string {
  switch (version.calcul) {
    case 'sans_obligation':
      return 'aucune obligation de signaler'
    case 'arrete_prefectoral':
      return 'fixé par arrêté du préfet du département'
    case 'mois_ou_loyers_hors_charges':
      return `${version.mois} mois d’impayé sans interruption, ou ${version.loyers} fois le loyer hors charges`
    case 'termes_nets_ou_loyers_bruts':
      return `${version.termes} termes nets consécutifs, ou ${version.loyers} fois le loyer charges comprises`
    case 'loyers_bruts_ou_nets':
      return `${version.loyers} fois le loyer charges comprises, aide déduite en tiers payant`
    case 'mois_ou_montant':
      return `${version.mois} mois depuis le premier défaut, ou plus de ${formatMontant(version.montant_centimes)}`
  }
}

export const majuscule = (texte: string): string => texte.charAt(0).toUpperCase() + texte.slice(1)

/** « la date de l’audience » → « date de l’audience », to name a fact. */
export const nommerFait = (fait: FaitDate): string => FAITS_DATES[fait].manque.replace(/^(?:la|le|les) |^l’/, '')

/** Several facts: the earliest known counts. */
export function nommerFaits(faits: readonly FaitDate[]): string {
  if (faits.length === 1 && faits[0] === 'evenement.examine')
    return 'date de l’événement examiné (séance, exécution), jamais celle du jour'
  const noms = faits.map(nommerFait)
  return noms.length > 1 ? `${noms.join(', ou ')} (la plus ancienne connue)` : (noms[0] ?? '')
}

/** « Bail conclu le 01/09/2023 ; commandement de payer du 20/11/2026. » */
function ecrireDonnees(faits: Faits, situation: Situation = {}, montants: Montants = {}): string {
  const morceaux = [
    ...NOMS_FAITS_DATES.flatMap((fait) => {
      const le = faits[fait]
      return le ? [`${FAITS_DATES[fait].phrase} ${formatDate(le)}`] : []
    }),
    ...NOMS_SITUATIONS.flatMap((nom) => {
      const vaut = situation[nom]
      return vaut == null ? [] : [vaut ? SITUATIONS[nom].oui : SITUATIONS[nom].non]
    }),
    ...NOMS_MESURES.flatMap((mesure: Mesure) => {
      const montant = montants[mesure]
      return montant == null
        ? []
        : [`${MESURES[mesure].replace(/^le montant (?:de la |du )/, '')} de ${formatMontant(montant)}`]
    }),
  ]
  return morceaux.length === 0 ? 'Rien n’est connu.' : `${majuscule(morceaux.join(' ; '))}.`
}

/** The worked examples of a time limit, as the rule answers them: the files are checked against the same answers. */
export function ecrireCasDelai(delai: Delai, { calendrier }: Delais): readonly CasMontre[] {
  return delai.exemples.map((exemple, rang) => {
    const faits: Faits = Object.fromEntries(NOMS_FAITS_DATES.map((nom) => [nom, exemple[nom]]))
    const situation = exemple.situation ?? {}
    const resultat = calculerEcheance(delai, faits, calendrier, situation)
    const commun = { cas: `${rang + 1}`, donnees: ecrireDonnees(faits, situation) }
    if (resultat.issue === 'aucune') return { ...commun, reponse: `${majuscule(resultat.aucune)}.`, aVerifier: false }
    if (resultat.issue !== 'calculee') return { ...commun, reponse: resultat.texte, aVerifier: false }
    const preuve = trouverPreuve(delai, resultat, faits)
    const effets = resultat.lectures.flatMap(({ effetDiffere: effet }) =>
      effet ? [`${effet.libelle} : le ${formatDate(effet.le)} (${effet.causes.join(', puis ')}).`] : [],
    )
    const calculs = resultat.explications.map(({ calcul }) => `${majuscule(calcul)}.`)
    return {
      ...commun,
      reponse: [
        ...(calculs.length > 1 ? [`Deux lectures. ${calculs.join(' Ou ')}`] : calculs),
        ...(resultat.avanceePar ? [resultat.avanceePar.texte] : []),
        ...effets,
        ...(preuve
          ? [`Fait le ${formatDate(preuve)} : ${estTenue(resultat, preuve) ? 'dans le délai' : 'hors délai'}.`]
          : []),
      ].join(' '),
      aVerifier: resultat.aVerifier,
    }
  })
}

/** As `ecrireCasDelai`, for a value. */
export function ecrireCasValeur(valeur: Valeur): readonly CasMontre[] {
  return valeur.exemples.map(({ cas, faits, situation = {}, montants = {} }) => {
    const resultat = resoudreValeur(valeur, faits, situation, montants)
    const commun = { cas, donnees: ecrireDonnees(faits, situation, montants) }
    if (resultat.issue === 'aucune') return { ...commun, reponse: `${majuscule(resultat.aucune)}.`, aVerifier: false }
    if (resultat.issue !== 'valeur') return { ...commun, reponse: resultat.texte, aVerifier: false }
    const [lecture] = resultat.lectures
    const textes = resultat.lectures.map(({ texte }) => texte)
    return {
      ...commun,
      reponse: [
        `${textes.length > 1 ? 'Deux lectures : ' : ''}${majuscule(textes.join(' ; ou '))}.`.replace(/\.\.$/, '.'),
        ...(lecture.remplie === null ? [] : [lecture.remplie ? 'Condition remplie.' : 'Condition non remplie.']),
        ...(lecture.etalement
          ? [
              `${lecture.etalement.nombre - 1} mensualités de ${formatMontant(lecture.etalement.mensualite)} et une de ${formatMontant(lecture.etalement.derniere)}.`,
            ]
          : []),
      ].join(' '),
      aVerifier: resultat.aVerifier,
    }
  })
}

const RESULTATS = {
  atteint: 'Seuil atteint.',
  non_atteint: 'Sous le seuil.',
  indetermine: 'Indéterminé.',
  sans_objet: 'Sans objet.',
} as const

/** The worked examples of a threshold, for a département: those of another one are left out. */
export function ecrireCasSeuil(referentiel: Referentiel, dept: string, seuil: Seuil): readonly CasMontre[] {
  return seuil.exemples
    .filter(({ entree }) => entree.departement === undefined || entree.departement === dept)
    .map(({ cas, entree }) => {
      const decision =
        seuil.rattachement === 'impaye.constitue'
          ? evaluerImpayeCaf(referentiel, entree)
          : evaluerSeuilCommandement(referentiel, dept, entree)
      return {
        cas,
        donnees: '',
        reponse: `${RESULTATS[decision.resultat]} ${decision.motif}`,
        aVerifier: decision.reserve?.startsWith('à vérifier') ?? false,
      }
    })
}
