import { FORMATS_EXPORT } from '../export.tsx'
import type { Route } from '../route.ts'
import { enregistrerOrganisme, fermerUnOrganisme, montrerOrganisme, rouvrirUnOrganisme } from './fiche.tsx'
import { exporterOrganismes, listerLesOrganismes } from './liste.tsx'
import { ouvrirUnOrganisme, proposerOrganisme } from './nouveau.tsx'

const droit = 'organisme.gerer'

/** Organismes of the département, for the administrator: which exist, where they act, which are closed. No dossier is read here. */
export const routesOrganismes: readonly Route[] = [
  { methode: 'GET', chemin: '/organismes', droit, traiter: listerLesOrganismes },
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/organismes.${format}`,
      droit,
      sortie: 'neutre',
      traiter: exporterOrganismes(format),
    }),
  ),
  { methode: 'GET', chemin: '/organismes/nouveau', droit, traiter: proposerOrganisme },
  { methode: 'POST', chemin: '/organismes/nouveau', droit, traiter: ouvrirUnOrganisme },
  { methode: 'GET', chemin: '/organismes/:id', droit, traiter: montrerOrganisme },
  { methode: 'POST', chemin: '/organismes/:id', droit, traiter: enregistrerOrganisme },
  { methode: 'POST', chemin: '/organismes/:id/fermer', droit, traiter: fermerUnOrganisme },
  { methode: 'POST', chemin: '/organismes/:id/rouvrir', droit, traiter: rouvrirUnOrganisme },
]
