import type { Route } from '../route.ts'
import { creer, modifier, montrerCalendrier, proposerCommission, proposerModification } from './calendrier.tsx'
import {
  ajouter,
  ajouterReglement,
  ajouterSeance,
  changerMembre,
  montrerCommission,
  montrerMembre,
} from './commission.tsx'
import { montrerSeance } from './entree.tsx'
import { fermer, proposerFermeture, rouvrir } from './fermeture.tsx'
import {
  acquitterRappel,
  deplacerDossier,
  direRien,
  donnerDuree,
  montrerFiche,
  repondre,
  retirerDossier,
  telechargerFiches,
} from './membre.tsx'
import { envoyer, inscrireAutre, inscrireProposes, relancer } from './ordre.tsx'
import { ajouterUnPoint, ecrireUnPoint, retirerUnPoint } from './points.tsx'
import { enregistrerPresence, montrerPresence } from './presence.tsx'
import {
  annuler,
  convoquerMembres,
  deplacer,
  relireConvocation,
  retablir,
  surLaPage,
  telechargerEvenement,
} from './seance.tsx'

const COMMISSION = '/commissions/:commission'
const SEANCE = '/seances/:seance'
const consulter = 'commission.consulter'
const tenir = 'commission.tenir'
const preparer = 'seance.preparer'
const participer = 'seance.participer'

/** Commissions, their members and calendar; the preparation of a session, and what its members read of it. */
export const routesCommissions: readonly Route[] = [
  { methode: 'GET', chemin: '/commissions', droit: consulter, traiter: montrerCalendrier },
  { methode: 'POST', chemin: '/commissions', droit: tenir, traiter: creer },
  { methode: 'GET', chemin: '/commissions/nouvelle', droit: tenir, neutre: true, traiter: proposerCommission },
  { methode: 'GET', chemin: COMMISSION, droit: consulter, traiter: montrerCommission },
  { methode: 'GET', chemin: `${COMMISSION}/modifier`, droit: tenir, neutre: true, traiter: proposerModification },
  { methode: 'POST', chemin: `${COMMISSION}/modifier`, droit: tenir, traiter: modifier },
  { methode: 'GET', chemin: `${COMMISSION}/fermer`, droit: tenir, neutre: true, traiter: proposerFermeture },
  { methode: 'POST', chemin: `${COMMISSION}/fermer`, droit: tenir, traiter: fermer },
  { methode: 'POST', chemin: `${COMMISSION}/rouvrir`, droit: tenir, traiter: rouvrir },
  { methode: 'POST', chemin: `${COMMISSION}/membres`, droit: tenir, traiter: ajouter },
  { methode: 'GET', chemin: `${COMMISSION}/membres/:membre`, droit: tenir, traiter: montrerMembre },
  { methode: 'POST', chemin: `${COMMISSION}/membres/:membre`, droit: tenir, traiter: changerMembre },
  { methode: 'POST', chemin: `${COMMISSION}/reglement`, droit: tenir, traiter: ajouterReglement },
  { methode: 'POST', chemin: `${COMMISSION}/seances`, droit: preparer, traiter: ajouterSeance },
  { methode: 'GET', chemin: SEANCE, droit: consulter, traiter: montrerSeance },
  {
    methode: 'GET',
    chemin: `${SEANCE}/seance.ics`,
    droit: consulter,
    neutre: true,
    sortie: 'neutre',
    traiter: telechargerEvenement,
  },
  { methode: 'POST', chemin: `${SEANCE}/deplacer`, droit: preparer, traiter: deplacer },
  { methode: 'POST', chemin: `${SEANCE}/annuler`, droit: preparer, traiter: annuler },
  { methode: 'POST', chemin: `${SEANCE}/retablir`, droit: preparer, traiter: retablir },
  { methode: 'GET', chemin: `${SEANCE}/convoquer`, droit: preparer, traiter: relireConvocation },
  { methode: 'POST', chemin: `${SEANCE}/convoquer`, droit: preparer, traiter: convoquerMembres },
  { methode: 'POST', chemin: `${SEANCE}/inscrire`, droit: preparer, traiter: inscrireProposes },
  { methode: 'POST', chemin: `${SEANCE}/ajouter`, droit: preparer, traiter: inscrireAutre },
  { methode: 'POST', chemin: `${SEANCE}/ranger`, droit: preparer, traiter: deplacerDossier },
  { methode: 'POST', chemin: `${SEANCE}/allouer`, droit: preparer, traiter: donnerDuree },
  { methode: 'POST', chemin: `${SEANCE}/retirer`, droit: preparer, traiter: retirerDossier },
  { methode: 'POST', chemin: `${SEANCE}/envoyer`, droit: preparer, traiter: envoyer },
  { methode: 'POST', chemin: `${SEANCE}/relancer`, droit: preparer, traiter: relancer },
  { methode: 'POST', chemin: `${SEANCE}/points`, droit: preparer, traiter: ajouterUnPoint(surLaPage) },
  { methode: 'POST', chemin: `${SEANCE}/points/:point`, droit: preparer, traiter: ecrireUnPoint(surLaPage) },
  { methode: 'POST', chemin: `${SEANCE}/points/:point/retirer`, droit: preparer, traiter: retirerUnPoint(surLaPage) },
  { methode: 'GET', chemin: `${SEANCE}/presence`, droit: preparer, traiter: montrerPresence },
  { methode: 'POST', chemin: `${SEANCE}/presence`, droit: preparer, traiter: enregistrerPresence },
  { methode: 'POST', chemin: `${SEANCE}/rappel`, droit: participer, traiter: acquitterRappel },
  { methode: 'GET', chemin: `${SEANCE}/dossiers/:inscription`, droit: consulter, traiter: montrerFiche },
  { methode: 'POST', chemin: `${SEANCE}/apports/:apport`, droit: participer, traiter: repondre },
  { methode: 'POST', chemin: `${SEANCE}/rien`, droit: participer, traiter: direRien },
  { methode: 'GET', chemin: `${SEANCE}/fiches.pdf`, droit: consulter, sortie: 'menages', traiter: telechargerFiches },
]
