const MOIS = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
] as const

/** Name of a month, from 1. */
export const nommerMois = (numero: number): string => MOIS[numero - 1] ?? String(numero)
