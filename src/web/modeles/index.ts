import type { Route } from '../route.ts'
import { essayer, montrerLogo, telechargerEssai } from './essai.tsx'
import { montrerModeles, ouvrir } from './liste.tsx'
import { enregistrer, modifier } from './modifier.tsx'
import { decider, defaire, montrerVersion, reprendre, retirer, soumettre } from './version.tsx'

/** The letters of a département, in its own words: texts, contacts, senders and logo, approved by a pilot before they apply. */
export const routesModeles: readonly Route[] = [
  { methode: 'GET', chemin: '/modeles', droit: 'modele.consulter', neutre: true, traiter: montrerModeles },
  { methode: 'POST', chemin: '/modeles/ouvrir', droit: 'modele.adapter', traiter: ouvrir },
  {
    methode: 'GET',
    chemin: '/modeles/logos/:logo',
    droit: 'modele.consulter',
    neutre: true,
    sortie: 'neutre',
    traiter: montrerLogo,
  },
  { methode: 'GET', chemin: '/modeles/:id', droit: 'modele.consulter', neutre: true, traiter: montrerVersion },
  { methode: 'GET', chemin: '/modeles/:id/modifier', droit: 'modele.adapter', neutre: true, traiter: modifier },
  { methode: 'POST', chemin: '/modeles/:id/modifier', droit: 'modele.adapter', traiter: enregistrer },
  { methode: 'GET', chemin: '/modeles/:id/essai', droit: 'modele.consulter', traiter: essayer },
  {
    methode: 'GET',
    chemin: '/modeles/:id/essai.pdf',
    droit: 'modele.consulter',
    sortie: 'piece',
    traiter: telechargerEssai,
  },
  { methode: 'POST', chemin: '/modeles/:id/soumettre', droit: 'modele.adapter', traiter: soumettre },
  { methode: 'POST', chemin: '/modeles/:id/reprendre', droit: 'modele.adapter', traiter: reprendre },
  { methode: 'POST', chemin: '/modeles/:id/retirer', droit: 'modele.adapter', traiter: retirer },
  { methode: 'POST', chemin: '/modeles/:id/decider', droit: 'modele.approuver', traiter: decider },
  { methode: 'POST', chemin: '/modeles/:id/defaire', droit: 'modele.approuver', traiter: defaire },
]
