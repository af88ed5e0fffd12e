import type { Fiche, Personne } from './fiche.ts'
import { fonem } from './fonem.ts'

/**
 * A key met by more fiches than this says nothing about any of them: it is passed over, the other keys of the fiche
 * remain. The same figure holds in SQL and in memory.
 */
export const PLAFOND_CLE = 120

function personnes(fiche: Fiche): readonly Personne[] {
  return fiche.conjoint ? [fiche.principal, fiche.conjoint] : [fiche.principal]
}

/** Day and month in increasing order: a date and its inverted writing give one key. */
function dateSansOrdre(date: string): string {
  const mois = date.slice(5, 7)
  const jour = date.slice(8, 10)
  return `${date.slice(0, 4)}${mois < jour ? mois + jour : jour + mois}`
}

/**
 * Blocking keys of a fiche: two fiches are compared when they share one, by plain equality. Prefixes say what a key is:
 * `n` name and first name by sound, in either order · `d` birth date · `nc` name by sound and commune · `ni` beginning
 * of the name, initial and year of birth · `a` number, way and commune (by sound, or postcode) · `pa` first name by
 * sound, number and commune · `l` rent with commune or number · `c` allocataire · `t` telephone · `m` mail.
 */
export function clesDeBlocage(fiche: Fiche): string[] {
  const cles = new Set<string>()
  const { numero, phon } = fiche.adresse
  const commune = fiche.commune === '' ? fiche.codePostal : fonem(fiche.commune)
  for (const { noms, prenom, naissance } of personnes(fiche)) {
    for (const nom of noms) {
      if (prenom) cles.add(nom.phon < prenom.phon ? `n:${nom.phon}|${prenom.phon}` : `n:${prenom.phon}|${nom.phon}`)
      if (commune !== '') cles.add(`nc:${nom.phon}|${commune}`)
      if (prenom && naissance !== '')
        cles.add(`ni:${nom.serre.slice(0, 4)}|${prenom.serre.slice(0, 1)}|${naissance.slice(0, 4)}`)
    }
    if (naissance !== '') cles.add(`d:${dateSansOrdre(naissance)}`)
    if (prenom && numero !== '' && commune !== '') cles.add(`pa:${prenom.phon}|${numero}|${commune}`)
  }
  if (numero !== '' && phon !== '') {
    if (commune !== '') cles.add(`a:${numero}|${phon}|${commune}`)
    if (fiche.codePostal !== '') cles.add(`a:${numero}|${phon}|${fiche.codePostal}`)
  }
  if (fiche.loyer !== null && fiche.loyer > 0) {
    if (commune !== '') cles.add(`l:${fiche.loyer}|${commune}`)
    if (numero !== '') cles.add(`l:${fiche.loyer}|${numero}`)
  }
  if (fiche.allocataire !== '') cles.add(`c:${fiche.allocataire}`)
  if (fiche.telephone !== '') cles.add(`t:${fiche.telephone}`)
  if (fiche.courriel !== '') cles.add(`m:${fiche.courriel}`)
  return [...cles]
}
