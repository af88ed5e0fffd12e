export {
  ACCORD_BAILLEUR,
  accordBailleur,
  type EchangeBailleur,
  LONGUEUR_ECHANGE,
  listerEchangesBailleur,
  noterEchangeBailleur,
  retirerEchangeBailleur,
} from './bailleur.ts'
