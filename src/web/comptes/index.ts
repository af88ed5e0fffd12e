import type { Route } from '../route.ts'
import {
  acterDepart,
  ajouterHabilitation,
  finirHabilitation,
  montrerCompte,
  permettreEnrolement,
  preparerDepart,
  renvoyerInvitation,
  rouvrirUnCompte,
} from './compte.tsx'
import { inviterUnePersonne, listerLesComptes, proposerInvitation } from './liste.tsx'
import { confirmerRevue, montrerRevue } from './revue.tsx'

const droit = 'compte.gerer'

/** Accounts and habilitations, for the administrator: who enters, as what, until when. No dossier is read here. */
export const routesComptes: readonly Route[] = [
  { methode: 'GET', chemin: '/comptes', droit, traiter: listerLesComptes },
  { methode: 'GET', chemin: '/comptes/nouveau', droit, traiter: proposerInvitation },
  { methode: 'POST', chemin: '/comptes/nouveau', droit, traiter: inviterUnePersonne },
  { methode: 'GET', chemin: '/comptes/revue', droit, traiter: montrerRevue },
  { methode: 'POST', chemin: '/comptes/revue', droit, traiter: confirmerRevue },
  { methode: 'GET', chemin: '/comptes/:id', droit, traiter: montrerCompte },
  { methode: 'POST', chemin: '/comptes/:id/habilitations', droit, traiter: ajouterHabilitation },
  { methode: 'POST', chemin: '/comptes/:id/habilitations/:habilitation/fin', droit, traiter: finirHabilitation },
  { methode: 'POST', chemin: '/comptes/:id/inviter', droit, traiter: renvoyerInvitation },
  { methode: 'POST', chemin: '/comptes/:id/second-facteur', droit, traiter: permettreEnrolement },
  { methode: 'POST', chemin: '/comptes/:id/rouvrir', droit, traiter: rouvrirUnCompte },
  { methode: 'GET', chemin: '/comptes/:id/depart', droit, traiter: preparerDepart },
  { methode: 'POST', chemin: '/comptes/:id/depart', droit, traiter: acterDepart },
]
