export { type IndiceNote, lireIndices, noterIndices, PRESENCES, type Presence } from './bonne-foi.ts'
export { lireBudget, lireDisponible, litLeBudget, noterBudget, type ReleveBudget } from './budgets.ts'
export { estTenable, exigerTenue } from './commun.ts'
export {
  affecter,
  type Choix,
  calculerSolde,
  corrigerEcriture,
  DIT_RECU_A_VENIR,
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
  peutCorriger,
  recuAVenir,
  saisirEcritures,
} from './ecritures.ts'
export {
  type Alerte,
  clorePlan,
  conclurePlan,
  type DemandePlan,
  direSurendettement,
  ISSUES_PLAN,
  type IssuePlan,
  listerAlertes,
  listerPlans,
  type PlanApurement,
  preparerPlan,
  suivrePlan,
} from './plans.ts'
