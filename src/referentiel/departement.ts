import { z } from 'zod'
import type { ContenuCharte } from './contenu-charte.ts'
import type { AvecRegles } from './repartition.ts'
import type { AvecArretes } from './seuils.ts'
import { periode, provenance } from './source.ts'
import { STADES_REGLES } from './vocabulaire.ts'
import { fichierDonnees, jourCivil, texteRempli } from './yaml.ts'

/** Shape of `departement.yaml`. */
export const schemaDepartement = fichierDonnees({
  code: z
    .string()
    .regex(/^(?:\d{2,3}|2[AB]|[a-z][a-z-]+)$/, { error: 'Code de département attendu, entre guillemets.' }),
  nom: texteRempli,
  /** Said wherever the département is chosen, when it is not a real one. */
  remarque: texteRempli.optional(),
})

/** Shape of `charte.yaml`: the document the rules of its folder come from. */
export const schemaCharte = fichierDonnees({
  titre: texteRempli,
  nature: z.enum(['charte', 'fiches_actions']),
  ...periode,
  duree: z.strictObject({ annees: z.int().min(1) }).optional(),
  dates: z.array(z.strictObject({ le: jourCivil, libelle: texteRempli })),
  stades: z.array(z.enum(STADES_REGLES)),
  ...provenance,
})

/** A document of a département: what it holds, and the id (path) of its folder. */
export interface Charte extends z.output<typeof schemaCharte>, ContenuCharte {
  readonly id: string
}

/** Everything a département adds to the law. Immutable; each part is chosen by date. */
export interface Departement extends AvecRegles, AvecArretes {
  readonly code: string
  readonly nom: string
  readonly remarque: string | null
  /** Name of its folder under `donnees/departements/`. */
  readonly dossier: string
  readonly chartes: readonly Charte[]
}
