import { z } from 'zod'
import { TYPES_ORGANISME } from './organismes.ts'
import { type Provenance, provenance } from './source.ts'
import { type DocumentYaml, fichierDonnees, identifiant, type Probleme, suggerer, texteRempli } from './yaml.ts'

/** What an indicator is counted in. */
export const UNITES_INDICATEUR = {
  nombre: 'nombre',
  pour_cent: '%',
  centimes: '€',
  mois: 'mois',
  jours: 'jours',
  oui_non: 'oui ou non',
  date: 'date',
} as const
export type UniteIndicateur = keyof typeof UNITES_INDICATEUR

/** Cuts of an indicator. The official arrondissement and the CCAPEX territory are two different cuts. */
export const VENTILATIONS = {
  parc: 'parc public et parc privé',
  arrondissement: 'arrondissement officiel',
  territoire: 'territoire de la CCAPEX',
  total: 'total du département',
} as const
export type Ventilation = keyof typeof VENTILATIONS

/** Themes of the charter's own grouping. */
export const THEMES_INDICATEUR = {
  procedure: 'Procédure',
  ccapex: 'Commission',
  diagnostic: 'Diagnostics et mises à disposition',
  fsl: 'Fonds de solidarité pour le logement',
  aide_logement: 'Aide au logement',
  audience: 'Audience et jugement',
  surendettement: 'Surendettement',
  commissaires_de_justice: 'Commissaires de justice',
  pilotage: 'Pilotage',
} as const
export type ThemeIndicateur = keyof typeof THEMES_INDICATEUR

/** Producers that hold no engagement of the charter. */
export const AUTRES_PRODUCTEURS = {
  juge: 'tribunal',
  cdad: 'conseil départemental de l’accès au droit',
  amont: 'Amont',
} as const

const PRODUCTEURS = [...TYPES_ORGANISME, 'juge', 'cdad', 'amont'] as const
/** Who gives a figure: a kind of organisme, or one of `AUTRES_PRODUCTEURS`. */
export type Producteur = (typeof PRODUCTEURS)[number]

const table = <C extends Record<string, string>>(codes: C) =>
  Object.keys(codes) as [keyof C & string, ...(keyof C & string)[]]

/** Shape of a file of `donnees/indicateurs/`: what is counted and how, whoever publishes it. */
export const schemaIndicateur = fichierDonnees({
  libelle: texteRempli,
  /** The question the figure answers, in plain French. */
  question: texteRempli,
  theme: z.enum(table(THEMES_INDICATEUR)),
  unite: z.enum(table(UNITES_INDICATEUR)),
  /** What is counted; for a mean, what is summed. */
  numerateur: texteRempli,
  /** Of what: written for every rate and mean. */
  denominateur: texteRempli.optional(),
  /** What the charter asks beside it, on the same population: a mean amount, a duration. */
  mesures_associees: z
    .array(
      z.strictObject({
        libelle: texteRempli,
        unite: z.enum(table(UNITES_INDICATEUR)),
        numerateur: texteRempli,
        denominateur: texteRempli.optional(),
      }),
    )
    .min(1)
    .optional(),
  /** Lines of one indicator, such as the three kinds of help of a fund. */
  lignes: z.array(texteRempli).min(2).optional(),
  /** Counted from the dossiers, or given each year by its producer. */
  production: z.enum(['dossiers', 'saisie']),
  /** The direction sought, when the charter seeks one. */
  sens_vise: z.enum(['baisse', 'hausse']).optional(),
  /** What the document leaves open and how Amont reads it. */
  reserve: texteRempli.optional(),
  ...provenance,
})
export interface Indicateur extends z.output<typeof schemaIndicateur> {
  readonly id: string
}

/** A rate says of what. */
export function verifierIndicateur(document: DocumentYaml<z.output<typeof schemaIndicateur>>): Probleme[] {
  return document.valeur.unite === 'pour_cent' && document.valeur.denominateur === undefined
    ? [document.probleme(['unite'], 'Un taux dit son dénominateur (clé « denominateur »).')]
    : []
}

/** Shape of `indicateurs.yaml` of a charter: which indicators it follows, who gives them and how they are cut. */
export const schemaIndicateursSuivis = fichierDonnees({
  ...provenance,
  indicateurs: z
    .array(
      z.strictObject({
        /** Number in our list of requirements (IND-01 is 1). */
        numero: z.int().min(1),
        indicateur: identifiant,
        producteurs: z.array(z.enum(PRODUCTEURS)).min(1),
        ventilations: z.array(z.enum(table(VENTILATIONS))).min(1),
        reference: texteRempli,
      }),
    )
    .min(1),
})
export type FichierIndicateursSuivis = z.output<typeof schemaIndicateursSuivis>
export interface IndicateurSuivi extends Provenance {
  readonly numero: number
  readonly indicateur: Indicateur
  readonly producteurs: readonly Producteur[]
  readonly ventilations: readonly Ventilation[]
}

const valeurHistorique = z.union([z.int().min(0), z.literal('NC')], {
  error: 'Un nombre entier, ou NC quand la valeur n’est pas connue.',
})

/** Shape of `historique.yaml`: past figures as the document prints them. `NC` is « not known », never zero (IND-68). */
export const schemaHistorique = fichierDonnees({
  ...provenance,
  perimetre: texteRempli,
  annees: z.array(z.int().min(1990).max(2100)).min(1),
  lignes: z.array(z.strictObject({ indicateur: identifiant, valeurs: z.array(valeurHistorique) })).min(1),
})
export type Historique = z.output<typeof schemaHistorique>

/** Shape of `cibles.yaml`: what the charter aims at. */
export const schemaCibles = fichierDonnees({
  ...provenance,
  cibles: z
    .array(
      z.strictObject({
        id: identifiant,
        libelle: texteRempli,
        indicateurs: z.array(identifiant).min(1),
        baisse_pour_cent: z.int().min(1).max(100),
        rythme: z.enum(['annuel', 'duree_de_la_charte']),
        /** Year the fall is counted from. */
        base: z.int(),
        reserve: texteRempli.optional(),
        reference: texteRempli,
      }),
    )
    .min(1),
})
export type Cibles = z.output<typeof schemaCibles>

/** Dead references of the indicators a charter follows. */
export function verifierSuivis(
  document: DocumentYaml<FichierIndicateursSuivis>,
  catalogue: ReadonlyMap<string, Indicateur>,
): Probleme[] {
  return document.valeur.indicateurs.flatMap((suivi, rang) => [
    ...verifierReference(document, ['indicateurs', rang, 'indicateur'], suivi.indicateur, catalogue),
    ...(document.valeur.indicateurs.findIndex(({ numero }) => numero === suivi.numero) === rang
      ? []
      : [document.probleme(['indicateurs', rang, 'numero'], `Le numéro ${suivi.numero} est déjà employé plus haut.`)]),
  ])
}

/** Each line of the history has one value a year and names a known indicator. */
export function verifierHistorique(
  document: DocumentYaml<Historique>,
  catalogue: ReadonlyMap<string, Indicateur>,
): Probleme[] {
  const { annees, lignes } = document.valeur
  return lignes.flatMap(({ indicateur, valeurs }, rang) => [
    ...verifierReference(document, ['lignes', rang, 'indicateur'], indicateur, catalogue),
    ...(valeurs.length === annees.length
      ? []
      : [
          document.probleme(
            ['lignes', rang, 'valeurs'],
            `${annees.length} valeurs attendues, une par année, ${valeurs.length} lue(s).`,
          ),
        ]),
  ])
}

/** Targets name known indicators. */
export function verifierCibles(document: DocumentYaml<Cibles>, catalogue: ReadonlyMap<string, Indicateur>): Probleme[] {
  return document.valeur.cibles.flatMap(({ indicateurs }, rang) =>
    indicateurs.flatMap((id, i) => verifierReference(document, ['cibles', rang, 'indicateurs', i], id, catalogue)),
  )
}

function verifierReference(
  document: DocumentYaml<unknown>,
  ou: readonly (string | number)[],
  id: string,
  catalogue: ReadonlyMap<string, Indicateur>,
): Probleme[] {
  if (catalogue.has(id)) return []
  return [document.probleme(ou, `Aucun indicateur ne s’appelle « ${id} ».${suggerer(id, [...catalogue.keys()])}`)]
}
