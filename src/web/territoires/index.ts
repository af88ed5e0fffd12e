import { FORMATS_EXPORT } from '../export.tsx'
import type { Route } from '../route.ts'
import { exporterCommunes, listerLesCommunes, montrerTerritoire } from './communes.tsx'
import { exporterMaires, montrerMaires } from './maires.tsx'
import { montrerAnomalies, montrerTerritoires } from './territoires.tsx'

/** The territories of the commission, their secretariats, and where each commune belongs. */
export const routesTerritoires: readonly Route[] = [
  { methode: 'GET', chemin: '/territoires', droit: 'regle.consulter', traiter: montrerTerritoires },
  { methode: 'GET', chemin: '/territoires/communes', droit: 'regle.consulter', traiter: listerLesCommunes },
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/territoires/communes.${format}`,
      droit: 'regle.consulter',
      sortie: 'neutre',
      traiter: exporterCommunes(format),
    }),
  ),
  { methode: 'GET', chemin: '/territoires/maires', droit: 'commission.consulter', traiter: montrerMaires },
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/territoires/maires.${format}`,
      droit: 'commission.consulter',
      sortie: 'neutre',
      traiter: exporterMaires(format),
    }),
  ),
  { methode: 'GET', chemin: '/territoires/anomalies', droit: 'territoire.controler', traiter: montrerAnomalies },
  { methode: 'GET', chemin: '/territoires/:id', droit: 'regle.consulter', traiter: montrerTerritoire },
]
