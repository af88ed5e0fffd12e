export { type CompteHabilite, listerComptes, trouverCompte } from './comptes.ts'
export {
  type Connecte,
  type Connexion,
  fermerConnexion,
  hacherMotDePasse,
  lireConnexion,
  ouvrirConnexion,
} from './connexion.ts'
export { aLeDroit, type Droit, droits, droitsParRole, porteeParRole, type Role, roles } from './droits.ts'
export { installerCompte, installerOrganismes, lireOrganisme, listerOrganismes, type Organisme } from './organismes.ts'
export {
  type Acteur,
  type Application,
  acteurSysteme,
  consignerRefus,
  type LireRegles,
  ouvrirSession,
  type Session,
} from './session.ts'
