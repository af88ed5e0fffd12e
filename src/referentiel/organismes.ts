import { z } from 'zod'
import { fichierDonnees, lireYaml, texteRempli } from './yaml.ts'

/**
 * Kinds of bodies of the charter. `departement` is the social service of the Département. Some only receive what others send them (court, police): the access
 * matrix gives them no line.
 */
export const TYPES_ORGANISME = [
  'secretariat',
  'prefecture',
  'sous_prefecture',
  'departement',
  'fsl',
  'ccas',
  'caf',
  'msa',
  'adil',
  'bailleur_social',
  'ais_aivs',
  'union_bailleurs',
  'agence_immobiliere',
  'social_du_personnel',
  'action_logement',
  'mandataire',
  'surendettement',
  'siao',
  'sante_mentale',
  'association',
  'point_conseil_budget',
  'commissaires_de_justice',
  'mairie',
  'tribunal',
  'forces_de_l_ordre',
] as const
export type TypeOrganisme = (typeof TYPES_ORGANISME)[number]

export const schemaOrganismes = fichierDonnees({
  organismes: z.array(
    z.strictObject({
      code: z.string().regex(/^[A-Z0-9-]+$/, { error: 'Code en capitales, chiffres et tirets.' }),
      nom: texteRempli,
      type: z.enum(TYPES_ORGANISME),
      territoires: z.array(z.string()).optional(),
      communes: z.array(z.string()).optional(),
    }),
  ),
})

export type OrganismeLivre = z.output<typeof schemaOrganismes>['organismes'][number]

/** Reads the bodies a département ships. A CCAS listed here employs social workers: the cascade only asks those. */
export function lireOrganismesLivres(chemin: string): readonly OrganismeLivre[] {
  return lireYaml(chemin, schemaOrganismes).organismes
}
