export { echoirCellules } from './cellule.ts'
export { conserver } from './conservation.ts'
export { envoyerCourriersParCourriel, preparerCourriers, produireLotCourriers } from './courriers.ts'
export { preparerEngagements, suivreEngagements } from './engagements.ts'
export {
  ancrerLeJournal,
  controlerLeJournal,
  scellerLeJournal,
  surveillerLesConsultations,
  verifierLeJournal,
} from './journal.ts'
export { appliquerRegles, preparerLeJour } from './matin.ts'
export { proposerSaisines } from './saisines.ts'
export { scellerDonnees } from './sceller.ts'
export { figerTableaux } from './tableaux.ts'
export { traiterImport } from './traiter-import.ts'
export { lancerTravaux } from './travaux.ts'
