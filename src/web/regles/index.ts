import type { Route } from '../route.ts'
import { montrerRegles, telechargerRegles } from './regles.tsx'
import { proposerSimulation, simuler } from './simulation.tsx'

/** « Règles et critères »: what decides, readable by every partner, and what a change would do before it is made. */
export const routesRegles: readonly Route[] = [
  { methode: 'GET', chemin: '/regles', droit: 'regle.consulter', neutre: true, traiter: montrerRegles },
  {
    methode: 'GET',
    chemin: '/regles/repartition.yaml',
    droit: 'regle.consulter',
    neutre: true,
    sortie: 'neutre',
    traiter: telechargerRegles,
  },
  { methode: 'GET', chemin: '/regles/simuler', droit: 'regle.simuler', neutre: true, traiter: proposerSimulation },
  { methode: 'POST', chemin: '/regles/simuler', droit: 'regle.simuler', traiter: simuler },
]
