export {
  type Absence,
  type Collegue,
  declarerAbsence,
  listerAbsences,
  listerCollegues,
  retirerAbsence,
  verifierAbsence,
} from './absences.ts'
export {
  attribuerTaches,
  type Cloture,
  cloreTaches,
  confirmerTaches,
  defaireActes,
  LONGUEUR_PREUVE,
  rouvrirTache,
  verifierCloture,
} from './actes.ts'
export {
  type ActionMenee,
  engagementsHorsDossier,
  LONGUEURS_ACTION,
  listerActionsMenees,
  noterAction,
  retirerAction,
  type SaisieAction,
  verifierAction,
} from './actions.ts'
export { annoncerEcheances, annoncerTaches, echeancesDesTaches } from './annonces.ts'
export { TOUTE_ETAPE } from './composer.ts'
export { ETATS, type EtatTache } from './etats.ts'
export {
  chiffreAttendus,
  compterFiles,
  FILES,
  type FileEngagements,
  type FiltreFile,
  files,
  type LigneFile,
  lirePosition,
  listerFile,
  TRIS,
  type TriFile,
} from './file.ts'
export {
  type ActeTache,
  type EngagementsDuDossier,
  lireEngagements,
  lireTache,
  type Offre,
  type Tache,
  voitTousLesEngagements,
} from './lecture.ts'
export { lireTenue, type Mesure, mesurerEngagements, type Tenue } from './mesure.ts'
export {
  chargerPreuves,
  FORMES_ENGAGEMENTS,
  inventorierPreuves,
  LIEUX_DE_REPONSE,
  trouverSollicitation,
} from './preuves.ts'
export { listerAReprendre, suivreFaits } from './suivi.ts'
export { type BilanTenue, tenirEngagements } from './tenue.ts'
