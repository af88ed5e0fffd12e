import { type Route, redirection } from '../route.ts'
import { confirmer, demanderConfirmation } from './confirmer.tsx'
import {
  changerMonMotDePasse,
  fermerPartout,
  fermerUneSession,
  montrerMonCompte,
  recommencerMonEnrolement,
  renouvelerMesCodes,
} from './mon-compte.tsx'

/** One's own account: sessions, password, second factor. */
export const routesCompte: readonly Route[] = [
  { methode: 'GET', chemin: '/compte', droit: 'compte.tenir', traiter: montrerMonCompte },
  { methode: 'POST', chemin: '/compte/sessions', droit: 'compte.tenir', traiter: fermerPartout },
  { methode: 'POST', chemin: '/compte/sessions/:id', droit: 'compte.tenir', traiter: fermerUneSession },
  { methode: 'POST', chemin: '/compte/mot-de-passe', droit: 'compte.tenir', traiter: changerMonMotDePasse },
  { methode: 'POST', chemin: '/compte/second-facteur', droit: 'compte.tenir', traiter: recommencerMonEnrolement },
  { methode: 'POST', chemin: '/compte/codes', droit: 'compte.tenir', traiter: renouvelerMesCodes },
  { methode: 'GET', chemin: '/compte/confirmer', droit: 'compte.tenir', traiter: demanderConfirmation },
  { methode: 'POST', chemin: '/compte/confirmer', droit: 'compte.tenir', traiter: confirmer },
  // Where a person lands who reloads the answer of a form.
  ...['mot-de-passe', 'second-facteur', 'codes', 'sessions'].map(
    (fin): Route => ({
      methode: 'GET',
      chemin: `/compte/${fin}`,
      droit: 'compte.tenir',
      traiter: async () => redirection('/compte'),
    }),
  ),
]
