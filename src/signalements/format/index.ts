export { COLONNES, type ContenuSignalement, NOMS_COLONNES, type NomColonne } from './colonnes.ts'
export { ecrireLignesRejetees, type FichierEcrit, fichierAConserver } from './conservation.ts'
export { type CorrespondanceProposee, type Proposition, proposerCorrespondance } from './correspondance.ts'
export { type Correspondance, normaliserEntete } from './entete.ts'
export { direAutresFeuilles, type FichierLu, type FichierRefuse, lireFichier } from './fichier.ts'
export { libellesColonnes, libellesMotifs, libellesTypes } from './libelles.ts'
export { type VerdictLigne, verifierLigne } from './ligne.ts'
export { chargerModelesImport, type ModeleImport } from './modeles.ts'
export type { Motif, MotifFichier } from './motifs.ts'
export { type Effet, type Encodage, TYPES, type TypeSignalement, type Verdict } from './types.ts'
export { lireDate } from './valeurs.ts'
export {
  type DescriptionVerdict,
  decrireVerdict,
  ecrireVerdictCsv,
  type LigneDeVerdict,
  verdictJson,
} from './verdict.ts'
