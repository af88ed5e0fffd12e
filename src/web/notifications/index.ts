import { type Route, redirection } from '../route.ts'
import { agirSurMonCalendrier } from './adresse-calendrier.tsx'
import { listerAdressesRefusees, reprendreUneAdresse } from './adresses.tsx'
import { marquer, montrerNotifications, ouvrir, remettre } from './boite.tsx'
import { enregistrerReglages, montrerReglages } from './reglages.tsx'

const droit = 'compte.tenir'

/** What reached somebody, and how it reaches them: the inbox, the settings, the calendar, the addresses no mail reaches. */
export const routesNotifications: readonly Route[] = [
  { methode: 'GET', chemin: '/notifications', droit, traiter: montrerNotifications },
  { methode: 'POST', chemin: '/notifications/lues', droit, traiter: marquer },
  { methode: 'POST', chemin: '/notifications/non-lues', droit, traiter: remettre },
  { methode: 'GET', chemin: '/notifications/adresses', droit: 'courriel.suivre', traiter: listerAdressesRefusees },
  {
    methode: 'POST',
    chemin: '/notifications/adresses/:refuse/reprendre',
    droit: 'courriel.suivre',
    traiter: reprendreUneAdresse,
  },
  { methode: 'GET', chemin: '/notifications/:notification', droit, traiter: ouvrir },
  { methode: 'GET', chemin: '/compte/notifications', droit, traiter: montrerReglages },
  { methode: 'POST', chemin: '/compte/notifications', droit, traiter: enregistrerReglages },
  { methode: 'POST', chemin: '/compte/calendrier', droit, traiter: agirSurMonCalendrier },
  // Where a person lands who reloads the answer of a form.
  {
    methode: 'GET',
    chemin: '/compte/calendrier',
    droit,
    traiter: async () => redirection('/compte/notifications#calendrier'),
  },
]
