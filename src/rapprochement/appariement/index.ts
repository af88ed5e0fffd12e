export { CHAMPS, type Champ, type Comparaison, comparer, NIVEAUX } from './comparer.ts'
export { essayerFichiers, type MesureEssai, type OptionsEssai, type PaireEssai, type ResultatEssai } from './essai.ts'
export { clesDeBlocage, type Fiche, ficheDepuisContenu } from './fiche.ts'
export { PARAMETRES_INITIAUX } from './initiaux.ts'
export {
  type Candidat,
  type Decision,
  decider,
  type Evaluation,
  evaluerPaire,
  type Parametres,
  type PoidsChamp,
} from './modele.ts'
export { estimerParametres, type FicheRangee, type Mesure, mesurer, type Regroupement, regrouper } from './regrouper.ts'
