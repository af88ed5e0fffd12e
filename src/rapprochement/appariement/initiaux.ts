import type { Parametres } from './modele.ts'

/**
 * Starting parameters, for a base too small to estimate its own. They were estimated on synthetic households and rounded; a base re-estimates them
 * when it holds enough fiches.
 */
export const PARAMETRES_INITIAUX: Parametres = {
  version: 'initiaux-2026-11',
  lambda: 0.02,
  m: {
    nom: [0.01, 0.01, 0.08, 0.9],
    prenom: [0.01, 0.07, 0.92],
    naissance: [0.01, 0.005, 0.035, 0.95],
    adresse: [0.04, 0.01, 0.05, 0.9],
    commune: [0.03, 0.97],
    telephone: [0.15, 0.85],
    courriel: [0.15, 0.85],
    allocataire: [0.02, 0.03, 0.95],
    conjoint: [0.03, 0.07, 0.9],
    bailleur: [0.15, 0.85],
  },
  u: {
    nom: [0.97, 0.012, 0.01, 0.008],
    prenom: [0.975, 0.01, 0.015],
    naissance: [0.965, 0.02, 0.0145, 0.0005],
    adresse: [0.985, 0.009, 0.005, 0.001],
    commune: [0.93, 0.07],
    telephone: [0.9995, 0.0005],
    courriel: [0.9995, 0.0005],
    allocataire: [0.9989, 0.0006, 0.0005],
    conjoint: [0.97, 0.012, 0.018],
    bailleur: [0.8, 0.2],
  },
  frequences: {},
  seuils: { suggerer: 0.4, certain: 0.99 },
}
