import { stripAccents } from '#socle/text'
import { parisDateTime } from '#socle/time'
import { NARROW, NO_BREAK } from './spaces.ts'

const DAYS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'] as const
const MONTHS = [
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

/** A civil date, or its ISO text as JSON columns keep it. */
export type JourCivil = Temporal.PlainDate | string

/** Reads a civil date whichever way it is held. Throws a RangeError on a text that is no date. */
export function enDate(jour: JourCivil): Temporal.PlainDate {
  return typeof jour === 'string' ? Temporal.PlainDate.from(jour) : jour
}

const two = (number: number): string => String(number).padStart(2, '0')
const sign = (negative: boolean): string => (negative ? '−' : '')
const group = (digits: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, NARROW)

/** `1 284`, `0,93`. `decimales` fixes the number of decimals; without it, as many as the number has, three at most. */
export function formatNombre(nombre: number, decimales?: number): string {
  if (!Number.isFinite(nombre)) throw new RangeError(`Nombre impossible à écrire : ${nombre}`)
  const written =
    decimales === undefined ? String(Math.round(Math.abs(nombre) * 1000) / 1000) : Math.abs(nombre).toFixed(decimales)
  if (written.includes('e')) throw new RangeError(`Nombre trop grand pour être écrit : ${nombre}`)
  const [whole = '0', fraction] = written.split('.')
  return `${sign(nombre < 0 && Number(written) !== 0)}${group(whole)}${fraction ? `,${fraction}` : ''}`
}

/** Integer cents to `1 620,00 €`. Throws when the amount is not a whole number of cents. */
export function formatMontant(centimes: number): string {
  if (!Number.isSafeInteger(centimes)) throw new RangeError(`Montant en centimes attendu : ${centimes}`)
  const cents = Math.abs(centimes)
  return `${sign(centimes < 0)}${group(String(Math.trunc(cents / 100)))},${two(cents % 100)}${NO_BREAK}€`
}

/**
 * An amount as people type it, without its spaces, its `€`, nor what separates its thousands when there is no doubt (`1.234,56`, `1'234,50`); the comma becomes a point.
 * `1.234` is left as it is: it may be a little more than one.
 */
export function epurerMontant(saisi: string): string {
  const serre = saisi.replaceAll(/[\s€]/g, '')
  if (/^[-−]?\d{1,3}(?:\.\d{3})+,\d{1,2}$/.test(serre)) return serre.replaceAll('.', '').replace(',', '.')
  if (/^[-−]?\d{1,3}(?:['’]\d{3})+(?:[.,]\d{1,2})?$/.test(serre)) return serre.replaceAll(/['’]/g, '').replace(',', '.')
  return serre.replace(',', '.')
}

/** `20/11/2026`. */
export function formatDate(jour: JourCivil): string {
  const date = enDate(jour)
  return `${two(date.day)}/${two(date.month)}/${String(date.year).padStart(4, '0')}`
}

/** `20/11`, where the year is plain from the context. */
export function formatDateCourte(jour: JourCivil): string {
  const date = enDate(jour)
  return `${two(date.day)}/${two(date.month)}`
}

/** `20 novembre`, `1er décembre`. */
export function formatJourMois(jour: JourCivil): string {
  const date = enDate(jour)
  return `${date.day === 1 ? '1er' : date.day}${NO_BREAK}${MONTHS[date.month - 1] ?? ''}`
}

/** `vendredi 20 novembre 2026`. */
export function formatDateLongue(jour: JourCivil): string {
  const date = enDate(jour)
  return `${DAYS[date.dayOfWeek - 1] ?? ''} ${formatJourMois(date)} ${date.year}`
}

/** `9 h 00`: the minutes are always written. A text is a time of the day as forms give it, `09:00`. */
export function formatHeure(dite: { readonly hour: number; readonly minute: number } | string): string {
  const heure = typeof dite === 'string' ? Temporal.PlainTime.from(dite) : dite
  return `${heure.hour}${NO_BREAK}h${NO_BREAK}${two(heure.minute)}`
}

/** `20/11/2026 à 9 h 05`, in Paris whatever the zone of the server. */
export function formatInstant(instant: Temporal.Instant): string {
  const civil = parisDateTime(instant)
  return `${formatDate(civil.toPlainDate())} à ${formatHeure(civil)}`
}

/** The word alone, agreed with a number: singular below two, as French does (0 dossier, 1,5 dossier). */
export function accorder(nombre: number, singulier: string, pluriel: string): string {
  return Math.abs(nombre) < 2 ? singulier : pluriel
}

/** The number and its word: `1 dossier`, `1 284 dossiers`. */
export function pluriel(nombre: number, singulier: string, auPluriel: string): string {
  return `${formatNombre(nombre)}${NO_BREAK}${accorder(nombre, singulier, auPluriel)}`
}

/** A label inside a sentence: its first letter falls, an acronym stays as it is. */
export function enPhrase(libelle: string): string {
  return /^\p{Lu}(?!\p{Lu})/u.test(libelle) ? libelle.charAt(0).toLocaleLowerCase('fr') + libelle.slice(1) : libelle
}

const CONTRACTIONS = { à: { le: 'au', les: 'aux' }, de: { le: 'du', les: 'des' } } as const

/** A town after « à » or « de »: `au Creusot`, `du Breuil`, `à La Clayette`, `d’Autun`. */
export function contracter(preposition: 'à' | 'de', lieu: string): string {
  const [, article, reste] = /^(les?)\s+(\S.*)$/iu.exec(lieu) ?? []
  if (article !== undefined) return `${CONTRACTIONS[preposition][article.toLowerCase() as 'le' | 'les']} ${reste ?? ''}`
  return preposition === 'de' && /^[aeiouyœ]/u.test(stripAccents(lieu).toLowerCase())
    ? `d’${lieu}`
    : `${preposition} ${lieu}`
}
