export { composerLettre, ecrireMessage, ecrireTexte, type LogoImprime, type Variante, variantes } from './composer.ts'
export {
  admetCourriel,
  choisirCanal,
  choisirCourrielPourTous,
  compterCourriels,
  demanderCourriels,
  envoyerCourriel,
  lireCourrielPossible,
  listerCourriels,
  remettreRefuses,
  TACHE_COURRIER_COURRIEL,
} from './courriels.ts'
export {
  CANAUX_COURRIER,
  CANAUX_LETTRE,
  type CanalCourrier,
  type Courrier,
  compterCourriers,
  corrigerCourrier,
  defaireEnvoi,
  ETATS_COURRIER,
  type EtatCourrier,
  ecarterCourrier,
  type LettrePrete,
  type LigneRegistre,
  type LotCourrier,
  lancerProduction,
  lireCourrier,
  lireLot,
  lireModele,
  lirePdfCourrier,
  lirePdfLot,
  listerCourriers,
  listerCourriersDuDossier,
  listerLots,
  listerRegistre,
  nommerModele,
  noterEnvoi,
  noterRetour,
  peutAgirSur,
  renvoyerCourrier,
  reprendreLotsCourriers,
  retablirCourrier,
  TACHE_LOT_COURRIER,
} from './courriers.ts'
export { type Essai, essayerModele } from './essayer.ts'
export { ecrireEntete, expediteurDe, lireEntete, modelesDe, tientUneEntete } from './expediteurs.ts'
export { longueurSaisie, type Precisions, saisiesDe } from './faits.ts'
export { deposerLogo, lireLogo, OCTETS_LOGO } from './logo.ts'
export {
  type ContenuVersion,
  contenuLivre,
  ETATS_VERSION_COURRIER,
  type EtatVersionCourrier,
  enVigueur,
  type FauteTexte,
  lireDepartementCourriers,
  lireVersionCourrier,
  listerVersionsCourrier,
  livreAChange,
  type TexteModele,
  trouverObstacle,
  type VersionCourrier,
} from './modeles.ts'
export {
  deciderVersionCourrier,
  defaireDecisionCourrier,
  deplacerVersionCourrier,
  enregistrerVersionCourrier,
  ouvrirVersionCourrier,
  type SaisieVersion,
  soumettreVersionCourrier,
  TexteRefuse,
} from './modeles-actes.ts'
export {
  type CourrierModifie,
  deposerModifie,
  ecrireDocxCourrier,
  lireModifie,
  lireOctetsModifies,
  listerModifies,
  retirerModifie,
} from './modifies.ts'
export {
  demanderCourrier,
  listerCourriersAChoisir,
  type Occurrence,
  proposerCourriers,
  proposerSurEvenement,
} from './preparer.ts'
export type { ContactSaisi, ExpediteurSaisi, Presentation } from './presentation.ts'
export {
  apercevoirCourrier,
  cloreLot,
  composerTranche,
  defaireMessage,
  direMessageEnvoye,
  garderTranche,
  rendreContenu,
  rendreLot,
  rendreTranche,
  reunirLot,
} from './produire.ts'
