import { page, type Route } from '../route.ts'
import { pageAide } from './aide.tsx'

/** Help: what to do first, the keyboard, what is known of accessibility and of personal data. */
export const routesAide: readonly Route[] = [
  {
    methode: 'GET',
    chemin: '/aide',
    // The widest right of those who work here: a page of general help holds no data.
    droit: 'aide.consulter',
    neutre: true,
    traiter: async (requete) => page(pageAide(requete)),
  },
]
