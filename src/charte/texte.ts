import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session } from '#acces'
import { type DepartementCharge, GENRES_VERSION, type GenreVersion, type Referentiel } from '#referentiel'
import { Introuvable } from '#socle/errors'

/** Fingerprint of a text: what an approval and a simulation are about. */
export const calculerEmpreinte = (texte: string): string => createHash('sha256').update(texte).digest('base64url')

/** Name of a local version, kept with each decision made under it: `local/71/repartition/3`. */
export const cleLocale = (dept: string, genre: GenreVersion, numero: number): string =>
  `local/${dept}/${genre}/${numero}`

/** The kind and number a name says, when it is one of this département. */
export function lireCleLocale(dept: string, cle: string): { genre: GenreVersion; numero: number } | null {
  const [, code, genre, numero] = /^local\/([^/]+)\/([a-z]+)\/(\d{1,9})$/.exec(cle) ?? []
  const connu = GENRES_VERSION.find((un) => un === genre)
  return code === dept && connu ? { genre: connu, numero: Number(numero) } : null
}

const CLE = /^([a-z_]+):/

/**
 * Writes the dates of effect in the text of a version: they stand at the margin, as in the files shipped, and nothing else of the text moves. Without an end the
 * line goes.
 */
export function ecrireDates(texte: string, du: Temporal.PlainDate, jusquAu: Temporal.PlainDate | null): string {
  const lignes = texte.split('\n')
  const rang = (cle: string) => lignes.findIndex((ligne) => CLE.exec(ligne)?.[1] === cle)
  const poser = (cle: string, valeur: Temporal.PlainDate | null, apres: readonly string[]) => {
    const ici = rang(cle)
    if (valeur === null) {
      if (ici >= 0) lignes.splice(ici, 1)
    } else if (ici >= 0) lignes[ici] = `${cle}: ${valeur}`
    else {
      const precedent = Math.max(...apres.map(rang))
      lignes.splice(precedent + 1, 0, `${cle}: ${valeur}`)
    }
  }
  poser('du', du, ['schema', 'libelle'])
  poser('jusqu_au', jusquAu, ['schema', 'libelle', 'du'])
  return lignes.join('\n')
}

/** The département of a session. */
export function lireDepartement({ referentiel, dept }: { referentiel: Referentiel; dept: string }): DepartementCharge {
  const departement = referentiel.departements.get(dept)
  if (!departement) throw new Error(`département ${dept} absent from the référentiel`)
  return departement
}

/** Path of the shipped file that holds the settings of a département. */
export const cleParametres = (departement: DepartementCharge): string =>
  `departements/${departement.dossier}/parametres`

/** The shipped text of a version of the session's own département; anything else does not exist. */
export async function lireTexteLivre(session: Pick<Session, 'referentiel' | 'dept'>, cle: string): Promise<string> {
  const departement = lireDepartement(session)
  if (!/^[a-z0-9][a-z0-9./-]*$/.test(cle) || cle.includes('..')) throw new Introuvable()
  if (!cle.startsWith(`departements/${departement.dossier}/`)) throw new Introuvable()
  try {
    return await readFile(join(session.referentiel.racine, `${cle}.yaml`), 'utf8')
  } catch {
    throw new Introuvable()
  }
}
