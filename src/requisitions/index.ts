export {
  ajouterActe,
  dernierDuGenre,
  estDemande,
  type Faute,
  lireJour,
  peutNoter,
  peutReprendre,
  type RequisitionConnue,
  requisitionsConnues,
  retirerActe,
  verifierActe,
} from './actes.ts'
export { annulerPourDepart, defaireAnnulation, signalerDepart } from './depart.ts'
export { annoncerDeparts, type DepartRecu, listerDepartsRecus } from './departs-recus.ts'
export {
  type ContenuDiffuse,
  type Destinataire,
  type Diffusion,
  diffuser,
  type GenreDiffusion,
  listerConviables,
  listerDestinataires,
  listerDiffusions,
  listerInstructeurs,
  listerInterroges,
} from './diffusion.ts'
export {
  diffuseEnTreve,
  heuresDuSuivi,
  prochaineTreve,
  type Responsabilite,
  refusImplicite,
  responsabilite,
} from './echeances.ts'
export { listerExpertisesAttendues, noterExpertisesRendues } from './expertises.ts'
export {
  type ChampActe,
  decrireGenre,
  estGenreRequisition,
  type GenreActe,
  type GenreSaisi,
  genresSaisis,
  libellesConcours,
  POINTS,
} from './genres.ts'
export { chargerJourJ, FORMES_REQUISITIONS, imprimerFiche, inventorierJourJ } from './jour-j.ts'
export { lireRequisition, lireTextes, listerActes, listerDuDossier, listerEnquetes } from './lecture.ts'
export {
  compterRequisitions,
  type FiltreRequisitions,
  type LigneRequisition,
  listerRequisitions,
  type PositionRequisitions,
  TRIS,
  type TriRequisitions,
  triUsuel,
  VUES,
  type VueRequisitions,
  vues,
} from './liste.ts'
export { listerOctroisADire, type OctroiADire } from './octrois.ts'
export {
  commencerRapport,
  enteteRapport,
  FORMULAIRE_PAGE,
  FORMULAIRE_RAPPORT,
  faireFranchir,
  listerRapports,
  marquesRapport,
  NIVEAU_REMISE,
  PASSAGES,
  type Passage,
  type Rapports,
  remettreRapport,
  rouvrirRapport,
} from './rapport.ts'
export {
  demanderEnquetes,
  type EnqueteDemandee,
  lireEnquete,
  recevoirRequisition,
  relancerEnquete,
} from './reception.ts'
export { lireRecu, listerRecus, RECUS_PAR_PAGE, type Recu } from './recu.ts'
export { datesDecisives, enVigueur, preparation, trouverIssue } from './resume.ts'
export {
  type ActeRequisition,
  type EcheanceExpliquee,
  type Enquete,
  ETATS,
  GENRES_ENQUETE,
  type GenreEnquete,
  genresEnquete,
  type MoyenEnquete,
  moyensEnquete,
  type Requisition,
} from './types.ts'
