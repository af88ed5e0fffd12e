import {
  type ApurementSupportable,
  calculerApurementSupportable,
  calculerBudget,
  calculerPlan,
  calculerRestePourVivre,
  composerAvisEcheance,
  dateDuCadre,
  evaluerAdaptation,
  imputerVersements,
  LETTRES_RESSOURCES,
  lireBareme,
  lireCadre,
  lireJugement,
  lireReglesImputation,
  lireSourceBudget,
  type ResultatBudget,
  type ResultatPlan,
  suivreEcheancier,
  type Taux,
} from '#calculs'
import { type Delais, ecrireSource, resoudreValeur, type SourceDelai, trouverValeur } from '#procedure'
import { type DepartementCharge, ecrireEuros, ecrireJour } from '#referentiel'
import type { CasCalcul } from './essayer-calculs-lecture.ts'
import type { Essai } from './essayer-sortie.ts'

interface Contexte {
  readonly departement: DepartementCharge
  readonly droit: Delais
  readonly racine: string
}
type Cas<N extends CasCalcul['calcul']> = Extract<CasCalcul, { calcul: N }>
type Montre = { readonly json: Readonly<Record<string, unknown>>; readonly lignes: readonly string[] }

/** One case computed with the very functions of the screens. */
export function essayerCalcul(contexte: Contexte, cas: CasCalcul, rang: number): Essai {
  const id = cas.id == null ? null : String(cas.id)
  const { json, lignes } = calculer(contexte, cas)
  return {
    json: { id, calcul: cas.calcul, departement: contexte.departement.code, ...json },
    lignes: [`Cas ${id ?? `n° ${rang}`}, ${cas.calcul}`, ...lignes.map((ligne) => `  ${ligne}`)],
  }
}

function calculer(contexte: Contexte, cas: CasCalcul): Montre {
  switch (cas.calcul) {
    case 'budget':
      return montrerBudget(budgetDe(cas), lireSourceBudget(contexte.racine, null))
    case 'reste_pour_vivre':
      return montrerReste(contexte, cas)
    case 'adaptation':
      return montrerAdaptation(contexte, cas)
    case 'imputation':
      return montrerImputation(contexte, cas)
    case 'plan':
      return montrerPlan(
        calculerPlan({
          ...planDe(contexte, cas),
          ...(cas.nombre == null ? {} : { nombre: cas.nombre }),
          ...(cas.mensualite == null ? {} : { mensualite: cas.mensualite }),
          disponible: cas.disponible ?? null,
        }),
      )
    case 'apurement_supportable':
      return montrerApurement(
        calculerApurementSupportable({
          ...planDe(contexte, cas),
          disponible: cas.disponible,
          aGarder: cas.a_garder,
        }),
      )
    case 'suivi':
      return montrerSuivi(cas)
    case 'avis_echeance':
      return montrerAvis(cas)
    case 'jugement':
      return montrerJugement(contexte, cas)
  }
}

function budgetDe(cas: Cas<'budget'> | Cas<'adaptation'>): ResultatBudget {
  const lettres: Readonly<Record<string, number | null>> = cas.ressources ?? {}
  const ressource = (lettre: string) => lettres[lettre] ?? null
  const [a, b, c, d, e, f] = LETTRES_RESSOURCES.map(ressource)
  return calculerBudget({
    ressources: { a: a ?? null, b: b ?? null, c: c ?? null, d: d ?? null, e: e ?? null, f: f ?? null },
    loyer: cas.loyer,
    chargesBailleur: cas.charges,
    aide: cas.aide,
    aideSuspendue: cas.aide_suspendue ?? null,
    aideVersee: cas.aide_versee ?? undefined,
    autresCharges: cas.autres_charges,
    energie: cas.energie ?? undefined,
    chargesHorsLogement: cas.charges_hors_logement,
    personnes: cas.personnes ?? null,
  })
}

const euros = (centimes: number | null): string => (centimes === null ? 'non calculable' : ecrireEuros(centimes))
const texteTaux = (taux: Taux): string => (taux.etat === 'calcule' ? taux.texte : `non calculable (${taux.motif})`)
const tauxJson = (taux: Taux) =>
  taux.etat === 'calcule'
    ? { resultat: 'calcule', pour_cent: taux.centiemes / 100, texte: taux.texte, motif: taux.explication }
    : { resultat: 'non_calculable', pour_cent: null, texte: 'non calculable', motif: taux.motif }
const sourceJson = (source: SourceDelai | null) =>
  source && { titre: source.titre, reference: source.reference ?? null, lien: source.lien ?? null }

function montrerBudget(budget: ResultatBudget, source: SourceDelai): Montre {
  return {
    json: {
      resultat: budget.manquants.length > 0 ? 'incomplet' : 'calcule',
      lignes: budget.lignes,
      a_centimes: budget.ressources,
      loyer_residuel_centimes: budget.loyerResiduel,
      charge_logement_centimes: budget.chargeLogement,
      taux_effort: tauxJson(budget.tauxFormulaire),
      taux_effort_reel: tauxJson(budget.tauxReel),
      taux_effort_brut: tauxJson(budget.tauxBrut),
      taux_effort_energie: tauxJson(budget.tauxEnergie),
      disponible_centimes: budget.disponible,
      disponible_reel_centimes: budget.disponibleReel,
      disponible: budget.disponibleEnMots,
      personnes: budget.personnes,
      manquants: budget.manquants,
      comptes_pour_zero: budget.comptesPourZero,
      reserves: budget.reserves,
      source: sourceJson(source),
    },
    lignes: [
      ...budget.lignes.map(
        ({ numero, libelle, formule, centimes }) =>
          `${numero} ${libelle}${formule ? ` = ${formule}` : ''} : ${euros(centimes)}`,
      ),
      `Taux d’effort du formulaire : ${texteTaux(budget.tauxFormulaire)}`,
      `Taux d’effort réel : ${texteTaux(budget.tauxReel)}`,
      `Ressources disponibles : ${budget.disponibleEnMots}`,
      ...budget.reserves,
      `Source : ${ecrireSource(source)}`,
    ],
  }
}

function montrerReste({ departement }: Contexte, cas: Cas<'reste_pour_vivre'>): Montre {
  const reste = calculerRestePourVivre(
    cas.disponible,
    { personnes: cas.personnes ?? null, jeunesEnfants: cas.jeunes_enfants ?? null },
    cas.jour.daysInMonth,
    lireBareme(departement, cas.jour),
  )
  return {
    json: {
      resultat: reste.parPersonne === null && reste.parUnite === null ? 'non_calculable' : 'calcule',
      jours_du_mois: reste.joursDuMois,
      par_personne_centimes: reste.parPersonne,
      par_personne_et_par_jour_centimes: reste.parPersonneEtParJour,
      unites_de_consommation: reste.unites === null ? null : reste.unites / 100,
      par_unite_centimes: reste.parUnite,
      par_unite_et_par_jour_centimes: reste.parUniteEtParJour,
      motif: reste.explication,
      reserves: reste.reserves,
    },
    lignes: [
      reste.explication,
      `Par personne : ${euros(reste.parPersonne)} par mois, ${euros(reste.parPersonneEtParJour)} par jour`,
      `Par unité de consommation : ${euros(reste.parUnite)} par mois, ${euros(reste.parUniteEtParJour)} par jour`,
      ...reste.reserves,
    ],
  }
}

function montrerAdaptation({ departement, racine }: Contexte, cas: Cas<'adaptation'>): Montre {
  const bareme = lireBareme(departement, cas.jour)
  const budget = budgetDe(cas)
  const reste = calculerRestePourVivre(
    budget.disponibleReel,
    { personnes: budget.personnes, jeunesEnfants: cas.jeunes_enfants ?? null },
    cas.jour.daysInMonth,
    bareme,
    'aide au logement effectivement versée déduite du loyer',
  )
  const indicateurs = evaluerAdaptation({
    budget,
    reste,
    pieces: cas.pieces ?? null,
    bareme,
    formule: lireSourceBudget(racine, cas.jour),
  })
  return {
    json: { resultat: 'calcule', indicateurs, reserves: [...budget.reserves, ...reste.reserves] },
    lignes: [
      ...indicateurs.map(
        ({ libelle, valeur, seuil, calcul, sansSeuil }) =>
          `${libelle} : ${valeur ?? 'non calculable'}${seuil ? ` (${seuil})` : ''}. ${[calcul, sansSeuil].flatMap((phrase) => phrase?.replace(/\.?$/, '.') ?? []).join(' ')}`,
      ),
      ...budget.reserves,
      ...reste.reserves,
    ],
  }
}

function montrerImputation({ droit }: Contexte, cas: Cas<'imputation'>): Montre {
  const resultat = imputerVersements(
    cas.dettes.map(({ id, libelle, nature, terme, echeance, montant, interet, motif_interet }) => ({
      id,
      libelle: libelle ?? id,
      nature,
      terme: terme ?? null,
      echeance,
      centimes: montant,
      ...(interet == null ? {} : { interet: { rang: interet, motif: motif_interet ?? 'indiqué' } }),
    })),
    cas.versements.map(({ id, le, montant, origine, terme, indique }, rang) => ({
      id: id ?? `versement ${rang + 1}`,
      le,
      centimes: montant,
      origine,
      terme: terme ?? null,
      indique: indique ?? [],
    })),
    cas.jour,
    lireReglesImputation(droit, cas.versements, cas.jour),
  )
  return {
    json: {
      resultat: resultat.divergent ? 'deux_lectures' : 'une_lecture',
      lectures: resultat.lectures.map(({ nom, libelle, imputations, soldes, nonImpute, restant, reprise }) => ({
        lecture: nom,
        libelle,
        imputations,
        soldes,
        non_impute: nonImpute,
        restant_centimes: restant,
        loyer_courant: {
          resultat: reprise.etat,
          depuis_terme: reprise.depuisTerme,
          depuis_le: reprise.depuisLe?.toString() ?? null,
          motif: reprise.phrase,
        },
      })),
      source: sourceJson(resultat.source),
      source_aide: sourceJson(resultat.sourceAide),
      reserves: resultat.reserves,
    },
    lignes: [
      ...resultat.lectures.flatMap(({ libelle, imputations, nonImpute, restant, reprise }) => [
        libelle,
        ...imputations.map(({ versement, explication }) => `  ${versement} : ${explication}`),
        ...nonImpute.map(
          ({ versement, centimes, motif }) => `  ${versement} : ${ecrireEuros(centimes)} non imputés. ${motif}`,
        ),
        `  Reste dû : ${ecrireEuros(restant)}. ${reprise.phrase}`,
      ]),
      ...resultat.reserves,
      `Source : ${ecrireSource(resultat.source)} ; ${ecrireSource(resultat.sourceAide)}`,
    ],
  }
}

function planDe({ droit }: Contexte, cas: Cas<'plan'> | Cas<'apurement_supportable'>) {
  const fait = dateDuCadre(cas.origine)
  const cadre = lireCadre(
    droit,
    cas.origine,
    fait === null || cas.date_cadre == null ? {} : { [fait]: cas.date_cadre },
    cas.bailleur_hlm_ou_sem == null ? {} : { bailleur_hlm_ou_sem: cas.bailleur_hlm_ou_sem },
  )
  return {
    dette: cas.dette,
    premiere: cas.premiere,
    ...(cas.jour_du_mois == null ? {} : { jourDuMois: cas.jour_du_mois }),
    arrondi: cas.arrondi,
    cadre:
      cas.duree_max_mois == null
        ? cadre
        : {
            ...cadre,
            moisMax: cas.duree_max_mois,
            texte: `Durée maximale donnée : ${cas.duree_max_mois} mois.`,
            source: null,
          },
    surendettementDepuis: cas.surendettement_recevable ?? null,
    sourceSurendettement: sourceSurendettement(droit, cas.surendettement_recevable ?? null),
  }
}

function sourceSurendettement(droit: Delais, depuis: Temporal.PlainDate | null): SourceDelai | null {
  const valeur = trouverValeur(droit, 'surendettement.dettes-anterieures')
  if (!valeur || !depuis) return null
  const resultat = resoudreValeur(valeur, { 'surendettement.recevable': depuis })
  return resultat.issue === 'valeur' ? resultat.lectures[0].source : null
}

const planJson = (plan: ResultatPlan) => ({
  resultat: plan.etat,
  nombre: plan.nombre,
  mensualite_centimes: plan.mensualite,
  derniere_centimes: plan.echeances.at(-1)?.centimes ?? null,
  total_centimes: plan.total,
  fin: plan.fin?.toString() ?? null,
  echeances: plan.echeances.map(({ rang, le, centimes }) => ({ rang, le: le.toString(), centimes })),
  motifs: plan.motifs,
  cadre: {
    origine: plan.cadre.origine,
    mois_max: plan.cadre.moisMax,
    texte: plan.cadre.texte,
    source: sourceJson(plan.cadre.source),
  },
  reserves: plan.reserves,
})

const ETATS_PLAN = {
  possible: 'Plan possible.',
  non_tenable: 'Plan non tenable.',
  refuse: 'Plan refusé.',
  bloque: 'Plan bloqué.',
} as const

const lignesPlan = (plan: ResultatPlan): readonly string[] => [
  ETATS_PLAN[plan.etat],
  ...plan.motifs,
  ...plan.echeances.map(({ rang, le, centimes }) => `${rang}. ${ecrireJour(le)} : ${ecrireEuros(centimes)}`),
  ...(plan.echeances.length > 0 ? [`Total : ${ecrireEuros(plan.total)}`] : []),
  plan.cadre.texte,
  ...plan.reserves,
]

const montrerPlan = (plan: ResultatPlan): Montre => ({ json: planJson(plan), lignes: lignesPlan(plan) })

function montrerApurement(apurement: ApurementSupportable): Montre {
  return {
    json: {
      resultat: apurement.etat,
      mensualite_max_centimes: apurement.mensualiteMax,
      duree_mois: apurement.duree,
      reste_a_couvrir_centimes: apurement.resteACouvrir,
      motif: apurement.explication,
      motifs: apurement.motifs,
      plan: apurement.plan && planJson(apurement.plan),
    },
    lignes: [apurement.explication, ...apurement.motifs, ...(apurement.plan ? lignesPlan(apurement.plan) : [])],
  }
}

function montrerSuivi(cas: Cas<'suivi'>): Montre {
  const suivi = suivreEcheancier(
    cas.echeances.map(({ le, montant }, rang) => ({ rang: rang + 1, le, centimes: montant })),
    cas.paiements.map(({ le, montant, rang }) => ({ le, centimes: montant, rang: rang ?? null })),
    cas.jour,
  )
  return {
    json: {
      resultat: suivi.acheve ? 'acheve' : suivi.respecte ? 'respecte' : 'defaillant',
      echeances: suivi.echeances.map((echeance) => ({
        rang: echeance.rang,
        le: echeance.le.toString(),
        centimes: echeance.centimes,
        resultat: echeance.etat,
        paye_centimes: echeance.paye,
        reste_centimes: echeance.reste,
        soldee_le: echeance.soldeeLe?.toString() ?? null,
        tardive: echeance.tardive,
        motif: echeance.explication,
      })),
      nombre: suivi.nombre,
      verse_centimes: suivi.verse,
      retard_centimes: suivi.retard,
      restant_centimes: suivi.restant,
      en_trop_centimes: suivi.enTrop,
    },
    lignes: suivi.echeances.map(
      ({ rang, le, etat, explication }) => `${rang}. ${ecrireJour(le)} [${etat}] ${explication}`,
    ),
  }
}

function montrerJugement({ droit }: Contexte, cas: Cas<'jugement'>): Montre {
  const lu = lireJugement(
    {
      decision: cas.decision,
      rendu: cas.rendu,
      signifie: cas.signifie ?? null,
      refere: cas.refere ?? null,
      somme: cas.somme ?? null,
      mensualite: cas.mensualite ?? null,
      dureeMois: cas.duree_mois ?? null,
      premiere: cas.premiere ?? null,
      partirAvant: cas.partir_avant ?? null,
    },
    droit,
  )
  return {
    json: {
      resultat: lu.resultat,
      points: lu.points,
      echeances: lu.echeances.map(({ rang, le, centimes }) => ({ rang, le: le.toString(), centimes })),
      total_centimes: lu.echeances.reduce((total, { centimes }) => total + centimes, 0),
      manquants: lu.manquants,
      ecarts: lu.ecarts,
    },
    lignes: [
      ...lu.points.map(({ titre, texte, source, reserve }) =>
        [`${titre} : ${texte}`, source ? `(${source})` : '', reserve ?? ''].filter(Boolean).join(' '),
      ),
      ...lu.ecarts,
      ...(lu.manquants.length > 0 ? [`Non donné : ${lu.manquants.join(', ')}.`] : []),
    ],
  }
}

function montrerAvis(cas: Cas<'avis_echeance'>): Montre {
  const { loyer, charges, frais, autre, dette } = cas
  const avis = composerAvisEcheance({
    bailResilie: cas.bail_resilie,
    loyer,
    charges,
    frais,
    autre,
    dette,
    aideVersee: cas.aide_versee,
    delaiJuge: cas.delai_juge,
    surendettement: cas.surendettement,
    delaiNegocie: cas.delai_negocie,
    paiements: cas.paiements ?? {},
  })
  return {
    json: {
      resultat: 'calcule',
      lignes: avis.lignes.map(({ poste, libelle, demande, paye, reste }) => ({
        poste,
        libelle,
        demande_centimes: demande,
        paye_centimes: paye,
        reste_centimes: reste,
      })),
      total_demande_centimes: avis.totalDemande,
      total_paye_centimes: avis.totalPaye,
      reste_a_payer_centimes: avis.resteAPayer,
      en_trop_centimes: avis.enTrop,
      dette_centimes: avis.dette,
      reserves: avis.reserves,
    },
    lignes: [
      ...avis.lignes.map(
        ({ libelle, demande, paye, reste }) =>
          `${libelle} : demandé ${ecrireEuros(demande)}, payé ${ecrireEuros(paye)}, reste ${ecrireEuros(reste)}`,
      ),
      `Total demandé ${ecrireEuros(avis.totalDemande)}, payé ${ecrireEuros(avis.totalPaye)}, reste ${ecrireEuros(avis.resteAPayer)}`,
      ...avis.reserves,
    ],
  }
}
