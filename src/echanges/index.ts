export {
  ajouterInterlocuteur,
  type Interlocuteur,
  lireInterlocuteur,
  listerInterlocuteurs,
  modifierInterlocuteur,
  peutTenirAnnuaire,
  type SaisieInterlocuteur,
} from './annuaire.ts'
export { preparerAvis } from './avis.ts'
export {
  type Boite,
  compterEchanges,
  type FilALire,
  type FileBoite,
  type FiltreBoite,
  filesBoite,
  lireBoite,
  type PieceALire,
} from './boite.ts'
export { demandesARepondre } from './calendrier.ts'
export {
  type Candidats,
  type Cercle,
  cercles,
  collegues,
  lecteursDe,
  lireCandidats,
  listerServicesInstructeurs,
  type Portee,
  peutLire,
  type ServiceInstructeur,
} from './cercles.ts'
export {
  compterCles,
  exigerCles,
  ouvrirScellements,
  type Scellement,
  scellementDuDossier,
  tournerCles,
} from './cles.ts'
export {
  type ActeDemande,
  accuserReception,
  type Demande,
  envoyerDemande,
  estEnRetard,
  type GenreDemande,
  genresDemande,
  genresLibres,
  type InvitationParDemande,
  lireDemande,
  listerDemandes,
  listerInvitablesParDemande,
  listerSollicitables,
  refuserDemande,
  relancerDemande,
  repondreDemande,
  retirerDemande,
} from './demandes.ts'
export {
  ajouterDispositif,
  type Dispositif,
  estAActualiser,
  lireDispositif,
  listerDispositifs,
  modifierDispositif,
  peutTenirDispositif,
} from './dispositifs.ts'
export {
  type Ecrit,
  type LigneEcrit,
  LONGUEUR_ECRIT,
  LONGUEUR_MOTIF,
  lireEcrit,
  listerEcrits,
  verifierTexte,
} from './ecrits.ts'
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
export {
  type CercleEchange,
  cerclesEchange,
  listerLecteursPossibles,
  listerPersonnes,
  type Personne,
} from './lecteurs.ts'
export {
  type ChampCompose,
  chargerListeSynthese,
  type Destinataire,
  destinataires,
  type ExtraitDiagnostic,
  FORMES_ECHANGES,
  inventorierListeSynthese,
} from './liste-synthese.ts'
export {
  compterLocataires,
  LOCATAIRES_PAR_PAGE,
  type Locataire,
  lireChampsDuLocataire,
  listerLocataires,
  tenirLocataires,
  trouverDossierDuLocataire,
  trouverSyntheseDuLocataire,
} from './locataires.ts'
export {
  compterPointsDus,
  type EtatPoint,
  etatsPoint,
  type FiltreMesures,
  filtresMesures,
  type IssueMesure,
  issuesMesure,
  type LoyerPoint,
  lireMesure,
  listerMesures,
  listerPoints,
  loyersPoint,
  MESURES_MAX,
  type MesureSuivie,
  type NatureMesure,
  naturesMesure,
  noterPoint,
  PERIODICITE,
  type PointSuivi,
  periodiciteProposee,
  reglerPeriodicite,
  suivreMesure,
  terminerMesure,
} from './mesures.ts'
export {
  type Elargissement,
  ecrireNote,
  elargirNote,
  lireNoteAElargir,
  type NouvelleNote,
  porteeDeNote,
  tientPageReservee,
  verifierElargissement,
  verifierNote,
} from './notes.ts'
export {
  type DestinationPiece,
  deposerPiece,
  type GenrePiece,
  genresPiece,
  listerPieces,
  montrerPieces,
  type Piece,
  retirerPiece,
  telechargerPiece,
} from './pieces.ts'
export {
  FORMES_RELAIS,
  inventorierRelais,
  listerRelaisPossibles,
  nommerRelais,
  nommerSuite,
  passeDesRelais,
  passerRelais,
  type RelaisPossible,
  suitesRelais,
} from './relais.ts'
export { chargerRetours, FORME_RETOURS, inventorierRetours } from './retours.ts'
export { scellerEchanges } from './scellement.ts'
export {
  lireSynthese,
  listerSyntheses,
  prevoirSynthese,
  produireSynthese,
  type Synthese,
  type SynthesePrevue,
} from './synthese.ts'
export {
  type NouvelleTransmission,
  partagerSuivi,
  porteeDeTransmission,
  transmettre,
  verifierTransmission,
} from './transmissions.ts'
