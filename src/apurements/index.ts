export { type IndiceNote, lireIndices, noterIndices, PRESENCES, type Presence } from './bonne-foi.ts'
export { lireBudget, litLeBudget, noterBudget, type ReleveBudget } from './budgets.ts'
export {
  affecter,
  type Choix,
  calculerSolde,
  corrigerEcriture,
  direMontant,
  type Ecriture,
  type EcritureSaisie,
  enVigueur,
  estDu,
  GENRES_ECRITURE,
  type GenreEcriture,
  lireEcriture,
  listerEcritures,
  nommerEcriture,
  saisirEcritures,
} from './ecritures.ts'
export {
  type Alerte,
  clorePlan,
  conclurePlan,
  type DemandePlan,
  ISSUES_PLAN,
  type IssuePlan,
  interdictionDePayer,
  listerAlertes,
  listerPlans,
  type PlanApurement,
  preparerPlan,
  suivrePlan,
} from './plans.ts'
