export { type AdresseCompare, normaliserAdresse } from './adresse.ts'
export { type Accord, CHAMPS, type Champ, ecrireAccord, lireNiveau, type Niveau, NOMS_CHAMPS } from './champs.ts'
export { clesDeBlocage, PLAFOND_CLE } from './cles.ts'
export { type Comparaison, comparer } from './comparer.ts'
export {
  normaliserAllocataire,
  normaliserBailleur,
  normaliserCourriel,
  normaliserTelephone,
} from './contacts.ts'
export { type Candidat, type Decision, decider, type EvaluationDossier, type Issue } from './decider.ts'
export {
  essayerFichiers,
  type MesuresEssai,
  type OptionsEssai,
  type PaireTrouvee,
  type ResultatEssai,
} from './essayer.ts'
export { estimerParametres, type OptionsEstimation } from './estimer.ts'
export {
  type ChampEvalue,
  type CodeContraire,
  detaillerPaire,
  type Evaluation,
  evaluerPaire,
  scorerPaire,
} from './evaluer.ts'
export { type Fiche, ficheDepuisContenu, normaliserCommune, type OptionsFiche, type Personne } from './fiche.ts'
export { fonem } from './fonem.ts'
export { jeuDifficile, type LigneDifficile, type Piege } from './jeu-difficile.ts'
export { lireParametres, type Parametres, parametresInitiaux, type Seuils } from './parametres.ts'
export { type FicheRegroupee, type IndexFiches, ouvrirIndex, regrouper } from './regrouper.ts'
export { evaluerVerite, type Mesures } from './verite.ts'
