import type { Route } from '../route.ts'
import { montrerEngagements } from './dossier.tsx'
import { exporterFile, montrerFile } from './file.tsx'
import { declarerUneAbsence, defaire, faireLot, montrerAbsence, preparerLot, retirerUneAbsence } from './lot.tsx'
import { cloreUneTache, confirmerUneTache, montrerTache, rouvrirUneTache } from './tache.tsx'

const DOSSIER = '/dossiers/:reference/engagements'

/** « Ce qu’on attend de nous »: the engagements of the charter at work, by organisme and by dossier. */
export const routesEngagements: readonly Route[] = [
  { methode: 'GET', chemin: '/engagements', droit: 'engagement.consulter', traiter: montrerFile },
  {
    methode: 'GET',
    chemin: '/engagements/export.xlsx',
    droit: 'dossier.exporter',
    sortie: 'menages',
    traiter: exporterFile('xlsx'),
  },
  {
    methode: 'GET',
    chemin: '/engagements/export.ods',
    droit: 'dossier.exporter',
    sortie: 'menages',
    traiter: exporterFile('ods'),
  },
  {
    methode: 'GET',
    chemin: '/engagements/export.csv',
    droit: 'dossier.exporter',
    sortie: 'menages',
    traiter: exporterFile('csv'),
  },
  { methode: 'POST', chemin: '/engagements/lot', droit: 'engagement.tenir', traiter: preparerLot },
  { methode: 'POST', chemin: '/engagements/lot/faire', droit: 'engagement.tenir', traiter: faireLot },
  { methode: 'POST', chemin: '/engagements/defaire', droit: 'engagement.tenir', traiter: defaire },
  { methode: 'GET', chemin: '/engagements/absence', droit: 'engagement.tenir', traiter: montrerAbsence },
  { methode: 'POST', chemin: '/engagements/absence', droit: 'engagement.tenir', traiter: declarerUneAbsence },
  {
    methode: 'POST',
    chemin: '/engagements/absence/:absence/retirer',
    droit: 'engagement.tenir',
    traiter: retirerUneAbsence,
  },
  { methode: 'GET', chemin: DOSSIER, droit: 'engagement.consulter', traiter: montrerEngagements },
  { methode: 'GET', chemin: `${DOSSIER}/:tache`, droit: 'engagement.consulter', traiter: montrerTache },
  { methode: 'POST', chemin: `${DOSSIER}/:tache`, droit: 'engagement.tenir', traiter: cloreUneTache },
  { methode: 'POST', chemin: `${DOSSIER}/:tache/confirmer`, droit: 'engagement.tenir', traiter: confirmerUneTache },
  { methode: 'POST', chemin: `${DOSSIER}/:tache/rouvrir`, droit: 'engagement.tenir', traiter: rouvrirUneTache },
]
