import { z } from 'zod'
import { TYPES_ORGANISME } from './organismes.ts'
import { provenance } from './source.ts'
import { STADES_REGLES } from './vocabulaire.ts'
import { type DocumentYaml, fichierDonnees, identifiant, type Probleme, suggerer, texteRempli } from './yaml.ts'

const textes = z.array(texteRempli)

/**
 * Shape of a file of `fiches/`: one commitment sheet of a charter, or one action sheet of a departmental plan (CHA-18). A sheet that is
 * cited but was not given is `fournie: false` and waits for its pilots.
 */
export const schemaFiche = fichierDonnees({
  numero: texteRempli,
  titre: texteRempli,
  fournie: z.boolean(),
  pilotes: textes,
  associes: textes.optional(),
  publics: textes.optional(),
  constats: textes.optional(),
  objectifs: textes.optional(),
  /** What is planned, one by one. */
  actions: z
    .array(
      z.strictObject({
        id: identifiant,
        libelle: texteRempli,
        pilotes: textes.min(1),
        partenaires: textes.optional(),
        publics: textes.optional(),
        rythme: texteRempli.optional(),
        /** Requirement of Amont that carries it, when one does. */
        exigence: z
          .string()
          .regex(/^[A-Z]{3}-\d{2}$/, { error: 'Exigence attendue, par exemple CHA-20.' })
          .optional(),
      }),
    )
    .optional(),
  vigilance: textes.optional(),
  moyens: textes.optional(),
  delai: texteRempli.optional(),
  indicateurs: z.array(identifiant).optional(),
  /** Numbers of other sheets of the same document. */
  liens: textes.optional(),
  cadre_juridique: textes.optional(),
  remarque: texteRempli.optional(),
  ...provenance,
})
export type FichierFiche = z.output<typeof schemaFiche>
export interface Fiche extends FichierFiche {
  /** Path of its file. */
  readonly id: string
}

/** One thing the commission may answer, and the kinds of bodies it is for: those of the first kind are proposed first. */
const reponse = {
  id: identifiant,
  libelle: texteRempli,
  precision: texteRempli.optional(),
  destinataires: z.array(z.enum(TYPES_ORGANISME)).min(1),
  reference: texteRempli,
}

/** One opinion the commission may give. */
export const schemaUnAvis = z.strictObject({
  ...reponse,
  sens: z.array(z.strictObject({ id: identifiant, libelle: texteRempli })).min(1),
  /** About housing aid: the law says from when it is a decision. */
  aide: z.literal(true).optional(),
})

/** Shape of `avis.yaml`: what the commission may answer. Opinions are a closed list, recommendations an open one. */
export const schemaAvis = fichierDonnees({
  ...provenance,
  /** Time limit of the charter for its addressee to answer; without it none is set. */
  retour: z.strictObject({ delai: identifiant, reference: texteRempli }).optional(),
  avis: z.array(schemaUnAvis).min(1),
  recommandations: z.array(
    z.strictObject({ ...reponse, cud: z.literal(true).optional(), avdl: z.literal(true).optional() }),
  ),
})
export type AvisCommission = z.output<typeof schemaAvis>

/** Shape of `objectifs.yaml`: what partners aim at, step by step (DOS-03). */
export const schemaObjectifs = fichierDonnees({
  ...provenance,
  stades: z
    .array(
      z.strictObject({
        stade: z.enum(STADES_REGLES),
        objectifs: z
          .array(
            z.strictObject({
              libelle: texteRempli,
              parc: z.enum(['prive', 'social']).optional(),
              /** What the dossier asks at this step, until it is answered (DOS-25, DOS-26). */
              question: z.enum(['protocole', 'hors_maintien']).optional(),
              /** Asked only then. */
              si: z.enum(['second_protocole_echoue']).optional(),
            }),
          )
          .min(1),
        reference: texteRempli,
      }),
    )
    .min(1),
})
export type Objectifs = z.output<typeof schemaObjectifs>

/** Shape of `signataires.yaml`: organisations, never persons (CHA-07). */
export const schemaSignataires = fichierDonnees({
  ...provenance,
  signataires: z
    .array(
      z.strictObject({
        organisme: texteRempli,
        /** Signs, or has engagements without a signature line. */
        qualite: z.enum(['signataire', 'engage']),
        partenaire: identifiant.optional(),
        remarque: texteRempli.optional(),
      }),
    )
    .min(1),
})
export type Signataires = z.output<typeof schemaSignataires>

/** Shape of `sigles.yaml`: acronyms of the document. */
export const schemaSigles = fichierDonnees({
  ...provenance,
  sigles: z.array(z.strictObject({ sigle: texteRempli, sens: texteRempli, remarque: texteRempli.optional() })).min(1),
})
export type Sigles = z.output<typeof schemaSigles>

/** Links between the sheets of one document, and to the catalogue of indicators. */
export function verifierFiches(
  documents: readonly DocumentYaml<FichierFiche>[],
  indicateurs: readonly string[],
): Probleme[] {
  const numeros = documents.map(({ valeur }) => valeur.numero)
  return documents.flatMap((document, rang) => {
    const { numero, liens = [], indicateurs: suivis = [], actions = [] } = document.valeur
    const ids = actions.map(({ id }) => id)
    return [
      ...(numeros.indexOf(numero) === rang
        ? []
        : [document.probleme(['numero'], `Le numéro « ${numero} » est déjà celui d’une autre fiche.`)]),
      ...liens.flatMap((lien, i) =>
        numeros.includes(lien)
          ? []
          : [document.probleme(['liens', i], `Aucune fiche n’a le numéro « ${lien} ».${suggerer(lien, numeros)}`)],
      ),
      ...suivis.flatMap((id, i) =>
        indicateurs.includes(id)
          ? []
          : [
              document.probleme(
                ['indicateurs', i],
                `Aucun indicateur ne s’appelle « ${id} ».${suggerer(id, indicateurs)}`,
              ),
            ],
      ),
      ...ids.flatMap((id, i) =>
        ids.indexOf(id) === i
          ? []
          : [document.probleme(['actions', i, 'id'], `L’identifiant « ${id} » est déjà employé plus haut.`)],
      ),
    ]
  })
}
