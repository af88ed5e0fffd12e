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
} from './dossier.tsx'

const DOSSIER = '/dossiers/:reference/saisine'

/** « Saisir la CCAPEX »: the form of annex 6, its instruction by the secretariat. */
export const routesSaisine: readonly Route[] = [
  { methode: 'GET', chemin: DOSSIER, droit: 'saisine.consulter', traiter: montrerSaisines },
  { methode: 'POST', chemin: DOSSIER, droit: 'saisine.deposer', traiter: commencerSaisine },
  { methode: 'POST', chemin: `${DOSSIER}/instruire`, droit: 'saisine.instruire', traiter: instruire },
  { methode: 'POST', chemin: `${DOSSIER}/preorienter`, droit: 'saisine.preorienter', traiter: preorienter },
  ...routesFormulaire(ecranSaisine),
  { methode: 'GET', chemin: `${DOSSIER}/:formulaire/deposer`, droit: 'saisine.deposer', traiter: relireAvantDepot },
  { methode: 'POST', chemin: `${DOSSIER}/:formulaire/deposer`, droit: 'saisine.deposer', traiter: deposer },
  { methode: 'POST', chemin: `${DOSSIER}/:formulaire/rouvrir`, droit: 'saisine.deposer', traiter: rouvrir },
  { methode: 'POST', chemin: `${DOSSIER}/:formulaire/abandonner`, droit: 'saisine.deposer', traiter: abandonner },
]
