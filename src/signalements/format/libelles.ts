import { COLONNES, type NomColonne } from './colonnes.ts'
import { type CodeMotif, MOTIFS, MOTIFS_FICHIER, type MotifFichier } from './motifs.ts'
import { TYPES, type TypeSignalement } from './types.ts'

function libellesDe<Cle extends string>(
  table: Record<Cle, { readonly libelle: string }>,
): Readonly<Record<Cle, string>> {
  const paires = Object.entries<{ readonly libelle: string }>(table).map(([cle, { libelle }]) => [cle, libelle])
  return Object.fromEntries(paires) as Record<Cle, string>
}

/** What the screens call the columns. */
export const libellesColonnes: Readonly<Record<NomColonne, string>> = libellesDe(COLONNES)

/** What the screens call the natures of signalement. */
export const libellesTypes: Readonly<Record<TypeSignalement, string>> = libellesDe(TYPES)

/** What the screens call the reasons of a line and of a file. */
export const libellesMotifs: Readonly<Record<CodeMotif | MotifFichier, string>> = { ...MOTIFS, ...MOTIFS_FICHIER }
