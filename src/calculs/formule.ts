import { join } from 'node:path'
import { z } from 'zod'
import type { SourceDelai } from '#procedure'
import { type Forme, fichierDonnees, jourCivil, lireYaml, provenance } from '#referentiel'

const NOM = 'calculs/budget.yaml'

const schema = fichierDonnees({
  versions: z.array(z.strictObject({ du: jourCivil, ...provenance })).min(1),
})

/** For the export of JSON Schemas. */
export const FORMES_CALCULS: readonly Forme[] = [
  { nom: 'formule-budget', titre: 'Source des formules du budget', chemins: [NOM], schema },
]

const lues = new Map<string, z.output<typeof schema>>()

/** Where the formulas of the budget are written, on a day; before the first one known, it is said. Without a day, the last ones. */
export function lireSourceBudget(racine: string, jour: Temporal.PlainDate | null): SourceDelai {
  const connue = lues.get(racine) ?? lireYaml(join(racine, NOM), schema, `donnees/${NOM}`)
  lues.set(racine, connue)
  const version = connue.versions.findLast(({ du }) => jour === null || Temporal.PlainDate.compare(du, jour) <= 0)
  if (!version) return { titre: 'Formules du budget non renseignées à cette date' }
  const { titre, reference } = version.source
  return reference ? { titre, reference } : { titre }
}
