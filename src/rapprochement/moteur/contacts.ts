import { normalizeForSearch } from '#socle/text'

/** Ten digits, « +33 » and « 0033 » read as 0; empty when the number is not a French one. */
export function normaliserTelephone(texte: string): string {
  const chiffres = texte.replace(/[^\d+]/g, '').replace(/^(?:\+33|0033)0?/, '0')
  return /^0[1-9]\d{8}$/.test(chiffres) ? chiffres : ''
}

/** One mail address in lower case, or empty. */
export function normaliserCourriel(texte: string): string {
  const courriel = texte.trim().toLowerCase()
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(courriel) ? courriel : ''
}

/**
 * Number given by a paying body: letters and digits only. Empty for a social security number (13 or 15 digits), which is
 * never kept, and for fillers such as 0000000.
 */
export function normaliserAllocataire(texte: string): string {
  const numero = texte.replace(/[^0-9a-z]/gi, '').toUpperCase()
  if (/^\d{13}(\d{2})?$/.test(numero) || numero.length < 4 || /^(.)\1+$/.test(numero)) return ''
  return numero
}

/** `AAAA-MM-JJ` when it is an existing civil date from 1900 on, not after `avant`; else empty. */
export function normaliserDate(texte: string, avant = ''): string {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(texte.trim())
  const francais = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(texte.trim())
  const [annee, mois, jour] = iso ? [iso[1], iso[2], iso[3]] : francais ? [francais[3], francais[2], francais[1]] : []
  if (!annee || !mois || !jour || Number(annee) < 1900) return ''
  if (
    Number(mois) < 1 ||
    Number(mois) > 12 ||
    Number(jour) < 1 ||
    Number(jour) > joursDuMois(Number(annee), Number(mois))
  )
    return ''
  const date = `${annee}-${mois}-${jour}`
  return avant !== '' && date > avant ? '' : date
}

function joursDuMois(annee: number, mois: number): number {
  if (mois === 2) return (annee % 4 === 0 && annee % 100 !== 0) || annee % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(mois) ? 30 : 31
}

const MOTS_DE_RAISON = new Set(
  'm mr mme mlle monsieur madame sci sa sas sarl sasu eurl snc societe ste la le les de du des et d l'.split(' '),
)

/** A landlord's name whatever the order of its words and without forms of company: « gilbert roux ». */
export function normaliserBailleur(texte: string): string {
  const mots = normalizeForSearch(texte).split(' ')
  const utiles = mots.filter((mot) => mot !== '' && !MOTS_DE_RAISON.has(mot))
  return (utiles.length > 0 ? utiles : mots).sort().join(' ').trim()
}

/** Fourteen digits, or empty. */
export function normaliserSiret(texte: string): string {
  const siret = texte.replace(/\D/g, '')
  return siret.length === 14 ? siret : ''
}
