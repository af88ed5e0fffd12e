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
export { type Ecrit, LONGUEUR_ECRIT, LONGUEUR_MOTIF, type LigneEcrit, lireEcrit, listerEcrits } from './ecrits.ts'
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
  type NouvelleTransmission,
  partagerSuivi,
  porteeDeTransmission,
  transmettre,
  verifierTransmission,
} from './transmissions.ts'
