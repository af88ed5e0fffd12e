import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ouvrirSession } from '#acces'
import { cleLocale, exporterVersion, libellesGenre, listerVersions, situer, trouverVersionParCle } from '#charte'
import { refus } from '#socle/errors'
import { avecApplication } from './application.ts'

const ETATS = {
  brouillon: 'brouillon',
  soumise: 'à approuver',
  refusee: 'refusée',
  retiree: 'abandonnée',
  a_venir: 'approuvée, à venir',
  en_vigueur: 'approuvée, appliquée',
  passee: 'passée',
} as const

/** Prints the versions a département wrote in the application: those shipped are files. */
export function listerLesVersions(departement: string | undefined, enJson: boolean): Promise<number> {
  return avecApplication('versions', departement, async (application, acteur) => {
    const lignes = await ouvrirSession(application, acteur, 'version.preparer', async (session) =>
      (await listerVersions(session)).map((version) => ({
        version: cleLocale(session.dept, version.genre, version.numero),
        genre: version.genre,
        etat: situer(version, session.jour),
        du: version.du.toString(),
        jusqu_au: version.jusqu_au?.toString() ?? null,
        motif: version.motif,
        reference: version.reference,
        approuvee_par: version.approbations.map(({ cote, organisme_nom }) => ({ cote, organisme: organisme_nom })),
      })),
    )
    if (enJson) process.stdout.write(`${JSON.stringify(lignes, null, 2)}\n`)
    else if (lignes.length === 0) process.stdout.write('Aucune version écrite dans l’application.\n')
    for (const { version, genre, etat, du, jusqu_au } of enJson ? [] : lignes) {
      const fin = jusqu_au === null ? '' : ` jusqu’au ${jusqu_au}`
      process.stdout.write(`${version}  ${libellesGenre[genre]}, ${ETATS[etat]}, effet le ${du}${fin}\n`)
    }
    return 0
  })
}

/** Writes the files of one version under a folder, or its text on standard output. */
export function exporterUneVersion(
  departement: string | undefined,
  cle: string,
  dossier: string | undefined,
): Promise<number> {
  return avecApplication('versions', departement, async (application, acteur) => {
    const fichiers = await ouvrirSession(application, acteur, 'version.preparer', async (session) => {
      const version = await trouverVersionParCle(session, cle)
      if (!version) {
        throw refus(
          'version.inconnue',
          `La version « ${cle} » n’existe pas dans ce département. Les voir : ./amont referentiel versions`,
        )
      }
      return exporterVersion(session, version)
    })
    if (dossier === undefined) {
      process.stdout.write(fichiers[0]?.texte ?? '')
      return 0
    }
    for (const { chemin, texte } of fichiers) {
      const destination = join(dossier, chemin)
      await mkdir(dirname(destination), { recursive: true })
      await writeFile(destination, texte)
      process.stdout.write(`${destination}\n`)
    }
    return 0
  })
}
