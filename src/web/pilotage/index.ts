import { FORMATS_EXPORT, type FormatExport } from '../export.tsx'
import type { Reponse, Requete, Route } from '../route.ts'
import { exporterActivite, montrerActivite } from './activite.tsx'
import { exporterAssiduite, montrerAssiduite } from './assiduite.tsx'
import { PILOTAGE } from './commun.tsx'
import { exporterHarmonisation, montrerHarmonisation } from './harmonisation.tsx'
import { exporterDossiers, exporterRevus, montrerDossiers, montrerRevus, montrerSeances } from './listes.tsx'
import { exporterMises, montrerMises } from './mises-a-disposition.tsx'

const droit = 'pilotage.consulter'
/** Through the gate of exports, save what is always masked or counts no household. */
const exports = (
  nom: string,
  exporter: (format: FormatExport) => (requete: Requete) => Promise<Reponse>,
  sortie: 'menages' | 'neutre' = 'menages',
): Route[] =>
  FORMATS_EXPORT.map((format) => ({
    methode: 'GET',
    chemin: `${PILOTAGE}/${nom}.${format}`,
    droit,
    sortie,
    traiter: exporter(format),
  }))

/** What the commissions did in a year, for those who pilot them. */
export const routesPilotage: readonly Route[] = [
  { methode: 'GET', chemin: PILOTAGE, droit, traiter: montrerActivite },
  ...exports('activite', exporterActivite),
  { methode: 'GET', chemin: `${PILOTAGE}/harmonisation`, droit, traiter: montrerHarmonisation },
  ...exports('harmonisation', exporterHarmonisation, 'neutre'),
  { methode: 'GET', chemin: `${PILOTAGE}/revus`, droit, traiter: montrerRevus },
  ...exports('revus', exporterRevus),
  { methode: 'GET', chemin: `${PILOTAGE}/assiduite`, droit, traiter: montrerAssiduite },
  ...exports('assiduite', exporterAssiduite, 'neutre'),
  { methode: 'GET', chemin: `${PILOTAGE}/mises-a-disposition`, droit, traiter: montrerMises },
  ...exports('mises-a-disposition', exporterMises),
  { methode: 'GET', chemin: `${PILOTAGE}/dossiers`, droit, traiter: montrerDossiers },
  ...exports('dossiers', exporterDossiers),
  { methode: 'GET', chemin: `${PILOTAGE}/seances`, droit, traiter: montrerSeances },
]
