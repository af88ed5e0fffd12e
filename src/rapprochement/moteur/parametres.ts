import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { projectRoot } from '#socle/config'
import { CHAMPS, type Champ, NOMS_CHAMPS, rangNiveau } from './champs.ts'

const probabilite = z.number().gt(0).lt(1)
const frequences = z.strictObject({
  /** Share of the fiches that carry a value not listed. */
  defaut: probabilite,
  valeurs: z.record(z.string(), probabilite),
})

const schemaChamps = z.strictObject(
  Object.fromEntries(
    NOMS_CHAMPS.map((champ) => [
      champ,
      z.strictObject(
        Object.fromEntries(
          CHAMPS[champ].niveaux.slice(1).map(({ code }) => [code, z.strictObject({ m: probabilite, u: probabilite })]),
        ),
      ),
    ]),
  ),
)

export const schemaParametres = z.strictObject({
  schema: z.literal(1),
  version: z.string().min(1),
  origine: z.string(),
  /** Bits every pair starts from: how unlikely it is that two households taken at random are one. */
  depart: z.number().negative(),
  seuils: z
    .strictObject({
      /** Below: another household, a new dossier. */
      suggerer: z.number().gt(0).lt(1),
      /** From here and without contrary evidence: attached without a person. */
      certain: z.number().gt(0).lt(1),
      /** Bits by which the best dossier must lead a second plausible one; otherwise a person chooses. */
      marge: z.number().positive(),
    })
    .refine(
      ({ suggerer, certain }) => suggerer < certain,
      'Le seuil « suggerer » doit être inférieur au seuil « certain ».',
    ),
  /** Two signalements may name two adults of one household without naming them together. */
  autre_occupant: z.strictObject({
    /** Share of the pairs of one household in that case. */
    part: probabilite,
    /** Among them, share of those who bear one name. */
    meme_nom: probabilite,
  }),
  /** Largest weights of one field, in bits: no single field decides alone. */
  bornes: z.strictObject({ pour: z.number().positive(), contre: z.number().negative() }),
  champs: schemaChamps,
  frequences: z.strictObject({ noms: frequences, prenoms: frequences, communes: frequences, bailleurs: frequences }),
})

/** Frequencies of one kind of value among the fiches of the base. */
export interface Frequences {
  readonly defaut: number
  readonly valeurs: Readonly<Record<string, number>>
}

export interface Seuils {
  readonly suggerer: number
  readonly certain: number
  readonly marge: number
}

/** Weights of recognition, as data: stored with each decision by their version. Plain JSON. */
export interface Parametres {
  readonly schema: 1
  readonly version: string
  readonly origine: string
  readonly depart: number
  readonly seuils: Seuils
  readonly autre_occupant: { readonly part: number; readonly meme_nom: number }
  readonly bornes: { readonly pour: number; readonly contre: number }
  /** By field and level: `m` among pairs of one household, `u` among pairs taken at random. */
  readonly champs: Readonly<Record<Champ, Readonly<Record<string, { readonly m: number; readonly u: number }>>>>
  readonly frequences: Readonly<Record<'noms' | 'prenoms' | 'communes' | 'bailleurs', Frequences>>
}

/** Validates parameters read from a file or a database; throws with the fields at fault. */
export function lireParametres(valeur: unknown): Parametres {
  return schemaParametres.parse(valeur) as Parametres
}

let livres: Parametres | undefined

/** The parameters shipped with the program, estimated on the public samples: enough for an empty base. */
export function parametresInitiaux(): Parametres {
  livres ??= lireParametres(parse(readFileSync(join(projectRoot, 'donnees/rapprochement/parametres.yaml'), 'utf8')))
  return livres
}

export const NIVEAUX_MAX = 10

/** Parameters made ready for millions of pairs. */
export interface Poids {
  /** Bits by field and level: index = rank of field × NIVEAUX_MAX + rank of level. */
  readonly bits: Float64Array
  readonly depart: number
  readonly autreOccupant: { readonly memeNom: number; readonly autreNom: number }
  readonly rarete: Readonly<Record<'noms' | 'prenoms' | 'communes' | 'bailleurs', (valeur: string) => number>>
}

const prets = new WeakMap<Parametres, Poids>()

/** Weights of parameters, computed once per parameter object. */
export function preparerPoids(parametres: Parametres): Poids {
  const connu = prets.get(parametres)
  if (connu) return connu
  const { pour, contre } = parametres.bornes
  const bits = new Float64Array(NOMS_CHAMPS.length * NIVEAUX_MAX)
  NOMS_CHAMPS.forEach((champ, rang) => {
    for (const [code, { m, u }] of Object.entries(parametres.champs[champ])) {
      bits[rang * NIVEAUX_MAX + rangNiveau(champ, code)] = borner(Math.log2(m / u), contre, pour)
    }
  })
  const { part, meme_nom } = parametres.autre_occupant
  const uNom = parametres.champs.nom.identique?.u ?? 0.005
  const poids: Poids = {
    bits,
    depart: parametres.depart,
    autreOccupant: {
      memeNom: Math.log2(part) + Math.log2(meme_nom / uNom),
      autreNom: Math.log2(part) + Math.log2(1 - meme_nom),
    },
    rarete: {
      noms: preparerRarete(parametres.frequences.noms, uNom),
      prenoms: preparerRarete(parametres.frequences.prenoms, parametres.champs.prenom.identique?.u ?? 0.01),
      communes: preparerRarete(parametres.frequences.communes, parametres.champs.commune.identique?.u ?? 0.05),
      bailleurs: preparerRarete(parametres.frequences.bailleurs, parametres.champs.bailleur.identique?.u ?? 0.1),
    },
  }
  prets.set(parametres, poids)
  return poids
}

/** Bits added when an agreement is on a rare value, taken away when it is on a common one: agreeing on Martin says less. */
function preparerRarete({ defaut, valeurs }: Frequences, moyenne: number): (valeur: string) => number {
  const bits = new Map(Object.entries(valeurs).map(([valeur, f]) => [valeur, borner(Math.log2(moyenne / f), -3, 3)]))
  const autre = borner(Math.log2(moyenne / defaut), -3, 3)
  return (valeur) => (valeur === '' ? 0 : (bits.get(valeur) ?? autre))
}

function borner(valeur: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, valeur))
}
