import type { Route } from '../route.ts'
import { montrerAccords, noterUnAccord } from './accords.tsx'
import { proposerRemise, remettreDossier } from './droit-acces.tsx'
import { cloreExceptionnel, ouvrirExceptionnel, proposerExceptionnel } from './exceptionnel.tsx'
import { montrerNotice, noterRemise, telechargerNotice } from './notice.tsx'
import { inviter, proposerInvitation, proposerRetrait, retirer } from './participer.tsx'

const exceptionnel = 'acces_exceptionnel.ouvrir'
const participation = 'participation.tenir'

/** Who reads a dossier and why, what its household agreed to, and what it receives. */
export const routesPartage: readonly Route[] = [
  {
    methode: 'GET',
    chemin: '/dossiers/exceptionnel',
    droit: exceptionnel,
    neutre: true,
    traiter: proposerExceptionnel,
  },
  { methode: 'POST', chemin: '/dossiers/exceptionnel', droit: exceptionnel, traiter: ouvrirExceptionnel },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/exceptionnel/clore',
    droit: exceptionnel,
    parException: true,
    traiter: cloreExceptionnel,
  },
  { methode: 'GET', chemin: '/dossiers/:reference/partage', droit: participation, traiter: proposerInvitation },
  { methode: 'POST', chemin: '/dossiers/:reference/partage', droit: participation, traiter: inviter },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/partage/:participation/retirer',
    droit: participation,
    traiter: proposerRetrait,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/partage/:participation/retirer',
    droit: participation,
    traiter: retirer,
  },
  { methode: 'GET', chemin: '/dossiers/:reference/accords', droit: 'dossier.consulter', traiter: montrerAccords },
  { methode: 'POST', chemin: '/dossiers/:reference/accords', droit: 'accord.noter', traiter: noterUnAccord },
  { methode: 'GET', chemin: '/dossiers/:reference/notice', droit: 'accord.noter', traiter: montrerNotice },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/notice.pdf',
    droit: 'accord.noter',
    sortie: 'piece',
    traiter: telechargerNotice,
  },
  { methode: 'POST', chemin: '/dossiers/:reference/notice/remise', droit: 'accord.noter', traiter: noterRemise },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/droit-acces',
    droit: 'droit_acces.exporter',
    traiter: proposerRemise,
  },
  {
    methode: 'POST',
    chemin: '/dossiers/:reference/droit-acces',
    droit: 'droit_acces.exporter',
    sortie: 'piece',
    traiter: remettreDossier,
  },
]
