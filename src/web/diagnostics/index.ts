import { routesFormulaire } from '../formulaires/routes.tsx'
import type { Route } from '../route.ts'
import {
  commencerUnVolet,
  designerUnReferent,
  direImpossible,
  montrerDiagnostics,
  noterUnEntretien,
  noterUneRemise,
  noterUnRecu,
  ouvrirUnDiagnostic,
  proposerUnEntretien,
  recueillirObservations,
  reglerUnDiagnostic,
  relireUnDiagnostic,
  telechargerSyntheseARemettre,
  telechargerUnDiagnostic,
  terminerUnVolet,
  validerUnDiagnostic,
} from './actes.tsx'
import { montrerBailleur, noterBailleur, retirerBailleur } from './bailleur.tsx'
import { ecranVolets } from './ecran.tsx'
import { montrerTravail } from './liste.tsx'
import { noterLoyer, proposerLoyer } from './loyer.tsx'
import {
  demanderDesRenseignements,
  montrerRenseignement,
  montrerRenseignements,
  proposerRenseignements,
  repondreUnRenseignement,
  retirerUnRenseignement,
} from './renseignements.tsx'

const PLACE = '/dossiers/:reference/diagnostics'
const UN = `${PLACE}/:diagnostic`

/** The diagnosis of a household: its stages, its parts, to whom it goes; the question of the rent; the landlord's journal. */
export const routesDiagnostics: readonly Route[] = [
  { methode: 'GET', chemin: '/diagnostics', droit: 'diagnostic.consulter', traiter: montrerTravail },
  { methode: 'GET', chemin: PLACE, droit: 'diagnostic.consulter', traiter: montrerDiagnostics },
  { methode: 'POST', chemin: PLACE, droit: 'diagnostic.ouvrir', traiter: ouvrirUnDiagnostic },
  { methode: 'GET', chemin: `${PLACE}/loyer`, droit: 'contact.noter', traiter: proposerLoyer },
  { methode: 'POST', chemin: `${PLACE}/loyer`, droit: 'contact.noter', traiter: noterLoyer },
  { methode: 'GET', chemin: `${PLACE}/bailleur`, droit: 'contact.noter', traiter: montrerBailleur },
  { methode: 'POST', chemin: `${PLACE}/bailleur`, droit: 'contact.noter', traiter: noterBailleur },
  {
    methode: 'POST',
    chemin: `${PLACE}/bailleur/:echange/retirer`,
    droit: 'contact.noter',
    traiter: retirerBailleur,
  },
  {
    methode: 'GET',
    chemin: `${PLACE}/syntheses/:synthese`,
    droit: 'diagnostic.consulter',
    sortie: 'piece',
    traiter: telechargerSyntheseARemettre,
  },
  { methode: 'GET', chemin: `${UN}/renseignements`, droit: 'diagnostic.remplir', traiter: proposerRenseignements },
  { methode: 'POST', chemin: `${UN}/renseignements`, droit: 'diagnostic.remplir', traiter: demanderDesRenseignements },
  {
    methode: 'POST',
    chemin: `${UN}/renseignements/:renseignement/retirer`,
    droit: 'diagnostic.remplir',
    traiter: retirerUnRenseignement,
  },
  { methode: 'GET', chemin: '/renseignements', droit: 'renseignement.repondre', traiter: montrerRenseignements },
  {
    methode: 'GET',
    chemin: '/renseignements/:renseignement',
    droit: 'renseignement.repondre',
    traiter: montrerRenseignement,
  },
  {
    methode: 'POST',
    chemin: '/renseignements/:renseignement',
    droit: 'renseignement.repondre',
    traiter: repondreUnRenseignement,
  },
  { methode: 'POST', chemin: `${UN}/entretiens`, droit: 'diagnostic.remplir', traiter: proposerUnEntretien },
  { methode: 'POST', chemin: `${UN}/entretiens/:entretien`, droit: 'diagnostic.remplir', traiter: noterUnEntretien },
  { methode: 'POST', chemin: `${UN}/volets/:volet`, droit: 'diagnostic.remplir', traiter: commencerUnVolet },
  { methode: 'POST', chemin: `${UN}/volets/:volet/terminer`, droit: 'diagnostic.remplir', traiter: terminerUnVolet },
  { methode: 'POST', chemin: `${UN}/observations`, droit: 'diagnostic.remplir', traiter: recueillirObservations },
  { methode: 'POST', chemin: `${UN}/reglages`, droit: 'diagnostic.remplir', traiter: reglerUnDiagnostic },
  { methode: 'POST', chemin: `${UN}/referent`, droit: 'acte.consigner', traiter: designerUnReferent },
  { methode: 'POST', chemin: `${UN}/relire`, droit: 'diagnostic.remplir', traiter: relireUnDiagnostic },
  { methode: 'POST', chemin: `${UN}/valider`, droit: 'diagnostic.remplir', traiter: validerUnDiagnostic },
  { methode: 'POST', chemin: `${UN}/impossible`, droit: 'diagnostic.remplir', traiter: direImpossible },
  { methode: 'POST', chemin: `${UN}/remises`, droit: 'diagnostic.transmettre', traiter: noterUneRemise },
  { methode: 'POST', chemin: `${UN}/remises/:envoi/recu`, droit: 'diagnostic.transmettre', traiter: noterUnRecu },
  {
    methode: 'GET',
    chemin: `${UN}/document`,
    droit: 'diagnostic.lire',
    sortie: 'piece',
    traiter: telechargerUnDiagnostic,
  },
  ...routesFormulaire(ecranVolets),
]
