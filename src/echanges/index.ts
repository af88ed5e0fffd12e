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
export { compterCles, exigerCles, tournerCles } from './cles.ts'
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
  chargerListeSynthese,
  type Destinataire,
  destinataires,
  FORMES_ECHANGES,
  inventorierListeSynthese,
} from './liste-synthese.ts'
export {
  compterLocataires,
  LOCATAIRES_PAR_PAGE,
  type Locataire,
  listerLocataires,
  tenirLocataires,
  trouverSyntheseDuLocataire,
} from './locataires.ts'
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
