import { normalizeForSearch, stripAccents } from '#socle/text'
import { fonem } from './fonem.ts'

/** One name in the forms that comparisons need, so that none is computed twice. */
export interface NomCompare {
  /** Words without accents, lower case, one space between: « petit jean ». */
  readonly mots: string
  /** The same without spaces: « petitjean ». */
  readonly serre: string
  /** Without the particles that sources add or forget; same as `serre` when nothing else would remain. */
  readonly noyau: string
  /** FONEM code of `serre`. */
  readonly phon: string
}

/** « Ben », « El » and « Le » are particles only when another word follows; inside one word they are not touched. */
const PARTICULES = new Set(
  'de du des d la le les l el al ben bin ibn ould ait von van der dos da do di del della'.split(' '),
)

const MENTIONS = /\b(?:epouse|epse|ep|nee|veuve|vve|divorcee|monsieur|madame|mme|mlle|mademoiselle)\b/g

const SEPARATEURS = /[(),;/]|\b(?:nee?|epouse|epse|ep|veuve|vve)\b\.?/i

/** A name as every source would write it, or null when nothing is left. « Chez » and civil status words are dropped. */
export function normaliserNom(texte: string): NomCompare | null {
  const mots = normalizeForSearch(texte)
    .replace(/^chez /, '')
    .replace(MENTIONS, ' ')
    .replace(/\bst\b/g, 'saint')
    .replace(/\bste\b/g, 'sainte')
    .replace(/ +/g, ' ')
    .trim()
  if (!/[a-z]/.test(mots)) return null
  const serre = mots.replaceAll(' ', '')
  const noyau = mots
    .split(' ')
    .filter((mot) => !PARTICULES.has(mot))
    .join('')
  return { mots, serre, noyau: noyau.length > 2 ? noyau : serre, phon: fonem(serre) }
}

/**
 * The names of one person, usage first, without repetition. « Dupont née Martin », « Dupont ép. Martin » and
 * « Dupont (Martin) » give two.
 */
export function normaliserNoms(usage: string, naissance: string): readonly NomCompare[] {
  const noms: NomCompare[] = []
  const ajouter = (texte: string) => {
    const nom = normaliserNom(texte)
    if (nom && !noms.some(({ serre }) => serre === nom.serre)) noms.push(nom)
  }
  for (const texte of [usage, naissance]) {
    for (const partie of stripAccents(texte).split(SEPARATEURS)) ajouter(partie)
  }
  return noms.slice(0, 4)
}
