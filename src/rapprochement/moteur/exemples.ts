import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '#socle/config'
import { type Fiche, ficheDepuisContenu } from './fiche.ts'
import { lireContenu, lireTable, type Table } from './lecture.ts'

/** One line of the public samples with its true household. */
export interface LigneExemple {
  readonly fiche: Fiche
  readonly menage: string
  readonly fichier: string
  readonly ligne: Readonly<Record<string, string>>
}

/**
 * The public samples in the order of `verite.csv`, without the lines that an import must reject: the figures published in
 * `docs/rapprochement.md` and the shipped parameters rest on them.
 */
export function lireExemples(dossier = join(projectRoot, 'donnees/exemples')): LigneExemple[] {
  const tables = new Map<string, Table>()
  const lire = (nom: string): Table => {
    const connue = tables.get(nom)
    if (connue) return connue
    const table = lireTable(readFileSync(join(dossier, nom)))
    tables.set(nom, table)
    return table
  }
  return lire('verite.csv').lignes.flatMap(
    ({ fichier = '', ligne = '', menage = '', verdict_attendu, reference_source }) => {
      if (verdict_attendu === 'rejetee') return []
      const brute = lire(fichier).lignes[Number(ligne) - 2]
      if (!brute || brute.reference_source !== reference_source)
        throw new Error(`${fichier}, ligne ${ligne} : introuvable`)
      return [{ fiche: ficheDepuisContenu(lireContenu(brute)), menage, fichier, ligne: brute }]
    },
  )
}
