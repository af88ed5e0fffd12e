import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { z } from 'zod'
import { type Periode, rangIncoherent } from './source.ts'
import { type DocumentYaml, ErreurDonnees, lireDocumentYaml, type Probleme } from './yaml.ts'

/** `droit/seuils/x.yaml` → `droit/seuils/x`: ids of data are paths. */
export function idDe(nom: string): string {
  return nom.replace(/\.yaml$/, '')
}

export type Lecteur = ReturnType<typeof ouvrirLecteur>

/** Reads files one after the other and keeps their problems, so that a person sees them all at once. */
export function ouvrirLecteur(racine: string) {
  const problemes: Probleme[] = []
  const nommer = (nom: string) => `${basename(racine)}/${nom}`
  const essayer = <T>(lire: () => T): T | null => {
    try {
      return lire()
    } catch (erreur) {
      if (!(erreur instanceof ErreurDonnees)) throw erreur
      for (const probleme of erreur.problemes) {
        const relatif = probleme.chemin.startsWith(`${racine}/`)
          ? nommer(probleme.chemin.slice(racine.length + 1))
          : probleme.chemin
        problemes.push({ ...probleme, chemin: relatif })
      }
      return null
    }
  }
  return {
    racine,
    essayer,
    aDesProblemes: () => problemes.length > 0,
    signaler: (nom: string, message: string) => {
      problemes.push({ chemin: nommer(nom), ligne: 1, colonne: 1, message })
    },
    /** Problems found between files. */
    ajouter: (autres: readonly Probleme[]) => {
      problemes.push(...autres)
    },
    /** YAML files of a folder, as paths from the root, in order. */
    lister: (dossier: string): string[] => {
      const chemin = join(racine, dossier)
      if (!existsSync(chemin)) return []
      return readdirSync(chemin)
        .filter((nom) => nom.endsWith('.yaml'))
        .sort()
        .map((nom) => `${dossier}/${nom}`)
    },
    listerDossiers: (dossier: string): string[] => {
      const chemin = join(racine, dossier)
      if (!existsSync(chemin)) return []
      return readdirSync(chemin, { withFileTypes: true })
        .filter((entree) => entree.isDirectory())
        .map(({ name }) => name)
        .sort()
    },
    lire: <S extends z.ZodType>(
      nom: string,
      schema: S,
      verifier: (document: DocumentYaml<z.output<S>>) => Probleme[] = () => [],
    ): DocumentYaml<z.output<S>> | null =>
      essayer(() => {
        const document = lireDocumentYaml(join(racine, nom), schema, nommer(nom))
        const ecarts = verifier(document)
        if (ecarts.length > 0) throw new ErreurDonnees(ecarts)
        return document
      }),
    /** Versions in order of date; two that overlap are a problem of the later file. */
    suivre: <V extends Periode>(versions: readonly { valeur: V; document: DocumentYaml<unknown> }[]): V[] => {
      const ordonnees = versions.toSorted((a, b) => Temporal.PlainDate.compare(a.valeur.du, b.valeur.du))
      const fautive = ordonnees[rangIncoherent(ordonnees.map(({ valeur }) => valeur))]
      if (fautive) {
        problemes.push(
          fautive.document.probleme(['du'], 'Cette version commence avant que la précédente ait pris fin.'),
        )
      }
      return ordonnees.map(({ valeur }) => valeur)
    },
    conclure: () => {
      if (problemes.length > 0) throw new ErreurDonnees(problemes)
    },
  }
}
