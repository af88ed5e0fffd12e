export { type ListeAttendue, listerListesAttendues } from './attendus.ts'
export { type ColonneLisible, colonnesLisibles } from './colonnes-lisibles.ts'
export {
  type CommuneASituer,
  type CommuneSituee,
  compterASituer,
  type DossierASituer,
  listerCommunesASituer,
  listerCommunesSituees,
  listerDossiersASituer,
  memoriserSituation,
  oublierSituation,
  type Situation,
} from './communes.ts'
export {
  type CopieActe,
  compterCopies,
  deposerCopie,
  lireCopie,
  listerCopies,
  porteUnActe,
  retirerCopie,
} from './copies.ts'
export { COLONNES_DE_BASE, COLONNES_IDENTITE } from './format/colonnes.ts'
export {
  COLONNES,
  type ContenuSignalement,
  type CorrespondanceProposee,
  direAutresFeuilles,
  libellesColonnes,
  libellesMotifs,
  libellesTypes,
  lireDate,
  type Motif,
  NOMS_COLONNES,
  type NomColonne,
  type Proposition,
  TYPES,
  type TypeSignalement,
  type Verdict,
} from './format/index.ts'
export {
  lireSignalements,
  listerARapprocher,
  marquerRapproches,
  ontChange,
  remettreARapprocher,
  type Signalement,
} from './lecture.ts'
export {
  annulerVersions,
  compterLignes,
  compterRejets,
  compterRevenus,
  compterSuivants,
  type EtatLot,
  type FiltreLots,
  type LigneLot,
  type Lot,
  lireLot,
  listerEmetteurs,
  listerLignes,
  listerLots,
  listerLotsInacheves,
  listerRejets,
  listerSignalementsDuLot,
  type PageLots,
  type PlaceRejet,
  type PositionLots,
  trouverJumeau,
} from './lots.ts'
export {
  actualiserStatistiques,
  type CorrespondanceMemorisee,
  confirmerCorrespondance,
  corrigerLigne,
  type Depot,
  deposerFichier,
  exporterRejets,
  lireProposition,
  lireVerdict,
  relireAvecColonnes,
  simulerFichier,
  terminerLot,
  traiterLignes,
  type VerdictFichier,
} from './reception.ts'
export { type ChampsSaisis, deposerSaisie, verifierSaisie } from './saisie.ts'
export { ouvrirContenu, scellerFichiers, scellerSignalements } from './scellement.ts'
