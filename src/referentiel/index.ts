export { type CelluleTechnique, REGLES_DECISION, SENS_DU_SILENCE } from './cellule.ts'
export { chargerReferentiel, type DepartementCharge, type Referentiel, trouverDepartement } from './chargement.ts'
export { type ContenuCharte, compterEngagements, type GroupeGeneral } from './contenu-charte.ts'
export {
  BLOCS_COURRIER,
  type BlocCourrier,
  type CorpsCourrier,
  ErreurCorps,
  lireCorps,
  type Morceau,
  type Partie,
  saisieDe,
  VARIABLES_COURRIER,
  VARIABLES_SAISIES,
  type VariableCourrier,
  variablesCitees,
} from './corps-courrier.ts'
export {
  type ContactLocal,
  conditionDe,
  type EvenementCourrier,
  EXPEDITEURS_COURRIER,
  type ExpediteurCourrier,
  ecrireMentions,
  estALaDemande,
  evaluerDeclencheur,
  expediteurDuType,
  type ModeleCourrier,
  mentionsPerdues,
  seProposeUneFois,
} from './courriers.ts'
export {
  type BilanCriteres,
  type ConstatCritere,
  type Criteres,
  type EtatCritere,
  evaluerCriteres,
  type GroupeCriteres,
  type Vulnerabilite,
} from './criteres.ts'
export type { Charte, Departement } from './departement.ts'
export {
  CONDITIONS_ACCES,
  type ConditionAcces,
  type Droit,
  droits,
  GROUPES_CHAMPS,
  type GroupeChamps,
  type Role,
  roles,
} from './droits.ts'
export {
  AUTOMATISMES,
  type ConstatEngagement,
  type Engagement,
  type EngagementGeneral,
  type EtatEngagement,
  evaluerEngagements,
  MODES_ENGAGEMENT,
  type ModeEngagement,
  type Partenaire,
  PORTAGES_AMONT,
  type PortageAmont,
  PREUVES,
  PUBLICS_ENGAGEMENT,
  type PublicEngagement,
} from './engagements.ts'
export { type BilanExemples, type Ecart, verifierExemples } from './exemples.ts'
export { ErreurFaits, lireFaits, type ProblemeFait } from './faits.ts'
export {
  type AvisCommission,
  type Fiche,
  type Objectifs,
  type Sigles,
  type Signataires,
  schemaUnAvis,
} from './fiches.ts'
export { ecrireSchemaJson, FORMES_REFERENTIEL, type Forme } from './formes.ts'
export {
  AUTRES_PRODUCTEURS,
  type Cibles,
  type Historique,
  type Indicateur,
  type IndicateurSuivi,
  type Producteur,
  THEMES_INDICATEUR,
  type ThemeIndicateur,
  UNITES_INDICATEUR,
  VENTILATIONS,
  type Ventilation,
} from './indicateurs.ts'
export { inventorier, inventorierVersions, type Remarque, type SuiteVersions } from './inventaire.ts'
export { GENRES_LIEU, type GenreLieu, type Lieu, listerLieuxDuTerritoire, trouverLieux } from './lieux.ts'
export {
  FICHIER_MATRICE,
  type LigneMatrice,
  lignesDe,
  lireMatrice,
  listerUtilisateurs,
  type Matrice,
} from './matrice.ts'
export {
  type AccesEnMots,
  decrireRole,
  ecrireMatrice,
  LIBELLES_ROLES,
  LIBELLES_TYPES_ORGANISME,
  nommerRole,
} from './matrice-en-mots.ts'
export { ecrireMots } from './motif.ts'
export { lireOrganismesLivres, type OrganismeLivre, TYPES_ORGANISME, type TypeOrganisme } from './organismes.ts'
export {
  CLES_PARAMETRES,
  type CleParametre,
  definitionParametre,
  type Unite,
  type ValeurParametre,
} from './parametres.ts'
export {
  type AvecParametres,
  listerParametresACompleter,
  parametre,
  type ReponseParametre,
} from './parametres-dates.ts'
export {
  type DecisionRepartition,
  type DejaSollicite,
  evaluerRepartition,
  lireRepartition,
  MISSIONS,
  type Mission,
  type Offre,
  type Ordre,
  type Rang,
  type Repartition,
  type ResultatRepartition,
  SERVICES,
  type Service,
} from './repartition.ts'
export {
  type Branche,
  type CommandementDePayer,
  type DecisionSeuil,
  evaluerImpayeCaf,
  evaluerSeuilCommandement,
  type ImpayeAideLogement,
  type ResultatSeuil,
} from './seuils.ts'
export {
  ecrireJour,
  ecrireReferencePartagee,
  ecrireReserve,
  ecrireSourcePartagee,
  type Fiabilite,
  type Provenance,
  periode,
  provenance,
  provenancePartagee,
  rangIncoherent,
  type SourceReglementaire,
  versionAu,
} from './source.ts'
export {
  type Commune,
  type CommuneProposee,
  type CommuneTrouvee,
  chargerTerritoires,
  type LigneTerritoire,
  libelleTerritoire,
  listerSecretariats,
  normaliserCommune,
  proposerCommunes,
  type Secretariat,
  type SourceTerritoires,
  STATUTS_COMMUNE,
  type StatutCommune,
  type Territoires,
  trouverCommune,
} from './territoires.ts'
export {
  dernierChangement,
  type EssaiVersion,
  essayerVersion,
  GENRES_VERSION,
  type GenreVersion,
  lireVersion,
  type ReglagesDates,
  superposerVersions,
  type VersionLue,
} from './versions.ts'
export {
  type EntreeVocabulaire,
  ecrireEuros,
  ecrireValeur,
  type Fait,
  type Faits,
  STADES_REGLES,
  type StadeRegles,
  VOCABULAIRE,
} from './vocabulaire.ts'
export {
  type CheminYaml,
  type DocumentYaml,
  ErreurDonnees,
  ecrireProbleme,
  fichierDonnees,
  identifiant,
  jourCivil,
  lireDocumentYaml,
  lireJour,
  lireTexteYaml,
  lireYaml,
  type Probleme,
  suggerer,
  texteRempli,
} from './yaml.ts'
