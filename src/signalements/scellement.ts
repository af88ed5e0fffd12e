import { type Coffre, estScelle } from '#acces'
import { CHAMPS_SIGNALEMENT } from '#dossiers'
import { estColonne, NOMS_COLONNES, type NomColonne } from './format/colonnes.ts'
import type { ContenuSignalement } from './format/index.ts'
import { montrer } from './format/ligne.ts'

/** Columns whose values are in the database only sealed: those near health. */
const COLONNES_SCELLEES: readonly NomColonne[] = NOMS_COLONNES.filter((nom) => CHAMPS_SIGNALEMENT[nom]?.[0] === 'sante')

/** A column the format does not know may hold anything: it is sealed too. */
const aSceller = (colonne: string): boolean => !estColonne(colonne) || COLONNES_SCELLEES.includes(colonne)

/** A signalement keeps its place from version to version: an earlier one is given back without its key. */
const placeContenu = (signalement: string, colonne: string) => `signalement|contenu|${signalement}|${colonne}`

/** What is kept of a signalement: columns near health are sealed, said or not, so that nothing tells whether they were. */
export function scellerContenu<T extends object>(coffre: Coffre, signalement: string, contenu: T): T {
  const lu = contenu as Readonly<Record<string, unknown>>
  const scelles = COLONNES_SCELLEES.map((colonne) => [
    colonne,
    estScelle(lu[colonne]) ? lu[colonne] : coffre.sceller(lu[colonne] ?? null, placeContenu(signalement, colonne)),
  ])
  return { ...contenu, ...Object.fromEntries(scelles) }
}

/** A signalement as it was received. */
export function ouvrirContenu(coffre: Coffre, signalement: string, contenu: ContenuSignalement): ContenuSignalement {
  const ouvertes = COLONNES_SCELLEES.flatMap((colonne) => {
    const valeur = contenu[colonne]
    return estScelle(valeur) ? [[colonne, coffre.ouvrir(valeur, placeContenu(signalement, colonne))]] : []
  })
  return ouvertes.length === 0 ? contenu : { ...contenu, ...Object.fromEntries(ouvertes) }
}

type Champs = Readonly<Record<string, string>>

/** Where the sealed columns of a line stand among the others. Those the format does not know are sealed: none in clear can bear this name. */
const SCELLE = 'scelle'

/** Where a line received is in the database. */
interface PlaceLigne {
  readonly lot: string
  readonly ligne: number
}
const placeLigne = ({ lot, ligne }: PlaceLigne, quoi: 'champs' | 'correction' | 'brut'): string =>
  `ligne_lot|${quoi}|${lot}|${ligne}`

/** Columns of a line as they are kept. `tout`: its fields are out of place, any of them may hold what another column would. */
export function scellerChamps(
  coffre: Coffre,
  place: PlaceLigne,
  quoi: 'champs' | 'correction',
  champs: Champs,
  tout = false,
): Champs {
  const [clairs, reserves]: [[string, string][], [string, string][]] = [[], []]
  for (const [colonne, valeur] of Object.entries(champs))
    (tout || aSceller(colonne) ? reserves : clairs).push([colonne, valeur])
  if (reserves.length === 0) return champs
  const scelle = coffre.sceller(Object.fromEntries(reserves), placeLigne(place, quoi))
  return { ...Object.fromEntries(clairs), [SCELLE]: scelle }
}

/** Columns of a line as they were received. */
export function ouvrirChamps<T extends Champs | null>(
  coffre: Coffre,
  place: PlaceLigne,
  quoi: 'champs' | 'correction',
  champs: T,
): T {
  const scelle = champs?.[SCELLE]
  if (!champs || !estScelle(scelle)) return champs
  const { [SCELLE]: _, ...clairs } = champs as Champs
  return { ...clairs, ...(coffre.ouvrir(scelle, placeLigne(place, quoi)) as Champs) } as T
}

interface MotifDeLigne {
  readonly colonne: string
  readonly valeur: string
}

/** Reasons of a verdict without the values of sealed columns: they are read again from the line. */
export const taireMotifs = <T extends MotifDeLigne>(motifs: readonly T[]): T[] =>
  motifs.map((motif) => (motif.colonne !== '' && aSceller(motif.colonne) ? { ...motif, valeur: '' } : motif))

const completer = <T extends MotifDeLigne>(motifs: readonly T[], champs: Champs): T[] =>
  motifs.map((motif) =>
    motif.valeur === '' && motif.colonne !== '' && aSceller(motif.colonne)
      ? { ...motif, valeur: montrer(champs[motif.colonne] ?? '') }
      : motif,
  )

/** A line of a lot as it was received and judged. */
export function ouvrirLigne<
  T extends {
    readonly ligne: number
    readonly champs: Champs
    readonly correction?: Champs | null
    readonly motifs: readonly MotifDeLigne[]
  },
>(coffre: Coffre, lot: string, ligne: T): T {
  const place = { lot, ligne: ligne.ligne }
  const champs = ouvrirChamps(coffre, place, 'champs', ligne.champs)
  return {
    ...ligne,
    champs,
    motifs: completer(ligne.motifs, champs),
    ...(ligne.correction === undefined
      ? {}
      : { correction: ouvrirChamps(coffre, place, 'correction', ligne.correction) }),
  }
}

/** Bytes of a line, and what tells the same bytes again. */
export const scellerBrut = (coffre: Coffre, place: PlaceLigne, octets: Uint8Array): Buffer =>
  coffre.scellerOctets(octets, placeLigne(place, 'brut'))
export const ouvrirBrut = (coffre: Coffre, place: PlaceLigne, octets: Buffer): Buffer =>
  coffre.ouvrirOctets(octets, placeLigne(place, 'brut'))

const placeFichier = (fichier: string): string => `fichier|octets|${fichier}`
export const scellerFichier = (coffre: Coffre, fichier: string, octets: Uint8Array): Buffer =>
  coffre.scellerOctets(octets, placeFichier(fichier))
export const ouvrirFichier = (coffre: Coffre, fichier: string, octets: Buffer): Buffer =>
  coffre.ouvrirOctets(octets, placeFichier(fichier))
