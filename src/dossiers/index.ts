export {
  conditionsRemplies,
  criteresLisibles,
  dansLePerimetre,
  dossiersDeLOrganisme,
  estDeSante,
  faitsConnaissables,
  lireSousMasque,
  motConnaissable,
  propresA,
  valeursLisibles,
  voitToujours,
} from './acces.ts'
export {
  CHAMPS_DOSSIER,
  CHAMPS_INSTANTANE,
  CHAMPS_LIGNE,
  CHAMPS_SIGNAL,
  CHAMPS_SIGNALEMENT,
  CHAMPS_VEILLE,
  type ChampsDe,
  masquer,
} from './champs.ts'
export {
  cloreDossier,
  DIT_ISSUE_ANCIENNE,
  estIssueAncienne,
  MOTIFS_REOUVERTURE,
  type MotifReouverture,
  rouvrirDossier,
} from './cloture.ts'
export {
  type CritereComplexe,
  criteresProposes,
  type ExamenComplexe,
  examensComplexes,
  FORMES_DOSSIERS,
  inventorierComplexes,
  leverComplexite,
  listeComplexes,
  listerComplexesPourCommission,
  listerComplexites,
  marquerComplexe,
  type SituationComplexe,
} from './complexes.ts'
export { plierComptes } from './comptes.ts'
export { type DossierDerive, deriver, estImpaye, MOTS_DE_SANTE } from './derivation.ts'
export {
  creerDossiers,
  type DossierComplet,
  type DossierOuvert,
  ecrireDerives,
  numeroterDossiers,
  ouvrirDossiers,
  tenirDossiers,
} from './ecriture.ts'
export {
  consignerFaits,
  type Fait,
  type FaitSuivi,
  lireFaits,
  listerFaits,
  litLesEcritsDe,
  type NouveauFait,
  prendreFaits,
  TACHE_FAITS,
} from './faits.ts'
export { type IdentiteDossier, lireIdentites, nommerDossiers, trouverReference } from './identite.ts'
export {
  type DossierARepartir,
  type DossierSuivi,
  type FaitsDeDossier,
  lireDossier,
  lireDossiersARepartir,
  lireDossiersSuivis,
  listerDerivesDepuis,
  listerReunis,
  parcourirFaits,
} from './lecture.ts'
export {
  compterDossiers,
  compterPlusieurs,
  type FiltreDossiers,
  filtrePermis,
  listerDossiers,
  type PageDossiers,
  type Position,
  parcourirDossiers,
  type Tri,
  tris,
  trisPermis,
} from './liste.ts'
export { historiqueDette, trierSignaux } from './menage.ts'
export { detacherPiece, joindrePiece, listerPiecesDesActes } from './pieces.ts'
export { chercher, rangerRecherche } from './recherche.ts'
export {
  annulerActe,
  consignerActe,
  contenuSignale,
  corrigerActe,
  genreSignale,
  genresOuverts,
  type HistoriqueActe,
  lireActesSaisis,
  listerActesSaisis,
  MOTIFS_CORRECTION,
  type MotifCorrection,
  prevoirActe,
  rendreActes,
  reprendreActes,
  retablirActe,
  type SaisieActe,
  trouverEnvoi,
  verifierActe,
} from './saisie.ts'
export { ouvrirFaits, ouvrirMots, scellerDossiers, scellerMots } from './scellement.ts'
export { marquerTransmis, noterServices, rafraichirEcheances, type ServiceDuDossier } from './services.ts'
export type {
  Acte,
  ActeSaisi,
  Bail,
  CritereAtteint,
  Dossier,
  Echeance,
  LigneDossier,
  Logement,
  Menage,
  Personne,
  ResultatSeuil,
  SignalDuDossier,
  SituationProcedure,
  VersionActe,
} from './types.ts'
export { scellerActes } from './versions.ts'
export { enregistrerVue, listerVues, oublierVue, type VueEnregistree } from './vues.ts'
