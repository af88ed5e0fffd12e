export {
  type Affectation,
  type DecisionEnVigueur,
  defaireReaffectation,
  demanderRepartition,
  escaladerSansReponse,
  lireDecisions,
  listerAffectations,
  type PlanDeRepartition,
  preparerRepartition,
  reaffecterDossiers,
  repartirDossiers,
  scellerDecisions,
} from './affectations.ts'
export { aSansIntervention, type ChargeService, compterCharge, compterSuivis } from './charge.ts'
export {
  conseillerContact,
  listerContacts,
  noterContact,
  retablirContact,
  retirerContact,
  scellerContacts,
  type TentativeContact,
  trouverEntretiensProposes,
  verifierIssue,
} from './contacts.ts'
export {
  cloreDiagnostic,
  type MotifNonRealise,
  motifsNonRealise,
  rouvrirDiagnostic,
  transmettreDiagnostics,
} from './diagnostics.ts'
export { calculerDiagnostic } from './echeances.ts'
export {
  type Canal,
  canaux,
  chargerIssues,
  type DemiJournee,
  demiJournees,
  exigencesBailleur,
  FORMES_REPARTITION,
  type Interlocuteur,
  type IssueContact,
  inventorierIssues,
  issuesAupres,
  issuesDeProposition,
  nommerIssue,
} from './issues.ts'
export { listerOrganismesLies } from './liens.ts'
export {
  type CategorieLigne,
  type FiltreListes,
  figerListes,
  type Instantane,
  type LigneListe,
  type LignePrecedente,
  type Liste,
  type ListePrevue,
  lireListe,
  listerListes,
  prevoirListes,
} from './listes.ts'
export type { TentativeConseillee } from './prochaine-tentative.ts'
export {
  libellesReponse,
  type ReponseDonnee,
  type ReponseLigne,
  repondreListe,
  reponses,
  versionLigne,
} from './reponses.ts'
export { listerReprises, type Reprise } from './reprise.ts'
export { type RepriseTardive, reprendreReponses } from './reprises.ts'
export { type BilanSimulation, listerIdsOuverts, simulerReferentiel, simulerRegles } from './simulation.ts'
export {
  type ComptesVeille,
  compterSansService,
  compterVeille,
  type FileVeille,
  files,
  type LigneVeille,
  listerVeille,
} from './veille.ts'
