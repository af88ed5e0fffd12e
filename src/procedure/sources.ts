import { z } from 'zod'
import { texteRempli } from '#referentiel'

/** How sure a value is (domaine.md §0.1), surest first. */
export const FIABILITES = {
  C: 'Confirmée',
  S: 'Usage local',
  C2: 'À vérifier : source de seconde main',
  NC: 'À vérifier : non confirmé',
} as const
export type Fiabilite = keyof typeof FIABILITES

const ORDRE: readonly Fiabilite[] = ['C', 'S', 'C2', 'NC']

/** Where a value comes from: the text, and where in the text. */
export const source = z.strictObject({
  titre: texteRempli,
  reference: texteRempli.optional(),
  lien: texteRempli.optional(),
})
export type SourceDelai = z.output<typeof source>

/** Text and place in one line, as shown and compared. */
export function ecrireSource({ titre, reference }: SourceDelai): string {
  return reference === undefined ? titre : `${titre}, ${reference}`
}

/** One label, or several: the weakest is kept. */
export const fiabilite = z
  .union([z.enum(ORDRE), z.array(z.enum(ORDRE)).min(1)])
  .transform((lue): Fiabilite => plusFaible(typeof lue === 'string' ? [lue] : lue))

/** The least sure of several labels. */
export function plusFaible(labels: readonly Fiabilite[]): Fiabilite {
  return ORDRE.findLast((label) => labels.includes(label)) ?? 'NC'
}

/** Must the screens say « à vérifier »? */
export function estAVerifier(label: Fiabilite): boolean {
  return label === 'C2' || label === 'NC'
}
