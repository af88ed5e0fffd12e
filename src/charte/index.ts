export {
  approuverVersion,
  creerVersion,
  defaireApprobation,
  enregistrerVersion,
  lireCote,
  noterEnvoi,
  type Relue,
  refuserVersion,
  reprendreVersion,
  retirerVersion,
  type Saisie,
  simulerVersion,
  soumettreVersion,
} from './actions.ts'
export {
  type Collecte,
  cloreCollecte,
  type DemandeIndicateurs,
  LONGUEURS_COLLECTE,
  lireDemandeIndicateurs,
  listerCollectes,
  listerDemandesIndicateurs,
  ouvrirCollecte,
  prevoirCollecte,
  rappelerCollectes,
  relancerCollecte,
  repondreCollecte,
} from './collecte.ts'
export { type Blocage, type Controle, controlerVersion, lireReglesSans } from './controles.ts'
export { type Aspect, type Changement, comparerCriteres, comparerRepartitions, type Nuance } from './difference.ts'
export { exporterVersion, type FichierExporte } from './exportation.ts'
export {
  essayerLecture,
  lireTexteVersion,
  lireVersionLocale,
  listerADecider,
  listerEvenements,
  listerVersions,
  trouverVersionParCle,
} from './lecture.ts'
export { estGenre, libellesGenre, nommerVersion, type SituationVersion, situer } from './noms.ts'
export { ecrireReglages, ecrireSaisie, lireReglages, lireSaisie, type ReglageSaisi } from './parametres-saisis.ts'
export { avecReglesLocales, verifierReglesLocales } from './regles-locales.ts'
export { cleLocale } from './texte.ts'
export type {
  Approbation,
  CompteSimule,
  Cote,
  EtatVersion,
  EvenementVersion,
  SimulationCriteres,
  SimulationGardee,
  VersionLocale,
} from './types.ts'
