export { COLONNES_DE_BASE, COLONNES_IDENTITE } from './format/colonnes.ts'
export {
  COLONNES,
  type ContenuSignalement,
  type CorrespondanceProposee,
  libellesColonnes,
  libellesMotifs,
  libellesTypes,
  type Motif,
  NOMS_COLONNES,
  type NomColonne,
  type Proposition,
  TYPES,
  type TypeSignalement,
  type Verdict,
} from './format/index.ts'
export { lireSignalements, listerARapprocher, marquerRapproches, type Signalement } from './lecture.ts'
export {
  annulerVersions,
  compterLignes,
  compterSuivants,
  type EtatLot,
  type LigneLot,
  type Lot,
  lireLot,
  listerLignes,
  listerLots,
  listerLotsInacheves,
  listerRejets,
  listerSignalementsDuLot,
} from './lots.ts'
export {
  confirmerCorrespondance,
  corrigerLigne,
  type Depot,
  deposerFichier,
  exporterRejets,
  lireProposition,
  lireVerdict,
  simulerFichier,
  terminerLot,
  traiterLignes,
  type VerdictFichier,
} from './reception.ts'
