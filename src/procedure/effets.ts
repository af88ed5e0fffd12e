import { join } from 'node:path'
import { z } from 'zod'
import { fichierDonnees, jourCivil, lireYaml, texteRempli } from '#referentiel'
import { ecrireJour } from './ecriture.ts'
import { ecrireSource, estAVerifier, FIABILITES, fiabilite, source } from './sources.ts'

/** What may suspend: each has its sentence, and its text on the day of the act. */
export const CAS_SUSPENSION = [
  'delais_de_paiement',
  'delai_de_grace_du_jugement',
  'delai_de_grace_du_juge_de_l_execution',
  'protocole',
  'second_protocole',
  'protocole_elan',
  'surendettement',
  'treve',
  'saisie',
] as const
export type CasSuspension = (typeof CAS_SUSPENSION)[number]

const regle = z.strictObject({
  phrase: texteRempli,
  versions: z
    .array(
      z.strictObject({
        du: jourCivil,
        source,
        fiabilite,
        verifie_le: jourCivil.nullable(),
        reserve: texteRempli.optional(),
      }),
    )
    .min(1)
    .refine(
      (versions) =>
        versions.every(({ du }, rang) => {
          const precedente = versions[rang - 1]
          return !precedente || Temporal.PlainDate.compare(precedente.du, du) < 0
        }),
      { error: 'Les versions se suivent dans l’ordre de leurs dates.' },
    ),
})

export const schemaSuspensions = fichierDonnees({
  libelle: texteRempli,
  suspensions: z.strictObject(
    Object.fromEntries(CAS_SUSPENSION.map((cas) => [cas, regle])) as Record<CasSuspension, typeof regle>,
  ),
  sans_fin: texteRempli,
  non_respecte: texteRempli,
  exemples: z
    .array(
      z.strictObject({
        cas: z.enum(CAS_SUSPENSION),
        le: jourCivil,
        source: texteRempli.optional(),
        reserve: texteRempli.optional(),
        aucune: z.literal(true).optional(),
      }),
    )
    .min(1),
})

/** The effects of what suspends, as the data say them. */
export type ReglesSuspension = z.output<typeof schemaSuspensions>

/** Reads `donnees/droit/suspensions/`. */
export const chargerSuspensions = (racineDonnees: string): ReglesSuspension =>
  lireYaml(join(racineDonnees, 'droit', 'suspensions', 'suspensions.yaml'), schemaSuspensions)

/** What a suspension does, and the text it rests on, on the day of the act that opens it. */
export interface EffetSuspension {
  readonly pourquoi: string
  readonly source: string
  readonly reserve: string | null
}

/** The version in force on the day of the act. None known, the suspension stands and its source is said to be missing: nothing is taken from another date. */
export function decrireSuspension(
  regles: Pick<ReglesSuspension, 'suspensions'>,
  cas: CasSuspension,
  le: Temporal.PlainDate,
  motif = '',
): EffetSuspension {
  const { phrase, versions } = regles.suspensions[cas]
  const version = versions.findLast(({ du }) => Temporal.PlainDate.compare(du, le) <= 0)
  const pourquoi = phrase.replace('{le}', `du ${ecrireJour(le)}`).replace('{motif}', motif)
  const [premiere] = versions
  if (version) {
    const reserves = [
      version.reserve,
      estAVerifier(version.fiabilite) ? `${FIABILITES[version.fiabilite]}.` : undefined,
    ]
    return {
      pourquoi,
      source: ecrireSource(version.source),
      reserve: reserves.filter((une) => une !== undefined).join(' ') || null,
    }
  }
  return {
    pourquoi,
    source: `Texte non renseigné avant le ${premiere ? ecrireJour(premiere.du) : ''}`,
    reserve: 'À vérifier : le texte en vigueur au jour de cet acte n’est pas dans les données.',
  }
}
