import type { Champs } from './types.ts'

/**
 * NIR, the social security number: 13 characters, 15 with its key, digits save the département of Corsica (2A, 2B). It is never
 * kept: once recognised in `numero_allocataire`, its characters become asterisks everywhere they appear in the line.
 */
const FORME = /^(?:\d{13}|\d{5}2[AB]\d{6})(?:\d{2})?$/i
const MASQUE = /^\*{13}(?:\*\*)?$/

/** Spaces and signs people put between the groups of the number. */
const LIAISONS_USUELLES = ' .-/\u00a0\u2009\u202f'
/** With those nobody sees, and those of other keyboards; \u0096 and \u0097 are the dashes of windows-1252 read one byte at a time. */
const LIAISONS = `${LIAISONS_USUELLES}_:·\t\n\v\f\r\u00ad\u0096\u0097\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u200a\u200b\u200c\u200d\u200e\u200f\u2010\u2011\u2012\u2013\u2014\u2015\u2028\u2029\u205f\u2060\u2212\u3000\ufeff`

/** Any of these signs, as many as there are: in text, then as the bytes of UTF-8 read one by one. */
function entreChiffres(signes: string): string {
  const echapper = (texte: string) =>
    [...texte].map((signe) => `\\u${signe.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  const octets = [...signes].filter((signe) => signe > '\u007f').map((signe) => Buffer.from(signe).toString('latin1'))
  return `(?:[${echapper(signes)}]|${octets.map(echapper).join('|')})*`
}

const LIAISON_USUELLE = entreChiffres(LIAISONS_USUELLES)
const LIAISON = entreChiffres(LIAISONS)
const TOUTES_LIAISONS = new RegExp(LIAISON, 'g')

/** The NIR written in a value, without its spaces; null when the value is anything else. */
export function trouverNir(valeur: string): string | null {
  const serre = valeur.replace(TOUTES_LIAISONS, '')
  return FORME.test(serre) ? serre : null
}

/** The mark we leave in place of a NIR: a line sent again with it gets the same verdict. */
export function estNirMasque(valeur: string): boolean {
  return MASQUE.test(valeur.replace(TOUTES_LIAISONS, ''))
}

/**
 * Masks a NIR in a text, whatever stands between its digits and with or without its key. Length is kept. A key that is not known is looked for behind usual signs only:
 * beyond a tab or a line break, digits may belong to the next field.
 */
export function masquerTexte(texte: string, nir: string): string {
  const [numero, cle] = [nir.slice(0, 13), nir.slice(13)].map((chiffres) => [...chiffres].join(LIAISON))
  const cleConnue = cle === '' ? '' : `${LIAISON}${cle}|`
  const motif = new RegExp(`${numero}(?:${cleConnue}${LIAISON_USUELLE}\\d${LIAISON_USUELLE}\\d(?!\\d))?`, 'gi')
  return texte.replace(motif, (trouve) => trouve.replace(/[0-9A-Z]/gi, '*'))
}

/** The same in bytes of either encoding: the mask is ASCII, so every other byte stays and so does the length. */
export function masquerOctets(octets: Uint8Array, nir: string): Uint8Array {
  const lus = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1')
  const masques = masquerTexte(lus, nir)
  return masques === lus ? octets : Buffer.from(masques, 'latin1')
}

/** The same in every field of a line. */
export function masquerChamps(champs: Champs, nir: string): Champs {
  const masques: Record<string, string> = Object.create(null)
  for (const [nom, valeur] of Object.entries(champs)) masques[nom] = masquerTexte(valeur, nir)
  return masques
}
