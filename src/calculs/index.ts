export {
  type Bareme,
  calculerRestePourVivre,
  ecrireUnites,
  evaluerAdaptation,
  type Indicateur,
  lireBareme,
  type RestePourVivre,
} from './adaptation.ts'
export { type AvisEcheance, composerAvisEcheance } from './avis-echeance.ts'
export {
  type Budget,
  calculerBudget,
  LETTRES_RESSOURCES,
  type LettreRessource,
  type LigneBudget,
  type NumeroLigne,
  type ResultatBudget,
  type Taux,
} from './budget.ts'
export {
  type AvantAudience,
  evaluerOpportunite,
  type OpportunitePlan,
  type PointDesistement,
} from './desistement.ts'
export { FORMES_CALCULS, lireSourceBudget } from './formule.ts'
export {
  type DetteDue,
  duTerme,
  ecrireTerme,
  imputerVersements,
  type Lecture,
  lireReglesImputation,
  NATURES_DETTE,
  type NatureDette,
  ORIGINES_VERSEMENT,
  type OrigineVersement,
  type ResultatImputation,
  termeDe,
  type Versement,
} from './imputation.ts'
export { type Dispositif, type JugementLu, lireJugement } from './jugement.ts'
export { type Montant, sommer } from './montants.ts'
export {
  type ApurementSupportable,
  type Cadre,
  calculerApurementSupportable,
  calculerPlan,
  dateDuCadre,
  type EcheancePlan,
  lireCadre,
  ORIGINES_PLAN,
  type OriginePlan,
  type ResultatPlan,
} from './plan.ts'
export {
  type EcheanceSuivie,
  ETATS_ECHEANCE_PLAN,
  type PaiementPlan,
  type SuiviPlan,
  suivreEcheancier,
} from './suivi.ts'
