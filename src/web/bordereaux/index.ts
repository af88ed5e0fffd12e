import type { Route } from '../route.ts'
import { envoyerDemande, montrerDuDossier, proposerDemande } from './dossier.tsx'
import { ecarter, envoyerGenre, montrerGenre, proposerEcart, remettre } from './genre.tsx'
import { montrerRecu, montrerRecus, telechargerRecu } from './recus.tsx'
import { montrerEnvoye, montrerRegistre, recevoir, retirer, telechargerEnvoye, telechargerPreuve } from './registre.tsx'
import { montrerATransmettre } from './transmettre.tsx'

const envoyer = 'bordereau.envoyer'
const DOSSIER = '/dossiers/:reference/transmettre'
const ENVOYE = '/transmettre/registre/:bordereau'

/** What passes between organismes, with proof: what is owed, the register, what was received. */
export const routesBordereaux: readonly Route[] = [
  { methode: 'GET', chemin: '/transmettre', droit: envoyer, traiter: montrerATransmettre },
  { methode: 'GET', chemin: '/transmettre/registre', droit: envoyer, traiter: montrerRegistre },
  { methode: 'GET', chemin: ENVOYE, droit: envoyer, traiter: montrerEnvoye },
  { methode: 'POST', chemin: `${ENVOYE}/retirer`, droit: envoyer, traiter: retirer },
  { methode: 'POST', chemin: `${ENVOYE}/reception`, droit: envoyer, traiter: recevoir },
  { methode: 'GET', chemin: `${ENVOYE}/bordereau.pdf`, droit: envoyer, sortie: 'menages', traiter: telechargerEnvoye },
  { methode: 'GET', chemin: `${ENVOYE}/preuve.pdf`, droit: envoyer, sortie: 'menages', traiter: telechargerPreuve },
  { methode: 'GET', chemin: '/transmettre/:genre', droit: envoyer, traiter: montrerGenre },
  { methode: 'POST', chemin: '/transmettre/:genre', droit: envoyer, traiter: envoyerGenre },
  { methode: 'GET', chemin: '/transmettre/:genre/ecarter', droit: envoyer, traiter: proposerEcart },
  { methode: 'POST', chemin: '/transmettre/:genre/ecarter', droit: envoyer, traiter: ecarter },
  { methode: 'POST', chemin: '/transmettre/:genre/remettre', droit: envoyer, traiter: remettre },
  { methode: 'GET', chemin: DOSSIER, droit: envoyer, traiter: montrerDuDossier },
  { methode: 'GET', chemin: `${DOSSIER}/:genre`, droit: envoyer, traiter: proposerDemande },
  { methode: 'POST', chemin: `${DOSSIER}/:genre`, droit: envoyer, traiter: envoyerDemande },
  { methode: 'GET', chemin: '/recus', droit: 'bordereau.recevoir', traiter: montrerRecus },
  { methode: 'GET', chemin: '/recus/:bordereau', droit: 'bordereau.recevoir', traiter: montrerRecu },
  {
    methode: 'GET',
    chemin: '/recus/:bordereau/bordereau.pdf',
    droit: 'bordereau.recevoir',
    sortie: 'menages',
    traiter: telechargerRecu,
  },
]
