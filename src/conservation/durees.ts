import { join } from 'node:path'
import { z } from 'zod'
import {
  ErreurDonnees,
  ecrireReserve,
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  type Probleme,
  type Provenance,
  periode,
  provenance,
  type Remarque,
  rangIncoherent,
  texteRempli,
  versionAu,
} from '#referentiel'

/** What has a time of its own. `visa_effacement` is the time to think again; `reponse_menage` the time to answer a household. */
export const REGLES_DUREES = [
  'dossier_actif',
  'dossier_archive',
  'visa_effacement',
  'fichier',
  'connexion',
  'notification',
  'recherche',
  'alerte',
  'reponse_menage',
] as const
export type RegleDuree = (typeof REGLES_DUREES)[number]

const entier = z.int().min(0)
const duree = z.union([z.strictObject({ mois: entier }), z.strictObject({ jours: entier })], {
  error: 'Durée attendue : { mois: 24 } ou { jours: 7 }.',
})
const regle = z.strictObject({
  libelle: texteRempli,
  depuis: texteRempli,
  versions: z.array(z.strictObject({ ...periode, duree, motif: texteRempli, ...provenance })).min(1),
})
const schema = fichierDonnees({
  regles: z.strictObject(
    Object.fromEntries(REGLES_DUREES.map((cle) => [cle, regle])) as Record<RegleDuree, typeof regle>,
  ),
})

/** How long things are kept, as reviewed data. */
export type Durees = z.output<typeof schema>

const NOM = 'conservation/durees.yaml'

/** The kind of data file this module reads. */
export const FORMES_CONSERVATION: readonly Forme[] = [
  { nom: 'durees-de-conservation', titre: 'Combien de temps les données sont gardées', chemins: [NOM], schema },
]

/** Reads `donnees/conservation/durees.yaml`, or refuses with every problem of the file. */
export function chargerDurees(racine: string): Durees {
  const document = lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`)
  const problemes = REGLES_DUREES.flatMap((cle): Probleme[] => {
    const rang = rangIncoherent(document.valeur.regles[cle].versions)
    const ordre = 'Les versions se suivent par date croissante, sans se chevaucher.'
    return rang < 0 ? [] : [document.probleme(['regles', cle, 'versions', rang, 'du'], ordre)]
  })
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return document.valeur
}

const lues = new Map<string, Durees>()

/** The periods of an installation, read once: they do not change while the process runs. */
export function dureesDe(racine: string): Durees {
  let durees = lues.get(racine)
  if (!durees) {
    durees = chargerDurees(racine)
    lues.set(racine, durees)
  }
  return durees
}

/** A period on a day; null when no version says: nothing is then archived nor erased for it. */
export function dureeAu(durees: Durees, cle: RegleDuree, jour: Temporal.PlainDate): Temporal.Duration | null {
  const version = versionAu(durees.regles[cle].versions, jour)
  if ('aucune' in version) return null
  return 'mois' in version.duree
    ? Temporal.Duration.from({ months: version.duree.mois })
    : Temporal.Duration.from({ days: version.duree.jours })
}

/** A period as people read it, with its source and what must be said beside it. */
export interface DureeAffichee {
  readonly regle: RegleDuree
  readonly libelle: string
  readonly depuis: string
  readonly duree: string | null
  readonly motif: string | null
  readonly source: Provenance['source'] | null
  readonly reserve: string | null
}

const ecrireDuree = (duree: { mois: number } | { jours: number }): string =>
  'mois' in duree
    ? duree.mois % 12 === 0 && duree.mois > 0
      ? duree.mois === 12
        ? '1 an'
        : `${duree.mois / 12} ans`
      : `${duree.mois} mois`
    : duree.jours === 0
      ? 'aussitôt'
      : duree.jours === 1
        ? '1 jour'
        : `${duree.jours} jours`

/** Every period as it stands on a day. */
export function listerDurees({ regles }: Durees, jour: Temporal.PlainDate): DureeAffichee[] {
  return REGLES_DUREES.map((cle) => {
    const { libelle, depuis, versions } = regles[cle]
    const version = versionAu(versions, jour)
    if ('aucune' in version)
      return { regle: cle, libelle, depuis, duree: null, motif: null, source: null, reserve: version.aucune }
    const { motif, source } = version
    return {
      regle: cle,
      libelle,
      depuis,
      duree: ecrireDuree(version.duree),
      motif,
      source,
      reserve: ecrireReserve(version),
    }
  })
}

/** What nobody has reviewed yet in these periods. */
export function inventorierDurees({ regles }: Durees): Remarque[] {
  return REGLES_DUREES.flatMap((cle) =>
    regles[cle].versions.flatMap(({ du, fiabilite, source, verifie_le }): Remarque[] => {
      const lieu = { chemin: `donnees/${NOM}`, libelle: `Conservation : ${regles[cle].libelle}` }
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
