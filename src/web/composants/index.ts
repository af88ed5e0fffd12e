export {
  Actions,
  Bouton,
  BoutonImprimer,
  BoutonPost,
  CHAMP_ENVOI,
  ChampsCaches,
  Formulaire,
  type GenreBouton,
  type ProprietesBouton,
} from './bouton.tsx'
export { CadreDefilant } from './cadre.tsx'
export {
  Carte,
  Colonnes,
  Compteurs,
  EtatVide,
  type LigneDefinition,
  ListeDefinition,
  ListeSobre,
  Message,
  Pile,
  Plus,
  type ProprietesCompteur,
  Section,
  Veille,
} from './carte.tsx'
export {
  BoutonsRadio,
  CaseACocher,
  Champ,
  ChampDate,
  ChampFichier,
  ChampMontant,
  type OptionChoix,
  type ProprietesChamp,
  ResumeErreurs,
  Selection,
} from './champ.tsx'
export {
  type Accord,
  BasculeRaccourcis,
  type ChampCompare,
  Comparaison,
  Decision,
  DeuxVersions,
  JaugeScore,
} from './comparaison.tsx'
export { Courbe, type SerieCourbe } from './courbe.tsx'
export {
  type EcheanceAffichee,
  type EtatEcheance,
  ecrireDistance,
  estRevolue,
  etatEcheance,
  PuceEcheance,
} from './echeance.tsx'
export {
  ChoixCercle,
  EtapeJauge,
  Etiquette,
  Etiquettes,
  EtiquetteVerdict,
  PuceCercle,
  type Ton,
  type Verdict,
  verdicts,
} from './etiquette.tsx'
export { type EcheanceFrise, Frise, type ProprietesFrise, type RepereFrise } from './frise.tsx'
export { Icone, type NomIcone, type RangCercle } from './icone.tsx'
export { type FiltreActif, Filtres, type Onglet, Onglets, Pagination, PiedCadre } from './liste.tsx'
export { AxePeriodes, AxePeriodesCourt, type PeriodeAxe } from './periodes.tsx'
export { type CompteVerdict, Progression, ZoneVive } from './progression.tsx'
export {
  Barre,
  BarreGroupee,
  type Colonne,
  type ProprietesTableau,
  type SelectionLignes,
  type SensTri,
  Tableau,
  type Tri,
} from './tableau.tsx'
export { FileTaches, Reponses, type Tache } from './tache.tsx'
