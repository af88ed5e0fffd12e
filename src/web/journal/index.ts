import type { Route } from '../route.ts'
import { examinerAlerte, listerLesAlertes, montrerAlerte } from './alertes.tsx'
import { montrerConsultations } from './consultations.tsx'
import { exporterJournal } from './export.ts'
import { montrerJournal } from './journal.tsx'

/** « Journal » and « Alertes »: who looked at what, and what calls for a look. Never what was looked at. */
export const routesJournal: readonly Route[] = [
  { methode: 'GET', chemin: '/journal', droit: 'journal.consulter', traiter: montrerJournal },
  {
    methode: 'GET',
    chemin: '/journal/export.csv',
    droit: 'journal.consulter',
    sortie: 'menages',
    traiter: exporterJournal,
  },
  {
    methode: 'GET',
    chemin: '/journal/dossiers/:reference',
    droit: 'journal.consulter',
    traiter: montrerConsultations,
  },
  { methode: 'GET', chemin: '/alertes', droit: 'alerte.traiter', traiter: listerLesAlertes },
  { methode: 'GET', chemin: '/alertes/:alerte', droit: 'alerte.traiter', traiter: montrerAlerte },
  { methode: 'POST', chemin: '/alertes/:alerte', droit: 'alerte.traiter', traiter: examinerAlerte },
]
