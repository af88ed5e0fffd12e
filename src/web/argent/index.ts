import { FORMATS_EXPORT } from '../export.tsx'
import type { Route } from '../route.ts'
import { imprimerAvis, montrerAvis } from './avis.tsx'
import { enregistrerBudget, proposerBudget } from './budget.tsx'
import { exporterReleve, imprimerEcheancier } from './documents.ts'
import { montrerArgent, noterBonneFoi } from './ensemble.tsx'
import { enregistrerCorrection, enregistrerLignes, proposerCorrection, proposerLignes } from './lignes.tsx'
import { composerAvis, proposerAvis } from './outil-avis.tsx'
import { evaluerDesistement, proposerDesistement } from './outil-desistement.tsx'
import { evaluerImpaye, proposerImpaye } from './outil-impaye.tsx'
import { evaluerJugement, proposerJugement } from './outil-jugement.tsx'
import {
  calculerAffectation,
  calculerApurement,
  montrerOutils,
  proposerAffectation,
  proposerApurement,
} from './outils.tsx'
import { cloreUnPlan, montrerPlan, proposerPlan, traiterPlan } from './plans.tsx'

const BASE = '/dossiers/:reference/argent'
const voir = 'argent.consulter'
const tenir = 'argent.tenir'
const outil = 'outil.employer'

/** The debt of a dossier, its plans and their follow-up; the calculators that name nobody. */
export const routesArgent: readonly Route[] = [
  { methode: 'GET', chemin: BASE, droit: voir, traiter: montrerArgent },
  { methode: 'GET', chemin: `${BASE}/lignes`, droit: tenir, traiter: proposerLignes },
  { methode: 'POST', chemin: `${BASE}/lignes`, droit: tenir, traiter: enregistrerLignes },
  { methode: 'GET', chemin: `${BASE}/lignes/:ligne`, droit: tenir, traiter: proposerCorrection },
  { methode: 'POST', chemin: `${BASE}/lignes/:ligne`, droit: tenir, traiter: enregistrerCorrection },
  { methode: 'GET', chemin: `${BASE}/plan`, droit: tenir, traiter: proposerPlan },
  { methode: 'POST', chemin: `${BASE}/plan`, droit: tenir, traiter: traiterPlan },
  { methode: 'GET', chemin: `${BASE}/plans/:plan`, droit: voir, traiter: montrerPlan },
  { methode: 'POST', chemin: `${BASE}/plans/:plan`, droit: tenir, traiter: cloreUnPlan },
  {
    methode: 'GET',
    chemin: `${BASE}/plans/:plan/echeancier.pdf`,
    droit: voir,
    sortie: 'piece',
    traiter: imprimerEcheancier,
  },
  { methode: 'GET', chemin: `${BASE}/budget`, droit: tenir, traiter: proposerBudget },
  { methode: 'POST', chemin: `${BASE}/budget`, droit: tenir, traiter: enregistrerBudget },
  { methode: 'POST', chemin: `${BASE}/bonne-foi`, droit: tenir, traiter: noterBonneFoi },
  { methode: 'GET', chemin: `${BASE}/avis`, droit: voir, traiter: montrerAvis },
  { methode: 'GET', chemin: `${BASE}/avis.pdf`, droit: voir, sortie: 'piece', traiter: imprimerAvis },
  ...FORMATS_EXPORT.map(
    (format): Route => ({
      methode: 'GET',
      chemin: `${BASE}/releve.${format}`,
      droit: voir,
      sortie: 'piece',
      traiter: exporterReleve(format),
    }),
  ),
  { methode: 'GET', chemin: '/outils', droit: outil, neutre: true, traiter: montrerOutils },
  { methode: 'GET', chemin: '/outils/apurement', droit: outil, neutre: true, traiter: proposerApurement },
  { methode: 'POST', chemin: '/outils/apurement', droit: outil, traiter: calculerApurement },
  { methode: 'GET', chemin: '/outils/affectation', droit: outil, neutre: true, traiter: proposerAffectation },
  { methode: 'POST', chemin: '/outils/affectation', droit: outil, traiter: calculerAffectation },
  { methode: 'GET', chemin: '/outils/avis', droit: outil, neutre: true, traiter: proposerAvis },
  { methode: 'POST', chemin: '/outils/avis', droit: outil, traiter: composerAvis },
  { methode: 'GET', chemin: '/outils/impaye', droit: outil, neutre: true, traiter: proposerImpaye },
  { methode: 'POST', chemin: '/outils/impaye', droit: outil, traiter: evaluerImpaye },
  { methode: 'GET', chemin: '/outils/desistement', droit: outil, neutre: true, traiter: proposerDesistement },
  { methode: 'POST', chemin: '/outils/desistement', droit: outil, traiter: evaluerDesistement },
  { methode: 'GET', chemin: '/outils/jugement', droit: outil, neutre: true, traiter: proposerJugement },
  { methode: 'POST', chemin: '/outils/jugement', droit: outil, traiter: evaluerJugement },
]
