export { plierComptes } from './comptes.ts'
export { type DossierDerive, deriver, MOTS_DE_SANTE } from './derivation.ts'
export {
  creerDossiers,
  type DossierComplet,
  type DossierOuvert,
  ecrireDerives,
  numeroterDossiers,
  ouvrirDossiers,
} from './ecriture.ts'
export { consignerFaits, type Fait, listerFaits, type NouveauFait } from './faits.ts'
export { type IdentiteDossier, lireIdentites, nommerDossiers, trouverReference } from './identite.ts'
export {
  type Dossier,
  type DossierARepartir,
  type FaitsDeDossier,
  lireDossier,
  lireDossiersARepartir,
  parcourirFaits,
} from './lecture.ts'
export {
  compterDossiers,
  compterPlusieurs,
  type FiltreDossiers,
  type LigneDossier,
  listerDossiers,
  type PageDossiers,
  type Position,
  parcourirDossiers,
  type Tri,
  tris,
} from './liste.ts'
export { historiqueDette, trierSignaux } from './menage.ts'
export { rangerRecherche } from './recherche.ts'
export { marquerTransmis, noterServices, rafraichirEcheances, type ServiceDuDossier } from './services.ts'
export type {
  Acte,
  Bail,
  CritereAtteint,
  Echeance,
  Logement,
  Menage,
  Personne,
  ResultatSeuil,
  SignalDuDossier,
} from './types.ts'
export { enregistrerVue, listerVues, oublierVue, type VueEnregistree } from './vues.ts'
