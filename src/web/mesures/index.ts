import type { Route } from '../route.ts'
import {
  montrerMesures,
  noterUnPoint,
  proposerMesure,
  reglerUneMesure,
  suivreUneMesure,
  terminerUneMesure,
} from './dossier.tsx'
import { exporterMesures, montrerListe } from './liste.tsx'

const PLACE = '/dossiers/:reference/mesures'
const UNE = `${PLACE}/:mesure`

/** Measures followed after a judgment: those of a dossier, their points, and what is due everywhere. */
export const routesMesures: readonly Route[] = [
  { methode: 'GET', chemin: '/mesures', droit: 'mesure.consulter', traiter: montrerListe },
  ...(['xlsx', 'ods', 'csv'] as const).map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/mesures/export.${format}`,
      droit: 'dossier.exporter',
      sortie: 'menages',
      traiter: exporterMesures(format),
    }),
  ),
  { methode: 'GET', chemin: PLACE, droit: 'mesure.consulter', traiter: montrerMesures },
  { methode: 'GET', chemin: `${PLACE}/nouvelle`, droit: 'mesure.tenir', traiter: proposerMesure },
  { methode: 'POST', chemin: PLACE, droit: 'mesure.tenir', traiter: suivreUneMesure },
  { methode: 'POST', chemin: `${UNE}/points`, droit: 'mesure.tenir', traiter: noterUnPoint },
  { methode: 'POST', chemin: `${UNE}/periodicite`, droit: 'mesure.tenir', traiter: reglerUneMesure },
  { methode: 'POST', chemin: `${UNE}/terminer`, droit: 'mesure.tenir', traiter: terminerUneMesure },
]
