import type { Route } from '../route.ts'
import { montrerAFaire } from './a-faire.tsx'

/** « À faire »: the day's work by deadline, and the households nobody may forget. */
export const routesAFaire: readonly Route[] = [
  { methode: 'GET', chemin: '/a-faire', droit: 'veille.consulter', traiter: montrerAFaire },
]
