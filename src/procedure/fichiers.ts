import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import {
  type CheminYaml,
  type DocumentYaml,
  ErreurDonnees,
  lireDocumentYaml,
  type Probleme,
  suggerer,
} from '#referentiel'
import { type Duree, UNITES } from './computation.ts'

/** One file of rules, read and validated. */
export interface FichierLu<T> {
  /** Path under `donnees/`, without its extension. */
  readonly id: string
  /** Name of the file: how other files of data refer to it. */
  readonly nom: string
  readonly document: DocumentYaml<T>
}

/** Where something is written. */
export interface Lieu {
  readonly ligne: number
  readonly colonne: number
}

/** A duration with its unit, as written: `{ mois: 2 }`. */
export const dureeEcrite = z
  .strictObject(Object.fromEntries(UNITES.map((unite) => [unite, z.int().min(1).max(1000).optional()])))
  .transform((lue, contexte): Duree => {
    const parties = UNITES.flatMap((unite) => {
      const valeur = lue[unite]
      return typeof valeur === 'number' ? [{ valeur, unite }] : []
    })
    const [partie] = parties
    if (partie && parties.length === 1) return partie
    contexte.addIssue({ code: 'custom', message: 'Une durée s’écrit avec une seule unité, par exemple { mois: 2 }.' })
    return z.NEVER
  })

/** Files of one kind, and every problem met while reading them: a person sees them all at once. */
export interface Lus<T> {
  readonly lus: readonly FichierLu<T>[]
  readonly problemes: readonly Probleme[]
}

/** The national files of one kind (`delais`, `valeurs`). */
export function lireNationaux<S extends z.ZodType>(racineDonnees: string, genre: string, schema: S): Lus<z.output<S>> {
  return lireDossier(racineDonnees, `droit/${genre}`, schema)
}

/**
 * The national files, then those of the same kind that the département and its charters add. `dept` is the folder name or the number that
 * begins it.
 */
export function ajouterLocaux<S extends z.ZodType>(
  nationaux: Lus<z.output<S>>,
  racineDonnees: string,
  genre: string,
  schema: S,
  dept: string,
): Lus<z.output<S>> {
  const dossiers = listerDossiersLocaux(racineDonnees, dept).map((d) =>
    lireDossier(racineDonnees, `${d}/${genre}`, schema),
  )
  const locaux = dossiers.flatMap(({ lus }) => lus)
  const redits = locaux
    .filter(({ nom }) => nationaux.lus.some((national) => national.nom === nom))
    .map(({ nom, document }) =>
      document.probleme(
        [],
        `« ${nom} » est déjà fixé au niveau national : un département ajoute, il ne redéfinit pas. Donner un autre nom à ce fichier.`,
      ),
    )
  return {
    lus: [...nationaux.lus, ...locaux],
    problemes: [...nationaux.problemes, ...dossiers.flatMap(({ problemes }) => problemes), ...redits],
  }
}

/** A reference to a file that does not exist. `designer` says what the key names: « Aucun délai ne s’appelle ». */
export function verifierReference(
  document: DocumentYaml<unknown>,
  ou: CheminYaml,
  reference: string | undefined,
  noms: readonly string[],
  designer: string,
): Probleme[] {
  if (reference === undefined || noms.includes(reference)) return []
  return [document.probleme(ou, `${designer} « ${reference} ».${suggerer(reference, noms)}`)]
}

/** Places of the examples of a file, in order. */
export function situerExemples(document: DocumentYaml<{ readonly exemples: readonly unknown[] }>): readonly Lieu[] {
  return document.valeur.exemples.map((_, rang) => {
    const { ligne, colonne } = document.probleme(['exemples', rang], '')
    return { ligne, colonne }
  })
}

/** Names of the thresholds of the law, which other files may refer to. */
export function listerSeuils(racineDonnees: string): readonly string[] {
  return listerYaml(join(racineDonnees, 'droit', 'seuils')).map((fichier) => basename(fichier, '.yaml'))
}

function lireDossier<S extends z.ZodType>(racineDonnees: string, dossier: string, schema: S): Lus<z.output<S>> {
  const problemes: Probleme[] = []
  const lus = listerYaml(join(racineDonnees, dossier)).flatMap((fichier) => {
    const nom = basename(fichier, '.yaml')
    try {
      return [
        { id: `${dossier}/${nom}`, nom, document: lireDocumentYaml(join(racineDonnees, dossier, fichier), schema) },
      ]
    } catch (erreur) {
      if (!(erreur instanceof ErreurDonnees)) throw erreur
      problemes.push(...erreur.problemes)
      return []
    }
  })
  return { lus, problemes }
}

function listerYaml(chemin: string): readonly string[] {
  return existsSync(chemin)
    ? readdirSync(chemin)
        .filter((fichier) => fichier.endsWith('.yaml'))
        .sort()
    : []
}

/** `departements/<folder>` and `departements/<folder>/<charter>`. */
function listerDossiersLocaux(racineDonnees: string, dept: string): readonly string[] {
  const listerDossiers = (chemin: string) =>
    existsSync(join(racineDonnees, chemin))
      ? readdirSync(join(racineDonnees, chemin), { withFileTypes: true })
          .filter((entree) => entree.isDirectory())
          .map(({ name }) => name)
          .sort()
      : []
  const departement = listerDossiers('departements').find((nom) => nom === dept || nom.startsWith(`${dept}-`))
  if (!departement) return []
  const racine = `departements/${departement}`
  return [racine, ...listerDossiers(racine).map((nom) => `${racine}/${nom}`)]
}
