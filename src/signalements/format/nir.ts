import type { Champs } from './types.ts'

/**
 * NIR, the social security number: 13 characters, 15 with its key, digits save the département of Corsica (2A, 2B). It is never
 * kept: once recognised in `numero_allocataire`, its characters become asterisks everywhere they appear in the line.
 */
const FORME = /^(?:\d{13}|\d{5}2[AB]\d{6})(?:\d{2})?$/i
const MASQUE = /^\*{13}(?:\*\*)?$/
const LIAISONS = /[\s.\-/]/g
// Spaces and signs people put between the groups of the number: in text, then as the bytes of UTF-8 read one by one.
const LIAISON = '(?:[ .\\-/\\u00a0\\u202f\\u2009]|\\u00c2\\u00a0|\\u00e2\\u0080[\\u00af\\u0089])*'

/** The NIR written in a value, without its spaces; null when the value is anything else. */
export function trouverNir(valeur: string): string | null {
  const serre = valeur.replace(LIAISONS, '')
  return FORME.test(serre) ? serre : null
}

/** The mark we leave in place of a NIR: a line sent again with it gets the same verdict. */
export function estNirMasque(valeur: string): boolean {
  return MASQUE.test(valeur.replace(LIAISONS, ''))
}

/** Masks a NIR in a text, whatever the spaces between its digits and with or without its key. Length is kept. */
export function masquerTexte(texte: string, nir: string): string {
  const numero = [...nir.slice(0, 13)].join(LIAISON)
  const motif = new RegExp(`${numero}(?:${LIAISON}\\d${LIAISON}\\d(?!\\d))?`, 'gi')
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
