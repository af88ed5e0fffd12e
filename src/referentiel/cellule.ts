import { z } from 'zod'
import { TYPES_ORGANISME } from './organismes.ts'
import { provenance } from './source.ts'
import { type DocumentYaml, fichierDonnees, identifiant, type Probleme, texteRempli } from './yaml.ts'

/** What an answer that never came is worth at the end of a consultation. */
export const SENS_DU_SILENCE = ['rien', 'accord', 'refus', 'abstention'] as const
/** Who or what makes the decision of the cell. */
export const REGLES_DECISION = ['pilotes', 'majorite', 'unanimite'] as const

const composition = z.strictObject({
  id: identifiant,
  libelle: texteRempli,
  /** Kinds of organismes asked; none: people outside Amont, to be met. */
  types: z.array(z.enum(TYPES_ORGANISME)),
  precision: texteRempli.optional(),
})

/**
 * Shape of `cellule.yaml`: the technical cell between two sessions (CEL-01 to CEL-13). What the charter does not say is null, or has the reliability `defaut`: it is
 * shown as such, and nothing stands in for it.
 */
export const schemaCellule = fichierDonnees({
  ...provenance,
  pilotes: z.array(texteRempli).min(1),
  /** Why it is consulted: an open list, reviewed after each yearly balance (CEL-10). */
  objets: z
    .array(
      z.strictObject({
        id: identifiant,
        libelle: texteRempli,
        precision: texteRempli.optional(),
        /** In writing, or at a meeting. */
        mode: z.enum(['dematerialise', 'reunion']),
        /** Kinds of landlords that may consult for their own tenants, without reading the dossier. */
        bailleurs: z.array(z.enum(TYPES_ORGANISME)).optional(),
        /** What makes the situation complex; near health, shown to those entitled only. */
        situations: z
          .array(z.strictObject({ id: identifiant, libelle: texteRempli, sante: z.boolean().optional() }))
          .optional(),
        reference: texteRempli,
      }),
    )
    .min(1),
  permanents: z.array(composition).min(1),
  invites: z.array(composition),
  urgences: z.array(
    z.strictObject({
      id: identifiant,
      libelle: texteRempli,
      /** Hours as they pass, or whole days. */
      delai: z.union([z.strictObject({ heures: z.int().min(1) }), z.strictObject({ jours: z.int().min(1) })]),
      ...provenance,
    }),
  ),
  decision: z
    .strictObject({ regle: z.enum(REGLES_DECISION), precision: texteRempli.optional(), ...provenance })
    .nullable(),
  silence: z
    .strictObject({ vaut: z.enum(SENS_DU_SILENCE), precision: texteRempli.optional(), ...provenance })
    .nullable(),
})
export type CelluleTechnique = z.output<typeof schemaCellule>

/** Identifiers written twice. */
export function verifierCellule(document: DocumentYaml<CelluleTechnique>): Probleme[] {
  return (['objets', 'permanents', 'invites', 'urgences'] as const).flatMap((cle) => {
    const ids = document.valeur[cle].map(({ id }) => id)
    return ids.flatMap((id, rang) =>
      ids.indexOf(id) === rang
        ? []
        : [document.probleme([cle, rang, 'id'], `L’identifiant « ${id} » est déjà employé plus haut.`)],
    )
  })
}
