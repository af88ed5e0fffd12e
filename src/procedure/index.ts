export {
  type Acte,
  type ActeDeProcedure,
  DECISIONS,
  type Decision,
  decrireEtape,
  ETAPES,
  type Etape,
  listerActesEnVigueur,
  MOTIFS_RETOUR,
  MOTIFS_SUSPENSION,
  type MotifRetour,
  type MotifSuspension,
  ordreEtape,
  PHASES,
  type Phase,
  SOUS_STADES,
  type SousStade,
  STADES,
  type Stade,
  stadeDe,
  TYPES_ACTE,
  type TypeActe,
} from './actes.ts'
export {
  type Calendrier,
  calculerPaques,
  chargerCalendrier,
  estFerie,
  estJourOuvre,
  jourOuvrePrecedent,
  jourOuvreSuivant,
  listerFeries,
  type PeriodeTreve,
  trouverTreve,
  verifierExecution,
} from './calendrier.ts'
export { calculerTerme, type Duree, type NomComputation, type Terme } from './computation.ts'
export { chargerDelais, type Delai, type Delais, type NatureDelai, trouverDelai, type VersionDelai } from './delais.ts'
export {
  calculerEcheance,
  type EcheanceCalculee,
  type EffetDiffere,
  type Explication,
  type Lecture,
  type ResultatEcheance,
} from './echeance.ts'
export {
  calculerEcheances,
  choisirProchaineEcheance,
  type DossierProcedure,
  deduireSituation,
  type EcheanceDossier,
  ETATS_ECHEANCE,
  type EtatEcheance,
  listerFaits,
} from './echeances.ts'
export { type ExempleFaux, verifierExemples } from './exemples.ts'
export { FAITS_DATES, type FaitDate, type Faits, NOMS_FAITS_DATES, type Situation } from './faits.ts'
export { FORMES_PROCEDURE } from './formes.ts'
export { estAVerifier, FIABILITES, type Fiabilite, type SourceDelai } from './sources.ts'
export { calculerStade, listerActesDuCycle, type StadeCalcule } from './stade.ts'
