import type { ReactElement } from 'react'
import { estConfirmee, limiteAu, signalerLimite } from '#acces'
import { type Sheet, writeCsv, writeOds, writeXlsx } from '#socle/tableur'
import { formatInstant, formatNombre, typo } from '#socle/typography'
import { Bouton } from './composants/index.ts'
import type { FichierGarde, Reponse, Requete } from './route.ts'

const FORMATS = {
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ecrire: writeXlsx },
  ods: { type: 'application/vnd.oasis.opendocument.spreadsheet', ecrire: writeOds },
  csv: { type: 'text/csv; charset=utf-8', ecrire: writeCsv },
} as const satisfies Record<string, { type: string; ecrire: (sheet: Sheet) => Promise<Uint8Array> }>
export type FormatExport = keyof typeof FORMATS
export const FORMATS_EXPORT = Object.keys(FORMATS) as FormatExport[]

/** A file as it leaves. */
export interface Fichier {
  readonly nom: string
  readonly type: string
  readonly octets: Uint8Array
}

/** A sheet as a file. `nom` has no extension. */
export async function ecrireFichier(nom: string, feuille: Sheet, format: FormatExport): Promise<Fichier> {
  const { type, ecrire } = FORMATS[format]
  return { nom: `${nom}.${format}`, type, octets: await ecrire(feuille) }
}

/** A sheet that holds nobody's data, as a file to keep. */
export async function enFichier(nom: string, feuille: Sheet, format: FormatExport): Promise<Reponse> {
  return { genre: 'fichier', ...(await ecrireFichier(nom, feuille, format)) }
}

/** What a large export carries about itself: who took it out, when, what was asked, and its number, which the journal knows. */
export interface Marque {
  readonly copie: number
  readonly lignes: readonly string[]
}

/** The person must say again who they are; the server leads them to the page that asks, and back. */
export class ConfirmationDemandee extends Error {
  override readonly name = 'ConfirmationDemandee'
}

/** The mark as a sheet carries it. */
export const marquer = (marque: Marque | null): Sheet['mark'] =>
  marque ? { name: `Copie ${marque.copie}`, lines: marque.lignes } : undefined

/**
 * The gate of every file that carries data of households, counted in lines. Beyond the first number of `donnees/acces/limites.yaml`, the person has proved who
 * they are less than ten minutes ago or is asked to, and the copy is numbered and marked; beyond the second, the data protection officer is told. Nothing is
 * built before. `filtre` says in words what was asked.
 */
export async function sortir(
  requete: Requete,
  {
    nombre,
    filtre,
    construire,
  }: {
    readonly nombre: number
    readonly filtre: string
    readonly construire: (marque: Marque | null) => Promise<Fichier>
  },
): Promise<Reponse> {
  const { session, connecte, acteur } = requete
  const { confirmation, alerte, du } = limiteAu(session.referentiel.racine, 'exports', session.jour)
  if (nombre <= confirmation) return garder(await construire(null))
  // Thrown, so that the transaction goes back: nothing left, nothing is journalled as taken out.
  if (!estConfirmee(connecte, session.maintenant)) throw new ConfirmationDemandee()
  const [tire] = await session.sql<{ n: number }>`select nextval('public.copie_numero') as n`
  const copie = tire?.n ?? 0
  session.consigner({ action: 'export.numeroter', objet: 'copie', objetId: String(copie), details: { copie, nombre } })
  if (nombre > alerte && acteur.compte)
    await signalerLimite(
      session,
      { dept: session.dept, compte: acteur.compte, jour: session.jour },
      {
        cle: `export|${acteur.compte}|${copie}`,
        regle: 'export',
        mesure: { n: nombre, seuil: alerte, seuil_du: du.toString(), copie },
        maintenant: session.maintenant,
      },
    )
  const lignes = [
    `Copie n° ${copie}, ${formatNombre(nombre)} lignes, sortie d’Amont le ${formatInstant(session.maintenant)} par ${connecte.nom}, ${acteur.organismeNom}.`,
    `Demande : ${filtre}.`,
    'Données personnelles : à protéger, à ne remettre à personne d’autre, à détruire après usage. Cette copie est inscrite au journal.',
  ]
  const fichier = await construire({ copie, lignes: lignes.map(typo) })
  const nom = fichier.nom.replace(/(\.[^.]+)$/, `-copie-${copie}$1`)
  return garder({ ...fichier, nom })
}

const garder = (fichier: Fichier): FichierGarde => ({ genre: 'fichier', garde: true, ...fichier })

/** What an address asks for, in words: its parameters. */
export function direDemande(recherche: Readonly<Record<string, string>>): string {
  const dites = Object.entries(recherche).filter(([, valeur]) => valeur !== '')
  return dites.length === 0 ? 'tout, sans filtre' : dites.map(([cle, valeur]) => `${cle} = ${valeur}`).join(' ; ')
}

/** « Exporter ces 12 engagements », and the two other formats. `lien` gives the address of a format. */
export function BoutonsExport({
  quoi,
  lien,
}: {
  /** « ces 12 engagements ». */
  quoi: string
  lien: (format: FormatExport) => string
}): ReactElement {
  return (
    <>
      <Bouton petit icone="import" fichier href={lien('xlsx')}>
        Exporter {quoi}
      </Bouton>
      <Bouton petit fichier href={lien('ods')} libelleLu={`ODS : exporter ${quoi} en ODS`}>
        ODS
      </Bouton>
      <Bouton petit fichier href={lien('csv')} libelleLu={`CSV : exporter ${quoi} en CSV`}>
        CSV
      </Bouton>
    </>
  )
}
