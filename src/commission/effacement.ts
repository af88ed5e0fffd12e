import { createHash } from 'node:crypto'
import type { Coffre } from '#acces'
import { parisDay } from '#socle/time'
import { formatDate } from '#socle/typography'
import { type ContenuReleve, imprimerReleve, placeDocument, placeReleve } from './releves.ts'

/** A statement as it is kept, sealed. */
export interface ReleveScelle {
  readonly id: string
  readonly numero: number
  readonly contenu: string
  readonly etat_a: Temporal.Instant | null
  readonly departement_a: Temporal.Instant | null
}

/** A statement without these dossiers, printed and sealed again; null when it names none of them. What the others were told does not change. */
export async function retirerDuReleve(
  coffre: Coffre,
  releve: ReleveScelle,
  dossiers: readonly string[],
): Promise<{ readonly contenu: string; readonly document: Buffer; readonly empreinte: string } | null> {
  const contenu = coffre.ouvrir(releve.contenu, placeReleve(releve.id)) as ContenuReleve
  const lignes = contenu.lignes.filter(({ dossier }) => dossier === undefined || !dossiers.includes(dossier))
  if (lignes.length === contenu.lignes.length) return null
  const reste: ContenuReleve = { ...contenu, lignes }
  const approbations = [['État', releve.etat_a] as const, ['Département', releve.departement_a] as const].flatMap(
    ([qui, a]) => (a === null ? [] : [`${qui}, le ${formatDate(parisDay(a))}`]),
  )
  const octets = await imprimerReleve(reste, { projet: false, approbations, numero: releve.numero })
  return {
    contenu: coffre.sceller(reste, placeReleve(releve.id)),
    document: Buffer.from(coffre.scellerOctets(octets, placeDocument(releve.id))),
    empreinte: createHash('sha256').update(octets).digest('hex'),
  }
}
