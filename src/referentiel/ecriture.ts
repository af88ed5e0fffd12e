import { z } from 'zod'
import { type Condition, compilerCondition, ErreurCondition } from './condition.ts'
import { ErreurFaits, lireFaits } from './faits.ts'
import type { CheminYaml, DocumentYaml, Probleme } from './yaml.ts'

/** A condition written in a data file, checked against the vocabulary while the file is read. */
export const conditionEcrite = z
  .string()
  .meta({ description: 'Condition CEL : mots du vocabulaire, comparaisons, &&, || et !' })
  .transform((texte, contexte): Condition => {
    try {
      return compilerCondition(texte)
    } catch (erreur) {
      if (!(erreur instanceof ErreurCondition)) throw erreur
      contexte.addIssue({ code: 'custom', message: erreur.message, params: { decalage: erreur.decalage } })
      return z.NEVER
    }
  })

/** The facts of an example, dotted or nested, checked against the vocabulary. */
export const situationEcrite = z.record(z.string(), z.unknown()).transform((brut, contexte) => {
  try {
    return lireFaits(brut)
  } catch (erreur) {
    if (!(erreur instanceof ErreurFaits)) throw erreur
    for (const probleme of erreur.problemes) {
      contexte.addIssue({ code: 'custom', message: probleme.message, path: [...probleme.chemin] })
    }
    return z.NEVER
  }
})

/** The same id written twice in a file. */
export function refuserDoublons(
  document: DocumentYaml<unknown>,
  lignes: readonly { readonly id: string; readonly ou: CheminYaml }[],
): Probleme[] {
  const vus = new Set<string>()
  return lignes.flatMap(({ id, ou }) => {
    if (!vus.has(id)) {
      vus.add(id)
      return []
    }
    return [document.probleme(ou, `L’identifiant « ${id} » est déjà employé plus haut.`)]
  })
}
