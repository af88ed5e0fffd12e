import { join } from 'node:path'
import { z } from 'zod'
import {
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  periode,
  provenance,
  type Remarque,
  texteRempli,
  versionAu,
} from '#referentiel'

const NOM = 'commission/pilotage.yaml'
const versions = <F extends z.ZodRawShape>(forme: F) =>
  z.strictObject({
    versions: z.array(z.strictObject({ ...periode, motif: texteRempli, ...provenance, ...forme })).min(1),
  })
const schema = fichierDonnees({
  petits_effectifs: versions({ seuil: z.int().min(2) }),
  ecarts: versions({ effectif_min: z.int().min(2), points: z.int().min(1).max(100) }),
  methodes: z
    .array(
      z.strictObject({
        id: texteRempli,
        depuis: periode.du,
        compte: texteRempli,
        indicateur: texteRempli.optional(),
      }),
    )
    .min(1),
  ...provenance,
})

/** How the activity of commissions is counted, masked and compared, as reviewed data. */
export type Comptages = z.output<typeof schema>

/** How one figure is counted, and since when. */
export type Methode = Comptages['methodes'][number]

/** The kind of data file that says how commissions are counted. */
export const FORMES_COMPTAGES: readonly Forme[] = [
  { nom: 'pilotage', titre: 'Comment l’activité des commissions se compte et se compare', chemins: [NOM], schema },
]

const lus = new Map<string, Comptages>()
/** Reads `donnees/commission/pilotage.yaml`, or refuses with every problem of the file. */
export function chargerComptages(racine: string): Comptages {
  const lu = lus.get(racine) ?? lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur
  lus.set(racine, lu)
  return lu
}

/** The version of a setting on a day; a day before the first has the first: a gap in the data must not unmask anybody. */
function versionDe<V extends { readonly du: Temporal.PlainDate }>(suite: readonly V[], jour: Temporal.PlainDate): V {
  const version = versionAu(suite, jour)
  const retenue = 'aucune' in version ? suite[0] : version
  if (!retenue) throw new Error('a setting has a version')
  return retenue
}

/** Below this number of households, a figure that is published is not shown. */
export const petitEffectifAu = (racine: string, jour: Temporal.PlainDate) =>
  versionDe(chargerComptages(racine).petits_effectifs.versions, jour)

/** From how many comparable files a share is computed, and from how many points a difference is worth a question. */
export const ecartsAu = (racine: string, jour: Temporal.PlainDate) =>
  versionDe(chargerComptages(racine).ecarts.versions, jour)

/** What nobody has reviewed yet in it. */
export function inventorierComptages(comptages: Comptages): Remarque[] {
  return (['petits_effectifs', 'ecarts'] as const).flatMap((cle) =>
    comptages[cle].versions.flatMap(({ du, fiabilite, verifie_le }): Remarque[] => {
      const lieu = {
        chemin: `donnees/${NOM}`,
        libelle: cle === 'ecarts' ? 'Écarts entre commissions' : 'Petits effectifs',
      }
      return [
        ...(fiabilite === 'defaut'
          ? [{ ...lieu, genre: 'a_completer', detail: `valeurs d’Amont, du ${du}` } as const]
          : []),
        ...(verifie_le === null
          ? [{ ...lieu, genre: 'non_verifie', detail: `version du ${du}, jamais relue` } as const]
          : []),
      ]
    }),
  )
}
