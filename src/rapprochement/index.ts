export {
  autresDuMenage,
  type DemandesFsl,
  type DossierAnterieur,
  direMemeMenage,
  lireAntecedents,
  lireDemandesFsl,
  reprendreMemeMenage,
} from './antecedents.ts'
export { trouverDoutes } from './attente.ts'
export {
  type Bailleur,
  creerBailleur,
  defaireFusion,
  detacherDuBailleur,
  estNatureBailleur,
  type FiltreBailleurs,
  type FusionBailleurs,
  fusionnerBailleurs,
  type LogementDuBailleur,
  lireBailleur,
  lireFicheDuDossier,
  lireLogements,
  listerBailleurs,
  listerDoublons,
  listerFusions,
  listerGerants,
  listerSansFiche,
  modifierBailleur,
  nommerGerant,
  proposerFiches,
  rattacherAuBailleur,
  retirerBailleur,
  type SaisieBailleur,
  trouverFusionnee,
} from './bailleurs.ts'
export { type EffetAnah, type ListeAnahRecue, recevoirListeAnah } from './bailleurs-anah.ts'
export {
  type Connaissance,
  type DemandeConnaissance,
  demandeAuStade,
  demanderConnaissance,
  listerConnaissances,
  listerDemandesConnaissance,
  REPONSES_CONNAISSANCE,
  repondreConnaissance,
} from './connaissance.ts'
export {
  defaireRattachement,
  defaireReponse,
  mettreDeCote,
  type ReponseDoute,
  reunirDossiers,
  separerDossiers,
  trancherDoute,
} from './decisions.ts'
export {
  deriverDossiers,
  lireSignauxDesDossiers,
  lireSignauxVisibles,
  listerDossiersPerimes,
  redeciderDossiers,
} from './deriver.ts'
export {
  type CandidatCompare,
  chiffreDoutes,
  compterDoutes,
  type DouteCompare,
  type LigneDoute,
  type LigneDuDoute,
  lireDoute,
  listerDossiersDuLot,
  listerDoutes,
  listerDoutesTranches,
  listerRapprochements,
  type ReponseDonneeAuDoute,
  trouverReponse,
} from './doutes.ts'
export { type Champ, essayerFichiers, normaliserAdresse } from './moteur/index.ts'
export { lireParametres, reestimerParametres } from './parametres.ts'
export { rapprocherLot } from './rapprocher.ts'
export { listerEmetteurs, listerRattachements, type Rattachement } from './rattachements.ts'
export { direAppuis, prevoirRetrait, type RetraitPrevu, retirerLot } from './retrait.ts'
export { defaireSituation, situerCommune } from './situer.ts'
