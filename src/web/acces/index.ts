import type { Route } from '../route.ts'
import { montrerAcces } from './acces.tsx'

/** « Ce que voit ce rôle »: the access matrix in words, before an access is given. It shows nobody's data. */
export const routesAcces: readonly Route[] = [
  { methode: 'GET', chemin: '/acces', droit: 'matrice.consulter', neutre: true, traiter: montrerAcces },
]
