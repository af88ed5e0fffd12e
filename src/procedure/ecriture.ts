import type { Duree } from './computation.ts'

const JOURS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'] as const

/** Short French date, as on the screens: 20/11/2026. */
export function ecrireJour(jour: Temporal.PlainDate): string {
  const deux = (nombre: number) => String(nombre).padStart(2, '0')
  return `${deux(jour.day)}/${deux(jour.month)}/${String(jour.year).padStart(4, '0')}`
}

/** Name of the day of the week. */
export function ecrireJourDeSemaine(jour: Temporal.PlainDate): string {
  return JOURS[jour.dayOfWeek - 1] ?? ''
}

/** A duration in its own unit, never converted: « 6 semaines » is not « 42 jours ». */
export function ecrireDuree({ valeur, unite }: Duree): string {
  const pluriel = valeur > 1 ? 's' : ''
  switch (unite) {
    case 'ans':
      return `${valeur} an${pluriel}`
    case 'mois':
      return `${valeur} mois`
    case 'semaines':
      return `${valeur} semaine${pluriel}`
    case 'jours':
      return `${valeur} jour${pluriel}`
    case 'jours_ouvres':
      return `${valeur} jour${pluriel} ouvré${pluriel}`
  }
}

/** First letter in upper case. */
export function majuscule(texte: string): string {
  return texte.charAt(0).toUpperCase() + texte.slice(1)
}
