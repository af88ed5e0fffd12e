export { type AdresseCompare, normaliserAdresse } from './adresse.ts'
