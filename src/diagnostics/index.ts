export {
  ACCORD_BAILLEUR,
  accordBailleur,
  type EchangeBailleur,
  LONGUEUR_ECHANGE,
  LONGUEUR_RETRAIT,
  listerEchangesBailleur,
  noterEchangeBailleur,
  retirerEchangeBailleur,
} from './bailleur.ts'
export { entretiensAVenir } from './calendrier.ts'
export { siLisible } from './commun.ts'
export {
  compterDiagnosticsPressants,
  declarerImpossible,
  estPilote,
  type LigneDiagnostic,
  lireDiagnostic,
  lireEcheances,
  listerDiagnostics,
  listerDiagnosticsEnCours,
  listerEntretiens,
  listerReferents,
  listerServicesDuDiagnostic,
  listerVolets,
  noterIssueEntretien,
  ouvrirDiagnostic,
  proposerEntretien,
  reglerDiagnostic,
  relireDiagnostic,
} from './diagnostics.ts'
export {
  lireEmpreinte,
  lireExtraitValide,
  telechargerDiagnostic,
  validerDiagnostic,
} from './document.ts'
export {
  ACCORD_ADIL,
  attendAccordAdil,
  destinatairesPour,
  listerEnvois,
  noterRecu,
  noterRemisesAuJuge,
  transmettreDiagnostic,
} from './envois.ts'
export {
  compterLoyersAVerifier,
  type LoyerAVerifier,
  lireSuiviLoyer,
  listerLoyersAVerifier,
  noterReprise,
  reponsesReprise,
  type SuiviLoyer,
  sourcesReprise,
} from './loyer.ts'
export { ajouterObservation, LONGUEUR_OBSERVATION, listerObservations, type Observation } from './observations.ts'
export {
  type DestinataireEnvoi,
  type Diagnostic,
  destinatairesEnvoi,
  type Entretien,
  type Envoi,
  estVolet,
  etatsDiagnostic,
  etatsVisite,
  formesDiagnostic,
  issuesEntretien,
  lieuxEntretien,
  modesEnvoi,
  motifsVisite,
  type VoletDuDiagnostic,
  volets,
} from './types.ts'
export {
  commencerVolet,
  comparerVolets,
  remplitLeVolet,
  terminerVolet,
  trouverVoletDuFormulaire,
} from './volets.ts'
