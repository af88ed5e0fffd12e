import { routesFormulaire } from '../formulaires/routes.tsx'
import type { Route } from '../route.ts'
import { noterFait, proposerFait, proposerRetrait, retirerFait } from './acte.tsx'
import { annulerTout, defaireTout, proposerDepart, signalerUnDepart } from './depart.tsx'
import { diffuserLOctroi, proposerDiffusion } from './diffuser.tsx'
import { agirSurEnquete, montrerEnquete } from './enquete.tsx'
import { telechargerFiche } from './fiche.ts'
import { exporterRequisitions, listerLesRequisitions } from './liste.tsx'
import { montrerForcePublique } from './page.tsx'
import { agirSurRapport, ecranRapport, montrerRapport } from './rapport.tsx'
import { demanderDesEnquetes, proposerEnquetes, proposerReception, recevoirUneRequisition } from './recevoir.tsx'
import { montrerSollicitation, montrerSollicitations, repondreSollicitation } from './recus.tsx'

const FORCE = '/dossiers/:reference/force-publique'
const consulter = 'requisition.consulter'
const instruire = 'requisition.instruire'
const contribuer = 'requisition.contribuer'
const recevoir = 'requisition.recevoir'
const exporter = { methode: 'GET', droit: 'requisition.exporter', sortie: 'menages' } as const

/** Force requests: the list of what presses, each dossier's, and what is addressed to those who do not read dossiers. */
export const routesRequisitions: readonly Route[] = [
  { methode: 'GET', chemin: '/requisitions', droit: consulter, traiter: listerLesRequisitions },
  { ...exporter, chemin: '/requisitions/export.xlsx', traiter: exporterRequisitions('xlsx') },
  { ...exporter, chemin: '/requisitions/export.ods', traiter: exporterRequisitions('ods') },
  { ...exporter, chemin: '/requisitions/export.csv', traiter: exporterRequisitions('csv') },
  { methode: 'GET', chemin: FORCE, droit: consulter, traiter: montrerForcePublique },
  { methode: 'GET', chemin: `${FORCE}/recevoir`, droit: instruire, traiter: proposerReception },
  { methode: 'POST', chemin: `${FORCE}/recevoir`, droit: instruire, traiter: recevoirUneRequisition },
  { methode: 'GET', chemin: `${FORCE}/enquetes/:enquete`, droit: consulter, traiter: montrerEnquete },
  { methode: 'POST', chemin: `${FORCE}/enquetes/:enquete`, droit: contribuer, traiter: agirSurEnquete },
  { methode: 'GET', chemin: `${FORCE}/:requisition/enquetes`, droit: instruire, traiter: proposerEnquetes },
  { methode: 'POST', chemin: `${FORCE}/:requisition/enquetes`, droit: instruire, traiter: demanderDesEnquetes },
  { methode: 'GET', chemin: `${FORCE}/:requisition/noter/:fait`, droit: contribuer, traiter: proposerFait },
  { methode: 'POST', chemin: `${FORCE}/:requisition/noter/:fait`, droit: contribuer, traiter: noterFait },
  { methode: 'GET', chemin: `${FORCE}/:requisition/retirer/:acte`, droit: contribuer, traiter: proposerRetrait },
  { methode: 'POST', chemin: `${FORCE}/:requisition/retirer/:acte`, droit: contribuer, traiter: retirerFait },
  { methode: 'GET', chemin: `${FORCE}/:requisition/diffuser`, droit: instruire, traiter: proposerDiffusion },
  { methode: 'POST', chemin: `${FORCE}/:requisition/diffuser`, droit: instruire, traiter: diffuserLOctroi },
  { methode: 'GET', chemin: `${FORCE}/:requisition/depart`, droit: contribuer, traiter: proposerDepart },
  { methode: 'POST', chemin: `${FORCE}/:requisition/depart`, droit: contribuer, traiter: signalerUnDepart },
  { methode: 'POST', chemin: `${FORCE}/:requisition/annuler`, droit: instruire, traiter: annulerTout },
  {
    methode: 'GET',
    chemin: `${FORCE}/:requisition/fiche.pdf`,
    droit: instruire,
    sortie: 'piece',
    traiter: telechargerFiche,
  },
  { methode: 'POST', chemin: `${FORCE}/:requisition/defaire`, droit: instruire, traiter: defaireTout },
  { methode: 'GET', chemin: `${FORCE}/:requisition/rapport`, droit: 'rapport_social.tenir', traiter: montrerRapport },
  { methode: 'POST', chemin: `${FORCE}/:requisition/rapport`, droit: 'rapport_social.tenir', traiter: agirSurRapport },
  ...routesFormulaire(ecranRapport),
  { methode: 'GET', chemin: '/sollicitations', droit: recevoir, traiter: montrerSollicitations },
  { methode: 'GET', chemin: '/sollicitations/:sollicitation', droit: recevoir, traiter: montrerSollicitation },
  { methode: 'POST', chemin: '/sollicitations/:sollicitation', droit: recevoir, traiter: repondreSollicitation },
]
