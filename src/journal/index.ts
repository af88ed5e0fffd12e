export { decrireAction, type GenreAction, genresAction, listeActions } from './actions.ts'
export { type Ancre, ancrerJournal, lireAncres } from './ancres.ts'
export { type Acte, type Auteur, type Carnet, consigner, type Entree, objetDe, ouvrirCarnet } from './carnet.ts'
export { lireTete, scellerJournal } from './chaine.ts'
export {
  actionsComptees,
  COMPTE_MAX,
  type ConsultationsDe,
  type EntreeLue,
  type FiltreJournal,
  type JourneeDeCompte,
  listerEntrees,
  listerOuvertures,
  mesurerJournee,
  type Ouverture,
  type PageJournal,
  type PositionJournal,
  parcourirEntrees,
  resumerConsultations,
} from './lecture.ts'
export { purgerJournal } from './purge.ts'
export { type BilanJournal, type Faute, verifierJournal } from './verification.ts'
