export {
  archiverDossiers,
  desarchiverDossiers,
  type Gel,
  gelerDossier,
  LONGUEUR_MOTIF,
  leverGel,
  listerGels,
  RAISONS_GEL,
  retirerVisa,
  viserElimination,
} from './actes.ts'
export { purgerSelonAge } from './ages.ts'
export {
  CANAUX_DEMANDE,
  type DemandeMenage,
  DROITS_MENAGE,
  LONGUEUR_DEMANDE,
  listerDemandesMenage,
  noterDemandeMenage,
  REPONSES_DEMANDE,
  repondreDemandeMenage,
} from './demandes.ts'
export {
  chargerDurees,
  type DureeAffichee,
  dureesDe,
  FORMES_CONSERVATION,
  inventorierDurees,
  listerDurees,
} from './durees.ts'
export { type BilanEffacement, effacerDossiersVises } from './effacer.ts'
export {
  type Bordereau,
  compterConservation,
  type DossierConserve,
  ETATS_CONSERVATION,
  type EtatConservation,
  lireBordereau,
  lireConserve,
  listerBordereaux,
  listerConservation,
  listerConserves,
  listerStatistiquesEffacees,
  PAR_PAGE,
  type StatistiqueEffacee,
} from './lecture.ts'
export { proposerConservation } from './proposer.ts'
export { chargerTables } from './tables.ts'
