import { routesFormulaire } from '../formulaires/routes.tsx'
import type { Route } from '../route.ts'
import { abandonnerFsl, commencerFsl, ecranFsl, montrerFsl, remettreFsl, rouvrirFsl } from './dossier.tsx'

const PLACE = '/dossiers/:reference/fsl'

/** The file asked of the housing solidarity fund, filled with what the dossier and its diagnosis know. */
export const routesFsl: readonly Route[] = [
  { methode: 'GET', chemin: PLACE, droit: 'fsl.consulter', traiter: montrerFsl },
  { methode: 'POST', chemin: PLACE, droit: 'fsl.remplir', traiter: commencerFsl },
  ...routesFormulaire(ecranFsl),
  { methode: 'POST', chemin: `${PLACE}/:formulaire/remettre`, droit: 'fsl.remplir', traiter: remettreFsl },
  { methode: 'POST', chemin: `${PLACE}/:formulaire/rouvrir`, droit: 'fsl.remplir', traiter: rouvrirFsl },
  { methode: 'POST', chemin: `${PLACE}/:formulaire/abandonner`, droit: 'fsl.remplir', traiter: abandonnerFsl },
]
