export {
  type Activite,
  type DelaiActivite,
  type DelaiMontre,
  type GroupeActivite,
  groupesActivite,
  type LigneActivite,
  mesurerActivite,
} from './activite.ts'
export {
  type CaseComparee,
  comparer,
  type DetailComparaison,
  detailsComparaison,
  type Harmonisation,
  mesurerHarmonisation,
  type Question,
  type Situation,
} from './harmonisation.ts'
export { compterMisesADisposition, type MisesADisposition } from './mises-a-disposition.ts'
