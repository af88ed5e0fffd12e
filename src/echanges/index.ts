export {
  ajouterInterlocuteur,
  type Interlocuteur,
  lireInterlocuteur,
  listerInterlocuteurs,
  modifierInterlocuteur,
  peutTenirAnnuaire,
  type SaisieInterlocuteur,
} from './annuaire.ts'
export { envoyerAvis, recoitAvis, reglerAvis, TACHE_AVIS } from './avis.ts'
export {
  type Boite,
  compterEchanges,
  type FilALire,
  type FileBoite,
  type FiltreBoite,
  filesBoite,
  lireBoite,
} from './boite.ts'
export {
  type ActeDemande,
  type Demande,
  envoyerDemande,
  estEnRetard,
  type GenreDemande,
  genresDemande,
  lireDemande,
  listerDemandes,
  listerSollicitables,
  refuserDemande,
  relancerDemande,
  repondreDemande,
  retirerDemande,
} from './demandes.ts'
export {
  ajouterLecteur,
  type Fil,
  type FilLu,
  lireFil,
  listerFils,
  type Message,
  type NouveauFil,
  ouvrirFil,
  preparerFil,
  repondreFil,
  retirerMessage,
} from './fils.ts'
export { formats } from './formats.ts'
export { type Cercle, cercles, listerLecteursPossibles, listerPersonnes, type Personne } from './lecteurs.ts'
export {
  type DestinationPiece,
  deposerPiece,
  type GenrePiece,
  genresPiece,
  listerPieces,
  type Piece,
  retirerPiece,
  telechargerPiece,
} from './pieces.ts'
