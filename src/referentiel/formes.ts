import { z } from 'zod'
import { schemaCellule } from './cellule.ts'
import { schemaBlocsCourriers, schemaCourrier, schemaMentionsCourriers } from './courriers.ts'
import { schemaCriteres } from './criteres.ts'
import { schemaCharte, schemaDepartement } from './departement.ts'
import { schemaEngagements, schemaEngagementsGeneraux, schemaExemples, schemaPartenaires } from './engagements.ts'
import { schemaAvis, schemaFiche, schemaObjectifs, schemaSigles, schemaSignataires } from './fiches.ts'
import { schemaCibles, schemaHistorique, schemaIndicateur, schemaIndicateursSuivis } from './indicateurs.ts'
import { schemaLieux } from './lieux.ts'
import { schemaOrganismes } from './organismes.ts'
import { CLES_PARAMETRES } from './parametres.ts'
import { schemaParametres } from './parametres-dates.ts'
import { schemaRepartition } from './repartition.ts'
import { schemaArrete, schemaSeuil } from './seuils.ts'
import { schemaSecretariats } from './territoires.ts'

/** One kind of data file: where its files are, and what they must look like. */
export interface Forme {
  readonly nom: string
  /** Shown by editors. */
  readonly titre: string
  /** Globs from the folder `donnees/`. */
  readonly chemins: readonly string[]
  readonly schema: z.ZodType
}

const CHARTE = 'departements/*/*'

/** The kinds of files this module reads. Other modules add their own to the export. */
export const FORMES_REFERENTIEL: readonly Forme[] = [
  {
    nom: 'departement',
    titre: 'Identité d’un département',
    chemins: ['departements/*/departement.yaml'],
    schema: schemaDepartement,
  },
  {
    nom: 'organismes',
    titre: 'Organismes d’un département',
    chemins: ['departements/*/organismes.yaml'],
    schema: schemaOrganismes,
  },
  {
    nom: 'secretariats',
    titre: 'Territoires et secrétariats',
    chemins: ['departements/*/secretariats.yaml'],
    schema: schemaSecretariats,
  },
  {
    nom: 'lieux',
    titre: 'Tribunaux, points d’accès au droit, MDS, CUD et antennes d’un département',
    chemins: ['departements/*/lieux.yaml'],
    schema: schemaLieux,
  },
  {
    nom: 'parametres',
    titre: 'Paramètres datés d’un département',
    chemins: ['departements/*/parametres.yaml'],
    schema: schemaParametres,
  },
  { nom: 'arrete', titre: 'Arrêté préfectoral', chemins: ['departements/*/arretes/*.yaml'], schema: schemaArrete },
  {
    nom: 'charte',
    titre: 'Charte ou document d’un département',
    chemins: [`${CHARTE}/charte.yaml`],
    schema: schemaCharte,
  },
  {
    nom: 'repartition',
    titre: 'Règles de répartition',
    chemins: [`${CHARTE}/repartition*.yaml`],
    schema: schemaRepartition,
  },
  {
    nom: 'criteres',
    titre: 'Critères d’auto-saisine et de vulnérabilité',
    chemins: [`${CHARTE}/criteres*.yaml`],
    schema: schemaCriteres,
  },
  {
    nom: 'partenaires',
    titre: 'Partenaires d’une charte',
    chemins: [`${CHARTE}/partenaires.yaml`],
    schema: schemaPartenaires,
  },
  {
    nom: 'engagements',
    titre: 'Engagements d’un partenaire',
    chemins: [`${CHARTE}/engagements/*.yaml`],
    schema: schemaEngagements,
  },
  {
    nom: 'engagements-generaux',
    titre: 'Engagements de tous les signataires',
    chemins: [`${CHARTE}/engagements-generaux.yaml`],
    schema: schemaEngagementsGeneraux,
  },
  {
    nom: 'exemples',
    titre: 'Situations et engagements attendus',
    chemins: [`${CHARTE}/exemples.yaml`],
    schema: schemaExemples,
  },
  {
    nom: 'avis',
    titre: 'Avis et recommandations de la commission',
    chemins: [`${CHARTE}/avis.yaml`],
    schema: schemaAvis,
  },
  {
    nom: 'cellule',
    titre: 'Cellule technique de la commission',
    chemins: [`${CHARTE}/cellule.yaml`],
    schema: schemaCellule,
  },
  { nom: 'objectifs', titre: 'Objectifs par étape', chemins: [`${CHARTE}/objectifs.yaml`], schema: schemaObjectifs },
  {
    nom: 'fiche',
    titre: 'Fiche d’engagement ou fiche-action',
    chemins: [`${CHARTE}/fiches/*.yaml`],
    schema: schemaFiche,
  },
  {
    nom: 'indicateurs-suivis',
    titre: 'Indicateurs suivis par une charte',
    chemins: [`${CHARTE}/indicateurs.yaml`],
    schema: schemaIndicateursSuivis,
  },
  { nom: 'historique', titre: 'Série historique', chemins: [`${CHARTE}/historique.yaml`], schema: schemaHistorique },
  { nom: 'cibles', titre: 'Cibles d’une charte', chemins: [`${CHARTE}/cibles.yaml`], schema: schemaCibles },
  {
    nom: 'signataires',
    titre: 'Organisations signataires',
    chemins: [`${CHARTE}/signataires.yaml`],
    schema: schemaSignataires,
  },
  { nom: 'courrier', titre: 'Courrier', chemins: ['courriers/*/courrier.yaml'], schema: schemaCourrier },
  {
    nom: 'mentions-courriers',
    titre: 'Mentions de tous les courriers',
    chemins: ['courriers/mentions.yaml'],
    schema: schemaMentionsCourriers,
  },
  {
    nom: 'blocs-courriers',
    titre: 'Contacts imprimés dans les courriers',
    chemins: ['departements/*/blocs-courriers.yaml'],
    schema: schemaBlocsCourriers,
  },
  { nom: 'sigles', titre: 'Sigles d’un document', chemins: [`${CHARTE}/sigles.yaml`], schema: schemaSigles },
  { nom: 'indicateur', titre: 'Définition d’un indicateur', chemins: ['indicateurs/*.yaml'], schema: schemaIndicateur },
  { nom: 'seuil', titre: 'Seuil national', chemins: ['droit/seuils/*.yaml'], schema: schemaSeuil },
]

/** The JSON Schema of a kind of file, as editors read it. What only a check can see (links, sums, order) stays with `verifier`. */
export function ecrireSchemaJson({ nom, titre, schema }: Forme): Readonly<Record<string, unknown>> {
  const ecrit = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })
  if (nom === 'parametres') completerParametres(ecrit)
  return { ...ecrit, title: titre }
}

/** Names of settings are a closed list that the shape alone does not hold. */
function completerParametres(ecrit: z.core.JSONSchema.JSONSchema): void {
  const parametres = ecrit.properties?.parametres
  if (typeof parametres === 'object') parametres.propertyNames = { enum: [...CLES_PARAMETRES] }
}
