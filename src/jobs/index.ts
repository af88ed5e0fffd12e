export { traiterImport } from './traiter-import.ts'
export { figerTableaux } from './tableaux.ts'
export { lancerTravaux } from './travaux.ts'
