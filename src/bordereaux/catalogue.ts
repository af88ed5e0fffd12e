import { join } from 'node:path'
import { z } from 'zod'
import type { Session } from '#acces'
import { GENRES_ACTE } from '#procedure'
import {
  type Forme,
  fichierDonnees,
  identifiant,
  lireDocumentYaml,
  provenancePartagee,
  type Remarque,
  STADES_REGLES,
  TYPES_ORGANISME,
  texteRempli,
} from '#referentiel'
import { Introuvable } from '#socle/errors'
import { CHAMPS_BORDEREAU } from './champs.ts'

const NOM = 'bordereaux/catalogue.yaml'
const cles = <C extends Record<string, unknown>>(table: C) =>
  Object.keys(table) as [keyof C & string, ...(keyof C & string)[]]

const regle = z.strictObject({
  types: z.array(z.enum(TYPES_ORGANISME)).min(1).optional(),
  lesquels: z.enum(['territoire', 'engages', 'bailleur', 'tribunal', 'choix', 'dehors']),
  /** Who it is, for somebody who has no place here. */
  nom: texteRempli.optional(),
  /** Which version of the synthèse goes with it. */
  synthese: z.enum(['juge', 'bailleur']).optional(),
  pourquoi: texteRempli,
  champs: z.array(z.enum(cles(CHAMPS_BORDEREAU))).min(1),
})

const schema = fichierDonnees({
  bordereaux: z
    .array(
      z.strictObject({
        code: identifiant,
        numero: z.string().regex(/^COU-\d{2}$/, { error: 'Numéro attendu, par exemple COU-16.' }),
        libelle: texteRempli,
        sens: texteRempli,
        de: z.array(z.enum(TYPES_ORGANISME)).min(1),
        lignes: z.enum(['etape', 'synthese', 'acte', 'dossier']),
        etapes: z.array(z.enum(STADES_REGLES)).min(1).optional(),
        actes: z
          .array(z.enum(cles(GENRES_ACTE)))
          .min(1)
          .optional(),
        /** The accord of the household without which nothing leaves (`donnees/acces/accords.yaml`). */
        accord: z.string().optional(),
        vers: z.array(regle).min(1),
        /** What the word that goes with it should say; without it, nobody writes one. */
        mot: texteRempli.optional(),
        rappel_jours: z.int().min(1).max(90),
        ...provenancePartagee,
      }),
    )
    .min(1),
})

/** A kind of slip, as the data describe it. */
export type GenreBordereau = z.output<typeof schema>['bordereaux'][number]
export type RegleDestinataire = GenreBordereau['vers'][number]

/** The kind of data file this module reads. */
export const FORMES_BORDEREAUX: readonly Forme[] = [
  { nom: 'bordereaux', titre: 'Ce qu’un organisme remet à un autre', chemins: [NOM], schema },
]

const lus = new Map<string, readonly GenreBordereau[]>()

/** Reads the catalogue, or refuses with every problem of the file. Read once: what is shipped does not change while the process lives. */
export function chargerBordereaux(racine: string): readonly GenreBordereau[] {
  const connu = lus.get(racine)
  if (connu) return connu
  const { bordereaux } = lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur
  lus.set(racine, bordereaux)
  return bordereaux
}

/** What nobody has reviewed yet in it. */
export const inventorierBordereaux = (racine: string): Remarque[] =>
  chargerBordereaux(racine).flatMap(({ libelle, verifie_le }): Remarque[] =>
    verifie_le === null
      ? [
          {
            chemin: `donnees/${NOM}`,
            libelle: `Bordereau : ${libelle}`,
            genre: 'non_verifie',
            detail: 'jamais relu par un juriste',
          },
        ]
      : [],
  )

type Qui = Pick<Session, 'acteur' | 'referentiel'>

/** Kinds this person’s organisme sends. */
export const genresPour = ({ acteur, referentiel }: Qui): readonly GenreBordereau[] =>
  chargerBordereaux(referentiel.racine).filter(({ de }) =>
    (de as readonly string[]).includes(acteur.organismeType ?? ''),
  )

/** One of them; another does not exist for them. */
export function genreDe(qui: Qui, code: string): GenreBordereau {
  const genre = genresPour(qui).find((un) => un.code === code)
  if (!genre) throw new Introuvable()
  return genre
}

/** The name of a kind, whoever sends it; its code once it is no longer in the data. */
export const nommerGenre = ({ referentiel }: Pick<Session, 'referentiel'>, code: string): string =>
  chargerBordereaux(referentiel.racine).find((un) => un.code === code)?.libelle ?? code
