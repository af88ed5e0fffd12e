import { FORMATS_EXPORT } from '../export.tsx'
import type { Route } from '../route.ts'
import { montrerDemandesMenage, noterUneDemande, repondreAUneDemande } from './demandes.tsx'
import { geler, lever, montrerConserve } from './dossier.tsx'
import { changerArchive, montrerConservation } from './liste.tsx'
import { exporterStatistiques, montrerStatistiques } from './statistiques.tsx'
import { montrerBordereau, retirerLeVisa, viser } from './viser.tsx'

const consulter = 'conservation.consulter'

/** How long data are kept: closed dossiers towards the archive and their erasure, and what a household asks about its data. */
export const routesConservation: readonly Route[] = [
  { methode: 'GET', chemin: '/conservation', droit: consulter, traiter: montrerConservation },
  { methode: 'GET', chemin: '/conservation/statistiques', droit: consulter, traiter: montrerStatistiques },
  // Numbers alone, always masked: nothing of a household leaves.
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/conservation/statistiques.${format}`,
      droit: consulter,
      sortie: 'neutre',
      traiter: exporterStatistiques(format),
    }),
  ),
  { methode: 'POST', chemin: '/conservation/archive', droit: 'conservation.archiver', traiter: changerArchive },
  { methode: 'POST', chemin: '/conservation/viser', droit: 'elimination.viser', traiter: viser },
  { methode: 'GET', chemin: '/conservation/bordereaux/:numero', droit: consulter, traiter: montrerBordereau },
  {
    methode: 'POST',
    chemin: '/conservation/bordereaux/:numero/retirer',
    droit: 'elimination.viser',
    traiter: retirerLeVisa,
  },
  { methode: 'GET', chemin: '/conservation/dossiers/:reference', droit: consulter, traiter: montrerConserve },
  { methode: 'POST', chemin: '/conservation/dossiers/:reference/geler', droit: 'conservation.geler', traiter: geler },
  {
    methode: 'POST',
    chemin: '/conservation/dossiers/:reference/gels/:gel/lever',
    droit: 'conservation.geler',
    traiter: lever,
  },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/demandes-menage',
    droit: 'demande_menage.tenir',
    traiter: montrerDemandesMenage,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/demandes-menage',
    droit: 'demande_menage.tenir',
    traiter: noterUneDemande,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/demandes-menage/:demande',
    droit: 'demande_menage.tenir',
    traiter: repondreAUneDemande,
  },
]
