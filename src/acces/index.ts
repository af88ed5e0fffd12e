export { envoyerAvis, TACHE_AVIS } from './avis.ts'
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
  type Connecte,
  type Connexion,
  type Etape,
  fermerConnexion,
  lireConnexion,
  lireSession,
  ouvrirConnexion,
  type SessionLue,
} from './connexion.ts'
export { aLeDroit, type Droit, droits, droitsParRole, porteeParRole, type Role, roles } from './droits.ts'
export { type CompteHabilite, listerComptesHabilites, trouverCompte } from './habilites.ts'
export { choisirMotDePasse, demanderNouveauMotDePasse, envoyerLien, lireLien, TACHE_COURRIEL } from './liens.ts'
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
  confirmerEnrolement,
  type Enrolement,
  passerSecondFacteur,
  preparerEnrolement,
  recommencerEnrolement,
} from './second-facteur.ts'
export {
  type Acteur,
  type Application,
  acteurSysteme,
  consignerRefus,
  type LireRegles,
  ouvrirSession,
  type Session,
} from './session.ts'
