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
export {
  type CodeGenre,
  champsDe,
  decrireGenre,
  estGenreActe,
  FAMILLES_ACTE,
  type FamilleActe,
  GENRES_ACTE,
  type GenreActe,
  groupeDuChamp,
  ISSUES,
  type IssueCodee,
  MENTIONS_COMMANDEMENT,
  MOTIFS_TERRITOIRE,
  type MotifTerritoire,
  NATURES_BAILLEUR,
  TYPES_FAMILLE,
} from './catalogue.ts'
export {
  type ChampActe,
  type ContenuActe,
  type ErreurChamp,
  type GroupeActe,
  lireSaisie,
  type ValeurChamp,
  verifierContenu,
} from './champs-acte.ts'
export { type Avertissement, verifierCoherence } from './coherence.ts'
export { calculerTerme, type Duree, ecrireComputation, type NomComputation, type Terme } from './computation.ts'
export {
  type ActeConsigne,
  enActes,
  etablirFaits,
  etablirSituation,
  proposerIssue,
} from './consignes.ts'
export { ecrireContenu, GENRES_VALEUR, uniteDe } from './contenu.ts'
export {
  chargerDelais,
  chargerDelaisDe,
  type Delai,
  type Delais,
  NATURES,
  type NatureDelai,
  trouverDelai,
  trouverValeur,
  type VersionDelai,
} from './delais.ts'
export {
  calculerEcheance,
  differer,
  type EcheanceCalculee,
  type EffetDiffere,
  type Explication,
  type Lecture,
  type ResultatEcheance,
} from './echeance.ts'
export {
  calculerEcheances,
  choisirProchaineEcheance,
  completerFaits,
  type DossierProcedure,
  deduireSituation,
  type EcheanceDossier,
  ETATS_ECHEANCE,
  type EtatEcheance,
  estTenue,
  listerFaits,
  trouverPreuve,
} from './echeances.ts'
export { ecrireDuree, ecrireJour } from './ecriture.ts'
export { type Etalement, etalerDette } from './etalement.ts'
export { type ExempleFaux, verifierExemples, verifierExemplesValeur } from './exemples.ts'
export { ETAPES_DROIT, type EtapeDroit, FAITS_DATES, type FaitDate, type Faits, NOMS_FAITS_DATES } from './faits.ts'
export { FORMES_PROCEDURE } from './formes.ts'
export { inventorierDroit } from './inventaire.ts'
export {
  ecrireCritere,
  MESURES,
  type Mesure,
  type Montants,
  NOMS_MESURES,
  NOMS_SITUATIONS,
  type NomSituation,
  SITUATIONS,
  type Situation,
} from './situations.ts'
export { ecrireSource, estAVerifier, FIABILITES, type Fiabilite, type SourceDelai } from './sources.ts'
export { calculerStade, listerActesDuCycle, type StadeCalcule } from './stade.ts'
export {
  calculerSuspensions,
  ETATS_SURENDETTEMENT,
  MOTIFS_DE_SUSPENSION,
  type Surendettement,
  type Suspension,
  situerSurendettement,
  suspendreParTreve,
  suspensionsEnVigueur,
} from './suspensions.ts'
export { type LectureValeur, type ResultatValeur, resoudreValeur, type Valeur, type VersionValeur } from './valeurs.ts'
export type { Critere, VersionDroit } from './versions.ts'
