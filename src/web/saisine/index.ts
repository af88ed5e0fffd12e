import { FORMATS_EXPORT } from '../export.tsx'
import { routesFormulaire } from '../formulaires/routes.tsx'
import type { Route } from '../route.ts'
import { ecranSaisine } from './commun.tsx'
import {
  abandonner,
  commencerSaisine,
  deposer,
  instruire,
  montrerSaisines,
  preorienter,
  relireAvantDepot,
  rouvrir,
  seSaisirLibrement,
} from './dossier.tsx'
import { exporterListe, montrerListe } from './liste.tsx'
import {
  commencerPourLocataire,
  enregistrerPourLocataire,
  remplirPourLocataire,
  suivreLocataire,
} from './locataire.tsx'
import { accepter, defaire, ecarter, montrerPropositions, reporter } from './propositions.tsx'

const DOSSIER = '/dossiers/:reference/saisine'
const LOCATAIRE = '/locataires/:locataire/saisine'

/** « Saisir la CCAPEX »: the form of annex 6, its instruction by the secretariat. */
export const routesSaisine: readonly Route[] = [
  { methode: 'GET', chemin: DOSSIER, droit: 'saisine.consulter', traiter: montrerSaisines },
  { methode: 'POST', chemin: DOSSIER, droit: 'saisine.deposer', traiter: commencerSaisine },
  { methode: 'POST', chemin: `${DOSSIER}/instruire`, droit: 'saisine.instruire', traiter: instruire },
  { methode: 'POST', chemin: `${DOSSIER}/preorienter`, droit: 'saisine.preorienter', traiter: preorienter },
  { methode: 'POST', chemin: `${DOSSIER}/auto-saisine`, droit: 'saisine.instruire', traiter: seSaisirLibrement },
  ...routesFormulaire(ecranSaisine),
  { methode: 'GET', chemin: `${DOSSIER}/:formulaire/deposer`, droit: 'saisine.deposer', traiter: relireAvantDepot },
  { methode: 'POST', chemin: `${DOSSIER}/:formulaire/deposer`, droit: 'saisine.deposer', traiter: deposer },
  { methode: 'POST', chemin: `${DOSSIER}/:formulaire/rouvrir`, droit: 'saisine.deposer', traiter: rouvrir },
  { methode: 'POST', chemin: `${DOSSIER}/:formulaire/abandonner`, droit: 'saisine.deposer', traiter: abandonner },
  { methode: 'GET', chemin: LOCATAIRE, droit: 'locataire.saisir', traiter: suivreLocataire },
  { methode: 'POST', chemin: LOCATAIRE, droit: 'locataire.saisir', traiter: commencerPourLocataire },
  { methode: 'GET', chemin: `${LOCATAIRE}/:formulaire`, droit: 'locataire.saisir', traiter: remplirPourLocataire },
  { methode: 'POST', chemin: `${LOCATAIRE}/:formulaire`, droit: 'locataire.saisir', traiter: enregistrerPourLocataire },
  { methode: 'GET', chemin: '/saisines', droit: 'saisine.consulter', traiter: montrerListe },
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/saisines/export.${format}`,
      droit: 'saisine.consulter',
      sortie: 'menages',
      traiter: exporterListe(format),
    }),
  ),
  { methode: 'GET', chemin: '/saisines/propositions', droit: 'saisine.instruire', traiter: montrerPropositions },
  { methode: 'POST', chemin: '/saisines/propositions/accepter', droit: 'saisine.instruire', traiter: accepter },
  { methode: 'POST', chemin: '/saisines/propositions/reporter', droit: 'saisine.instruire', traiter: reporter },
  { methode: 'POST', chemin: '/saisines/propositions/ecarter', droit: 'saisine.instruire', traiter: ecarter },
  { methode: 'POST', chemin: '/saisines/propositions/defaire', droit: 'saisine.instruire', traiter: defaire },
]
