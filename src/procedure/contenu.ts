import { z } from 'zod'
import { ecrireEuros, identifiant, texteRempli } from '#referentiel'
import type { Duree } from './computation.ts'
import { ecrireDuree } from './ecriture.ts'
import { dureeEcrite } from './fichiers.ts'

/** How an amount is compared with the one of the dossier. */
export type Comparaison = keyof typeof COMPARAISONS
export const COMPARAISONS = {
  moins_de: { libelle: 'moins de', est: (montant: number, borne: number) => montant < borne },
  au_plus: { libelle: 'au plus', est: (montant: number, borne: number) => montant <= borne },
  plus_de: { libelle: 'plus de', est: (montant: number, borne: number) => montant > borne },
  au_moins: { libelle: 'au moins', est: (montant: number, borne: number) => montant >= borne },
} as const

/** What a version of a value gives, in the unit of the text: nothing is converted. */
export type Contenu =
  | { readonly genre: 'duree'; readonly duree: Duree }
  | { readonly genre: 'intervalle'; readonly de: Duree | null; readonly a: Duree | null }
  | { readonly genre: 'montant'; readonly centimes: number; readonly comparaison: Comparaison | null }
  | { readonly genre: 'fraction'; readonly numerateur: number; readonly denominateur: number }
  | { readonly genre: 'mot'; readonly mot: string; readonly libelle: string }
  | { readonly genre: 'liste'; readonly elements: readonly string[] }
  | { readonly genre: 'regle'; readonly libelle: string }

/** The kinds of values and their French name. */
export const GENRES_VALEUR = {
  duree: 'durée',
  intervalle: 'durée encadrée',
  montant: 'montant',
  fraction: 'fraction',
  mot: 'mot d’une liste fermée',
  liste: 'liste',
  regle: 'règle',
} as const satisfies Record<Contenu['genre'], string>
type Genre = Contenu['genre']
const GENRES = Object.keys(GENRES_VALEUR) as Genre[]

/** The YAML keys that give the content: exactly one of them is written. */
export const cleContenu = {
  duree: dureeEcrite.optional(),
  intervalle: z
    .strictObject({ de: dureeEcrite.optional(), a: dureeEcrite.optional() })
    .refine(({ de, a }) => de !== undefined || a !== undefined, {
      error: 'Un intervalle donne « de », « a » ou les deux, par exemple { a: { mois: 36 } }.',
    })
    .optional(),
  montant: z
    .strictObject({
      centimes: z.int().min(0),
      comparaison: z.enum(Object.keys(COMPARAISONS) as Comparaison[]).optional(),
    })
    .optional(),
  fraction: z
    .string()
    .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, { error: 'Fraction attendue entre guillemets, par exemple "1/36".' })
    .optional(),
  mot: identifiant.optional(),
  liste: z.array(texteRempli).min(1).optional(),
  regle: texteRempli.optional(),
}
export type ContenuEcrit = z.output<z.ZodObject<typeof cleContenu>>

/** The kinds written in a version; a right file has exactly one. */
export function listerGenres(lu: ContenuEcrit): readonly Genre[] {
  return GENRES.filter((genre) => lu[genre] !== undefined)
}

/** The content written; `mots` are the words declared at the top of the file. Throws when none is: the loader checks first. */
export function construireContenu(lu: ContenuEcrit, mots: Readonly<Record<string, string>>): Contenu {
  if (lu.duree) return { genre: 'duree', duree: lu.duree }
  if (lu.intervalle) return { genre: 'intervalle', de: lu.intervalle.de ?? null, a: lu.intervalle.a ?? null }
  if (lu.montant) {
    return { genre: 'montant', centimes: lu.montant.centimes, comparaison: lu.montant.comparaison ?? null }
  }
  if (lu.fraction !== undefined) {
    const [numerateur = 0, denominateur = 1] = lu.fraction.split('/').map(Number)
    return { genre: 'fraction', numerateur, denominateur }
  }
  if (lu.mot !== undefined) return { genre: 'mot', mot: lu.mot, libelle: mots[lu.mot] ?? lu.mot }
  if (lu.liste) return { genre: 'liste', elements: lu.liste }
  if (lu.regle !== undefined) return { genre: 'regle', libelle: lu.regle }
  throw new Error('a version of a value gives something')
}

/** The content in French, on one line: « de 1 mois à 1 an », « moins de 450,00 € », « 1/36 ». */
export function ecrireContenu(contenu: Contenu): string {
  switch (contenu.genre) {
    case 'duree':
      return ecrireDuree(contenu.duree)
    case 'intervalle':
      if (contenu.de && contenu.a) return `de ${ecrireDuree(contenu.de)} à ${ecrireDuree(contenu.a)}`
      if (contenu.a) return `au plus ${ecrireDuree(contenu.a)}`
      return contenu.de ? `au moins ${ecrireDuree(contenu.de)}` : ''
    case 'montant': {
      const comparaison = contenu.comparaison ? `${COMPARAISONS[contenu.comparaison].libelle} ` : ''
      return comparaison + ecrireEuros(contenu.centimes)
    }
    case 'fraction':
      return `${contenu.numerateur}/${contenu.denominateur}`
    case 'mot':
    case 'regle':
      return contenu.libelle
    case 'liste':
      return contenu.elements.join(' ; ')
  }
}

/** Unit in which the content is counted, as machines read it; null for words, lists and rules. */
export function uniteDe(contenu: Contenu): string | null {
  switch (contenu.genre) {
    case 'duree':
      return contenu.duree.unite
    case 'intervalle':
      return (contenu.a ?? contenu.de)?.unite ?? null
    case 'montant':
      return 'centimes'
    case 'fraction':
      return 'fraction'
    default:
      return null
  }
}
