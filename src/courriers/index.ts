export { composerLettre, ecrireTexte, type Variante, variantes } from './composer.ts'
export {
  CANAUX_COURRIER,
  type CanalCourrier,
  type Courrier,
  compterCourriers,
  corrigerCourrier,
  ETATS_COURRIER,
  type EtatCourrier,
  ecarterCourrier,
  type LettrePrete,
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
  noterEnvoi,
  noterRetour,
  renvoyerCourrier,
  retablirCourrier,
  TACHE_LOT_COURRIER,
} from './courriers.ts'
export { proposerCourriers } from './preparer.ts'
export { apercevoirCourrier, assemblerLot, produireTranche } from './produire.ts'
