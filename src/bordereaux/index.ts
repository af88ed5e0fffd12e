export {
  chargerBordereaux,
  FORMES_BORDEREAUX,
  type GenreBordereau,
  genreDe,
  genresPour,
  inventorierBordereaux,
  nommerGenre,
} from './catalogue.ts'
export type { ValeurBordereau } from './champs.ts'
export { type DestinataireBordereau, type LigneDue, listerDus, proposerPourDossier } from './dus.ts'
export { type Ecart, ecarterDu, LONGUEUR_MOTIF, listerEcarts, remettreDu } from './ecarts.ts'
export {
  cleDestinataire,
  type EnvoiPrevu,
  envoyerBordereaux,
  envoyerDus,
  type LignePrevue,
  LONGUEUR_MOT,
  type Preparation,
  prevoirEnvois,
  prevoirPourDossier,
  type SyntheseJointe,
} from './envoyer.ts'
export { imprimerPreuve } from './preuve.ts'
export {
  type Bordereau,
  chiffreRecus,
  type FiltreRegistre,
  type LigneLue,
  type LigneRegistre,
  lireEnvoye,
  lireOctets,
  lireRegistre,
  listerRecusBordereaux,
  noterReception,
  ouvrirRecu,
  rappelerBordereaux,
  retirerBordereau,
} from './registre.ts'
