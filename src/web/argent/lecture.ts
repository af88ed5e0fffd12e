import {
  type Alerte,
  affecter,
  calculerSolde,
  type Ecriture,
  type IndiceNote,
  lireBudget,
  lireIndices,
  listerAlertes,
  listerEcritures,
  listerPlans,
  litLeBudget,
  type PlanApurement,
  type ReleveBudget,
  suivrePlan,
} from '#apurements'
import {
  calculerBudget,
  calculerRestePourVivre,
  evaluerAdaptation,
  type Indicateur,
  lireBareme,
  lireSourceBudget,
  type RestePourVivre,
  type ResultatBudget,
  type ResultatImputation,
  type SuiviPlan,
} from '#calculs'
import type { Dossier } from '#dossiers'
import type { SourceDelai } from '#procedure'
import { trouverDepartement } from '#referentiel'
import { ouvrirDossier } from '../espaces.tsx'
import type { Requete } from '../route.ts'

export interface PlanSuivi {
  readonly plan: PlanApurement
  readonly suivi: SuiviPlan
}

export interface Adaptation {
  readonly releve: ReleveBudget
  readonly budget: ResultatBudget
  readonly reste: RestePourVivre
  readonly indicateurs: readonly Indicateur[]
  /** Where the formulas are written. */
  readonly formule: SourceDelai
}

/** The money of a dossier as a screen shows it. */
export interface Argent {
  readonly dossier: Dossier
  readonly ecritures: readonly Ecriture[]
  readonly solde: number
  readonly affectation: ResultatImputation
  readonly plans: readonly PlanSuivi[]
  readonly alertes: readonly Alerte[]
  /** Null when nothing was noted, or when the reader does not read resources. */
  readonly adaptation: Adaptation | null
  readonly litLeBudget: boolean
  readonly bonneFoi: {
    readonly indices: readonly IndiceNote[]
    readonly source: string
    readonly reserve: string
  } | null
}

/** Reads everything on the session's day, and journals it once. */
export async function lireArgent(requete: Requete): Promise<Argent> {
  const { session } = requete
  const { delais, jour } = session
  const dossier = await ouvrirDossier(requete)
  const ecritures = await listerEcritures(session, dossier.id)
  const plans = await listerPlans(session, dossier)
  const adaptation = evaluer(requete, await lireBudget(session, dossier))
  const bonneFoi = await lireIndices(session, dossier)
  session.consigner({ action: 'argent.lire', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
  return {
    dossier,
    ecritures,
    solde: calculerSolde(ecritures, jour),
    affectation: affecter(delais, ecritures, plans, jour),
    plans: plans.map((plan) => ({ plan, suivi: suivrePlan(plan, ecritures, jour) })),
    alertes: listerAlertes(session, dossier, plans, ecritures, adaptation?.budget.disponibleReel ?? null),
    adaptation,
    litLeBudget: litLeBudget(dossier),
    bonneFoi,
  }
}

function evaluer({ session }: Requete, releve: ReleveBudget | null): Adaptation | null {
  const departement = trouverDepartement(session.referentiel, session.dept)
  if (!releve || !departement) return null
  const bareme = lireBareme(departement, session.jour)
  const budget = calculerBudget(releve.budget)
  const formule = lireSourceBudget(session.referentiel.racine, session.jour)
  const reste = calculerRestePourVivre(
    budget.disponibleReel,
    { personnes: budget.personnes, jeunesEnfants: releve.jeunesEnfants },
    releve.le.daysInMonth,
    bareme,
    'aide au logement effectivement versée déduite du loyer',
  )
  return {
    releve,
    budget,
    reste,
    indicateurs: evaluerAdaptation({ budget, reste, pieces: releve.pieces, bareme, formule }),
    formule,
  }
}
