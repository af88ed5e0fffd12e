import type { Route } from '../route.ts'
import { montrerDroit } from './liste.tsx'
import { montrerRegle } from './regle.tsx'

/** « Le droit »: every time limit, threshold and value, with its versions, its source and its doubts. */
export const routesDroit: readonly Route[] = [
  { methode: 'GET', chemin: '/droit', droit: 'regle.consulter', traiter: montrerDroit },
  { methode: 'GET', chemin: '/droit/:genre/:nom', droit: 'regle.consulter', traiter: montrerRegle },
]
