export {
  type Affectation,
  defaireReaffectation,
  demanderRepartition,
  escaladerSansReponse,
  listerAffectations,
  reaffecterDossiers,
  repartirDossiers,
} from './affectations.ts'
export { figerListes, type Instantane, type LigneListe, type Liste, lireListe, listerListes } from './listes.ts'
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
} from './reponses.ts'
export { type BilanSimulation, listerIdsOuverts, simulerRegles } from './simulation.ts'
export { type ComptesVeille, compterVeille, type FileVeille, files, type LigneVeille, listerVeille } from './veille.ts'
