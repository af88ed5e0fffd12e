export { preparerCourriers, produireLotCourriers } from './courriers.ts'
export {
  ancrerLeJournal,
  controlerLeJournal,
  scellerLeJournal,
  surveillerLesConsultations,
  verifierLeJournal,
} from './journal.ts'
export { appliquerRegles, preparerLeJour } from './matin.ts'
export { figerTableaux } from './tableaux.ts'
export { traiterImport } from './traiter-import.ts'
export { lancerTravaux } from './travaux.ts'
