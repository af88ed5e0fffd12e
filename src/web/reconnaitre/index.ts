import type { Route } from '../route.ts'
import { montrerDoute } from './doute.tsx'
import { montrerFile } from './file.tsx'
import { defaire, repondre } from './reponses.ts'

/** « Reconnaître »: is it the same household? The queue of doubts, each comparison, the answers and their way back. */
export const routesReconnaitre: readonly Route[] = [
  { methode: 'GET', chemin: '/reconnaitre', droit: 'doute.consulter', traiter: montrerFile },
  { methode: 'GET', chemin: '/reconnaitre/:id', droit: 'doute.consulter', traiter: montrerDoute },
  { methode: 'POST', chemin: '/reconnaitre/:id', droit: 'doute.trancher', traiter: repondre },
  { methode: 'POST', chemin: '/reconnaitre/:id/defaire', droit: 'rattachement.defaire', traiter: defaire },
]
