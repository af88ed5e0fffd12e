export {
  accorder,
  enDate,
  enPhrase,
  formatDate,
  formatDateCourte,
  formatDateLongue,
  formatHeure,
  formatInstant,
  formatJourMois,
  formatMontant,
  formatNombre,
  type JourCivil,
  pluriel,
} from './format.ts'
export { typo } from './text.ts'
