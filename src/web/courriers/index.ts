import type { Route } from '../route.ts'
import { montrerCourriers, preparer } from './accueil.tsx'
import { montrerCatalogue } from './catalogue.tsx'
import {
  choisir,
  corriger,
  defaireUnMessage,
  deposer,
  ecarter,
  montrerCourrier,
  noterMessage,
  noterUnRetour,
  recomposer,
  renvoyer,
  retablir,
  telecharger,
  telechargerApercu,
} from './courrier.tsx'
import { telechargerDocx, telechargerModifie } from './depart.tsx'
import { choisirUnCourrier, montrerCourriersDuDossier } from './dossier.tsx'
import { ecrire, montrerEntete } from './entete.tsx'
import { defaireUnEnvoi, envoyerLesCourriels, envoyerLot, montrerLot, telechargerLot } from './lot.tsx'
import { choisirPourTous, montrerModele, produire } from './modele.tsx'
import { montrerRegistre } from './registre.tsx'

/** « Écrire »: the letters, from what triggers them to what came back. */
export const routesCourriers: readonly Route[] = [
  { methode: 'GET', chemin: '/courriers', droit: 'courrier.consulter', traiter: montrerCourriers },
  { methode: 'POST', chemin: '/courriers/preparer', droit: 'courrier.envoyer', traiter: preparer },
  {
    methode: 'GET',
    chemin: '/courriers/catalogue',
    droit: 'courrier.consulter',
    neutre: true,
    traiter: montrerCatalogue,
  },
  { methode: 'GET', chemin: '/courriers/registre', droit: 'courrier.consulter', traiter: montrerRegistre },
  { methode: 'GET', chemin: '/courriers/en-tete', droit: 'courrier.envoyer', neutre: true, traiter: montrerEntete },
  { methode: 'POST', chemin: '/courriers/en-tete', droit: 'courrier.envoyer', traiter: ecrire },
  { methode: 'GET', chemin: '/courriers/modeles/:modele', droit: 'courrier.consulter', traiter: montrerModele },
  { methode: 'POST', chemin: '/courriers/modeles/:modele/produire', droit: 'courrier.envoyer', traiter: produire },
  { methode: 'GET', chemin: '/courriers/lots/:lot', droit: 'courrier.consulter', traiter: montrerLot },
  { methode: 'POST', chemin: '/courriers/lots/:lot/envoyer', droit: 'courrier.envoyer', traiter: envoyerLot },
  { methode: 'POST', chemin: '/courriers/lots/:lot/defaire', droit: 'courrier.envoyer', traiter: defaireUnEnvoi },
  {
    methode: 'GET',
    chemin: '/courriers/lots/:lot/lot.pdf',
    droit: 'courrier.envoyer',
    sortie: 'menages',
    traiter: telechargerLot,
  },
  { methode: 'GET', chemin: '/courriers/:id', droit: 'courrier.consulter', traiter: montrerCourrier },
  {
    methode: 'GET',
    chemin: '/courriers/:id/apercu.pdf',
    droit: 'courrier.consulter',
    sortie: 'piece',
    traiter: telechargerApercu,
  },
  {
    methode: 'GET',
    chemin: '/courriers/:id/courrier.pdf',
    droit: 'courrier.consulter',
    sortie: 'piece',
    traiter: telecharger,
  },
  { methode: 'POST', chemin: '/courriers/:id/corriger', droit: 'courrier.envoyer', traiter: corriger },
  { methode: 'POST', chemin: '/courriers/:id/ecarter', droit: 'courrier.envoyer', traiter: ecarter },
  { methode: 'POST', chemin: '/courriers/:id/retablir', droit: 'courrier.envoyer', traiter: retablir },
  { methode: 'POST', chemin: '/courriers/:id/retour', droit: 'courrier.envoyer', traiter: noterUnRetour },
  { methode: 'POST', chemin: '/courriers/:id/message', droit: 'courrier.envoyer', traiter: noterMessage },
  { methode: 'POST', chemin: '/courriers/:id/message/defaire', droit: 'courrier.envoyer', traiter: defaireUnMessage },
  { methode: 'POST', chemin: '/courriers/:id/renvoyer', droit: 'courrier.envoyer', traiter: renvoyer },
  {
    methode: 'GET',
    chemin: '/courriers/:id/courrier.docx',
    droit: 'courrier.consulter',
    sortie: 'piece',
    traiter: telechargerDocx,
  },
  {
    methode: 'GET',
    chemin: '/courriers/:id/modifie.docx',
    droit: 'courrier.consulter',
    sortie: 'piece',
    traiter: telechargerModifie,
  },
  { methode: 'POST', chemin: '/courriers/:id/modifie', droit: 'courrier.envoyer', traiter: deposer },
  { methode: 'POST', chemin: '/courriers/:id/recomposer', droit: 'courrier.envoyer', traiter: recomposer },
  { methode: 'POST', chemin: '/courriers/:id/canal', droit: 'courrier.envoyer', traiter: choisir },
  { methode: 'POST', chemin: '/courriers/modeles/:modele/canal', droit: 'courrier.envoyer', traiter: choisirPourTous },
  {
    methode: 'POST',
    chemin: '/courriers/lots/:lot/courriels',
    droit: 'courrier.envoyer',
    traiter: envoyerLesCourriels,
  },
  {
    methode: 'GET',
    chemin: '/dossiers/:reference/courriers',
    droit: 'courrier.consulter',
    traiter: montrerCourriersDuDossier,
  },
  { methode: 'POST', chemin: '/dossiers/:reference/courriers', droit: 'courrier.envoyer', traiter: choisirUnCourrier },
]
