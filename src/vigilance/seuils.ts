import { join } from 'node:path'
import { z } from 'zod'
import { roles } from '#acces'
import {
  ErreurDonnees,
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  type Probleme,
  periode,
  provenance,
  type Remarque,
  rangIncoherent,
  texteRempli,
  versionAu,
} from '#referentiel'

const commun = { ...periode, motif: texteRempli, ...provenance }
const positif = z.int().min(0)
const parRole = z.partialRecord(z.enum(roles), positif)
const versions = <F extends z.ZodRawShape>(forme: F) =>
  z.strictObject({ versions: z.array(z.strictObject({ ...commun, ...forme })).min(1) })

const schema = fichierDonnees({
  regles: z.strictObject({
    homonyme: versions({}).optional(),
    voisin: versions({}).optional(),
    volume: versions({ ouverts: parRole, vus: parRole, exportes: parRole }).optional(),
    sans_lien: versions({ dossiers: parRole, par_territoire: z.array(z.enum(roles)) }).optional(),
    refus: versions({ demandes: positif }).optional(),
    connexions: versions({ essais: positif }).optional(),
    exceptionnel: versions({}).optional(),
    exceptionnel_repete: versions({ ouvertures: positif, jours: z.int().min(1) }).optional(),
  }),
  conservation: versions({ mois: z.int().min(6) }),
})

/** What calls for a look, as reviewed data. */
export type SeuilsAcces = z.output<typeof schema>
type Regles = SeuilsAcces['regles']
/** Rules computed from the journal; one that the journal's own checks raise, and two that the limits of accounts raise at once. */
export type RegleAcces = keyof Regles | 'integrite' | 'quota' | 'export'

const NOM = 'acces/alertes.yaml'

/** The kind of data file this module reads. */
export const FORMES_VIGILANCE: readonly Forme[] = [
  { nom: 'alertes', titre: 'Ce qui appelle un regard sur des consultations', chemins: [NOM], schema },
]

/** Reads `donnees/acces/alertes.yaml`, or refuses with every problem of the file. */
export function chargerSeuilsAcces(racine: string): SeuilsAcces {
  const document = lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`)
  const { regles, conservation } = document.valeur
  const suites = [
    ...Object.entries(regles).map(([cle, regle]) => ({ ou: ['regles', cle], versions: regle?.versions ?? [] })),
    { ou: ['conservation'], versions: conservation.versions },
  ]
  const problemes = suites.flatMap(({ ou, versions: suite }): Probleme[] => {
    const rang = rangIncoherent(suite)
    return rang < 0
      ? []
      : [
          document.probleme(
            [...ou, 'versions', rang, 'du'],
            'Les versions se suivent par date croissante, sans se chevaucher.',
          ),
        ]
  })
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return document.valeur
}

/** A rule as it stands on a day, or nothing when no version applies: it is then not watched. */
export function regleAu<C extends keyof Regles>(
  seuils: SeuilsAcces,
  cle: C,
  jour: Temporal.PlainDate,
): NonNullable<Regles[C]>['versions'][number] | null {
  const version = versionAu(seuils.regles[cle]?.versions ?? [], jour)
  return 'aucune' in version ? null : (version as NonNullable<Regles[C]>['versions'][number])
}

/** How many months entries are kept, on a day; null when no version says. */
export function conservationAu(seuils: SeuilsAcces, jour: Temporal.PlainDate): number | null {
  const version = versionAu(seuils.conservation.versions, jour)
  return 'aucune' in version ? null : version.mois
}

/** What nobody has reviewed yet in these settings. */
export function inventorierSeuilsAcces({ regles, conservation }: SeuilsAcces): Remarque[] {
  return Object.entries({ ...regles, conservation }).flatMap(([cle, regle]) =>
    (regle?.versions ?? []).flatMap(({ du, fiabilite, source, verifie_le }): Remarque[] => {
      const lieu = { chemin: `donnees/${NOM}`, libelle: `Vigilance : ${cle}` }
      return [
        ...(fiabilite === 'defaut'
          ? [{ ...lieu, genre: 'a_completer', detail: 'valeur par défaut d’Amont' } as const]
          : []),
        ...(fiabilite === 'C2' || fiabilite === 'NC'
          ? [{ ...lieu, genre: 'a_verifier', detail: `source non confirmée : ${source.titre}` } as const]
          : []),
        ...(verifie_le === null
          ? [
              {
                ...lieu,
                genre: 'non_verifie',
                detail: `version du ${du.toString()}, jamais relue par un juriste`,
              } as const,
            ]
          : []),
      ]
    }),
  )
}
