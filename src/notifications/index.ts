export {
  chiffreNonLues,
  type FiltreNotifications,
  listerNotifications,
  type Motif,
  marquerLues,
  NON_LUES_MAX,
  type Notification,
  ouvrirNotification,
  remettreNonLues,
} from './boite.ts'
export {
  type AdresseCalendrier,
  datesDesDossiers,
  EVENEMENTS_MAX,
  type EvenementPropose,
  lireAdresseCalendrier,
  noterLectureCalendrier,
  numeroter,
  periodeCalendrier,
  renouvelerAdresseCalendrier,
  retirerAdresseCalendrier,
  trouverAbonne,
} from './calendrier.ts'
export { envoyerNotifications } from './envoi.ts'
export { decrireGenre, estGenre, GENRES, type GenreNotification, genres } from './genres.ts'
export { type Horaires, lireReglagesLocaux } from './horaires.ts'
export { type Destinataire, type Evenement, listerDestinataires, noter, TACHE_NOTIFICATIONS } from './noter.ts'
export { type ChoseAdressee, listerOuvertures, noterOuverture, type Ouverture } from './ouvertures.ts'
export { purgerNotifications } from './purge.ts'
export {
  CANAUX,
  type Canal,
  canauxPossibles,
  lireReglage,
  type ReglageNotifications,
  reglerNotifications,
  verifierReglage,
} from './reglages.ts'
