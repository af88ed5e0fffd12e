export {
  type Accord,
  accordEnVigueur,
  filtrerParAccord,
  listerAccords,
  type MoyenAccord,
  moyensAccord,
  noterAccord,
  type SensAccord,
  sensAccord,
  sensPermis,
  vautLe,
} from './accords.ts'
export {
  chargerAccords,
  FORMES_PARTICIPATIONS,
  inventorierAccords,
  type ObjetAccord,
  objetsAccord,
} from './catalogue.ts'
export {
  engagerPourLaCellule,
  engagerPourRelais,
  engagerSurDemande,
  prolongerPourLaCellule,
  reprendrePourLaCellule,
  terminerPourLaCellule,
} from './demandes.ts'
export {
  type AccesExceptionnel,
  cloreAccesExceptionnel,
  demanderAccesExceptionnel,
  exigerSansException,
  lireOuvertureExceptionnelle,
  listerAccesExceptionnels,
  type ResultatDemande,
  TACHE_EXCEPTIONNEL,
} from './exceptionnels.ts'
export {
  DUREE_MAX_PARTICIPATION,
  estInvitable,
  inviterOrganisme,
  listerInvitables,
  listerParticipants,
  listerParticipations,
  type Participation,
  peutTenirParticipations,
  retirerParticipation,
} from './participations.ts'
