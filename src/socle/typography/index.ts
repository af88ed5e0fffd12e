export {
  accorder,
  contracter,
  enDate,
  enPhrase,
  epurerMontant,
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
