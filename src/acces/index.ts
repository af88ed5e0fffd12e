export { aviser, envoyerAvisCompte, TACHE_AVIS_COMPTE } from './avis.ts'
export {
  type Coffre,
  estScelle,
  lireCleDuDepartement,
  MARQUE_EMPREINTE,
  ouvrirOuDire,
  type PasDeScellement,
  tournerCleDuDepartement,
  trousseauDe,
  trousseauDUneCle,
} from './coffre.ts'
export {
  accorderHabilitation,
  type CompteAdministre,
  confirmerHabilitations,
  type DemandeHabilitation,
  type EtatCompte,
  fermerCompte,
  fermerComptesInactifs,
  type Habilitation,
  inviterCompte,
  type LigneRevue,
  libererSecondFacteur,
  lireCompte,
  listerComptes,
  listerRevue,
  reinviter,
  retirerHabilitation,
  rolesPersonnes,
  rouvrirCompte,
  verifierAdresseNominative,
} from './comptes.ts'
export {
  acteurDuCompte,
  type Connecte,
  type Connexion,
  type Etape,
  enConnexion,
  fermerConnexion,
  lireConnexion,
  lireJeton,
  lireSession,
  ouvrirConnexion,
  type SessionLue,
} from './connexion.ts'
export { type Droit, droits, type Role, roles } from './droits.ts'
export { recevoirEnvoi, retenirReponse } from './envois.ts'
export { type CompteHabilite, listerComptesHabilites, trouverCompte } from './habilites.ts'
export { type Lecteur, listerLecteurs } from './lecteurs.ts'
export { choisirMotDePasse, demanderNouveauMotDePasse, envoyerLien, lireLien, TACHE_COURRIEL } from './liens.ts'
export { compterEchecs, empreinte, noterEchec } from './limites.ts'
export { type Masque, masqueDe } from './masque.ts'
export { type Acces, accesDe, aLeDroit, type CercleOuvert, cerclesDe } from './matrice.ts'
export {
  accepterEngagement,
  changerMotDePasse,
  confirmerIdentite,
  confirmerMotDePasse,
  estConfirmee,
  lireMonCompte,
  type MonCompte,
  nouveauxCodesSecours,
  revoquerSession,
  revoquerSessions,
  type SessionOuverte,
} from './mon-compte.ts'
export { critiquerMotDePasse, hacherMotDePasse } from './mots-de-passe.ts'
export { installerCompte, installerOrganismes, lireOrganisme, listerOrganismes, type Organisme } from './organismes.ts'
export { type IdentiteExterne, lireJetonIdentite, ouvrirConnexionExterne } from './proconnect.ts'
export { chargerLimites, FORMES_ACCES, inventorierLimites, limiteAu, signalerLimite } from './quotas.ts'
export { estDeDemonstration, type ReglagesAcces } from './reglages.ts'
export {
  type CourrielRefuse,
  expedier,
  listerCourrielsRefuses,
  monCourrielRefuse,
  reprendreCourriel,
} from './rejets.ts'
export {
  compterCodesScelles,
  confirmerEnrolement,
  type Enrolement,
  passerSecondFacteur,
  preparerEnrolement,
  recommencerEnrolement,
  tournerCodesScelles,
} from './second-facteur.ts'
export {
  type Acteur,
  type Application,
  acteurSysteme,
  consignerRefus,
  LECTURE_PAR_EXCEPTION,
  type LireRegles,
  ouvrirSession,
  type Session,
} from './session.ts'
export {
  creerOrganisme,
  fermerOrganisme,
  lireOrganismeTenu,
  listerOrganismesTenus,
  modifierOrganisme,
  type OrganismeTenu,
  rouvrirOrganisme,
  type SaisieOrganisme,
} from './tenue-organismes.ts'
