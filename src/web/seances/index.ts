import { FORMATS_EXPORT } from '../export.tsx'
import { type Route, redirection } from '../route.ts'
import { corriger, proposerCorrection } from './correction.tsx'
import { montrerCommissionDuDossier } from './dossier.tsx'
import { demanderChangement, signaler } from './position.tsx'
import { garderPoste, montrerPoste, ouvrirPoste, recevoirPoste } from './poste.tsx'
import { approuver, clore, montrerReleve, redigerEnTexte, refaire, telechargerReleve } from './releve.tsx'
import { exporterSuites, montrerSuite, montrerSuites, relancer, repondre } from './suites.tsx'
import { suivreSeance } from './suivre.tsx'

const SEANCE = '/seances/:seance'
const DOSSIER = `${SEANCE}/poste/:inscription`

/** A session as it is held, its statement, what becomes of what it said. */
export const routesSuites: readonly Route[] = [
  { methode: 'GET', chemin: `${SEANCE}/poste`, droit: 'deliberation.tenir', traiter: ouvrirPoste },
  { methode: 'GET', chemin: DOSSIER, droit: 'deliberation.tenir', traiter: montrerPoste },
  { methode: 'POST', chemin: DOSSIER, droit: 'deliberation.tenir', traiter: recevoirPoste },
  { methode: 'POST', chemin: `${DOSSIER}/auto`, droit: 'deliberation.tenir', traiter: garderPoste },
  { methode: 'GET', chemin: `${SEANCE}/suivre`, droit: 'seance.participer', traiter: suivreSeance },
  { methode: 'GET', chemin: `${SEANCE}/releve`, droit: 'commission.consulter', traiter: montrerReleve },
  {
    methode: 'GET',
    chemin: `${SEANCE}/releve.pdf`,
    droit: 'commission.consulter',
    sortie: 'menages',
    traiter: telechargerReleve,
  },
  {
    methode: 'GET',
    chemin: `${SEANCE}/releve.docx`,
    droit: 'commission.consulter',
    sortie: 'menages',
    traiter: redigerEnTexte,
  },
  {
    methode: 'GET',
    chemin: `${SEANCE}/releve/corriger/:inscription`,
    droit: 'deliberation.tenir',
    traiter: proposerCorrection,
  },
  { methode: 'POST', chemin: `${SEANCE}/releve/corriger/:inscription`, droit: 'deliberation.tenir', traiter: corriger },
  { methode: 'POST', chemin: `${SEANCE}/clore`, droit: 'deliberation.tenir', traiter: clore },
  { methode: 'POST', chemin: `${SEANCE}/releve/refaire`, droit: 'deliberation.tenir', traiter: refaire },
  { methode: 'POST', chemin: `${SEANCE}/releve/approuver`, droit: 'releve.approuver', traiter: approuver },
  { methode: 'GET', chemin: '/suites', droit: 'suite.repondre', traiter: montrerSuites },
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `/suites/export.${format}`,
      droit: 'suite.suivre',
      sortie: 'menages',
      traiter: exporterSuites(format),
    }),
  ),
  {
    methode: 'GET',
    chemin: '/suites/activite',
    droit: 'suite.suivre',
    neutre: true,
    // The year is counted in « Piloter »: old links lead there.
    traiter: async ({ recherche }) =>
      redirection(`/pilotage${/^\d{4}$/.test(recherche.annee ?? '') ? `?annee=${recherche.annee}` : ''}`),
  },
  { methode: 'GET', chemin: '/suites/:suite', droit: 'suite.repondre', traiter: montrerSuite },
  { methode: 'POST', chemin: '/suites/:suite/repondre', droit: 'suite.repondre', traiter: repondre },
  { methode: 'POST', chemin: '/suites/:suite/relancer', droit: 'suite.suivre', traiter: relancer },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/commission',
    droit: 'avis.consulter',
    traiter: montrerCommissionDuDossier,
  },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/position/signaler',
    droit: 'orientation.signaler',
    traiter: demanderChangement,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/position/signaler',
    droit: 'orientation.signaler',
    traiter: signaler,
  },
]
