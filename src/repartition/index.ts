export {
  type Affectation,
  defaireReaffectation,
  demanderRepartition,
  escaladerSansReponse,
  listerAffectations,
  type PlanDeRepartition,
  preparerRepartition,
  reaffecterDossiers,
  repartirDossiers,
} from './affectations.ts'
export { type ChargeService, compterCharge } from './charge.ts'
export { calculerDiagnostic } from './echeances.ts'
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
export {
  type Canal,
  canaux,
  cloreDiagnostic,
  libellesReponse,
  listerContacts,
  type MotifNonRealise,
  motifsNonRealise,
  noterContact,
  type ReponseDonnee,
  type ReponseLigne,
  repondreListe,
  reponses,
  type TentativeContact,
  transmettreDiagnostics,
} from './reponses.ts'
export { type BilanSimulation, listerIdsOuverts, simulerReferentiel, simulerRegles } from './simulation.ts'
export { type ComptesVeille, compterVeille, type FileVeille, files, type LigneVeille, listerVeille } from './veille.ts'
