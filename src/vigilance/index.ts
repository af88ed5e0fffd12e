export {
  type Alerte,
  chiffreAlertes,
  type EtatAlerte,
  etatsAlerte,
  type FiltreAlertes,
  lireAlerte,
  listerAlertes,
  signalerIntegrite,
  traiterAlerte,
} from './alertes.ts'
export { envoyerAvisAlerte, signalerAccesExceptionnel } from './exceptionnels.ts'
export {
  chargerSeuilsAcces,
  conservationAu,
  FORMES_VIGILANCE,
  inventorierSeuilsAcces,
  type RegleAcces,
  type SeuilsAcces,
} from './seuils.ts'
export { surveillerConsultations } from './surveiller.ts'
export { declarerVoisinage } from './voisinage.ts'
