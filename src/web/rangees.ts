import { parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import { refus } from '#socle/errors'
import { detectKind, readWorkbook, restoreFormula } from '#socle/tableur'

function lireTexte(octets: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets).replace(/^\ufeff/, '')
  } catch {
    return iconv.decode(octets, 'win1252')
  }
}

/** Cells of a small table a person fills: CSV (UTF-8 or windows-1252), XLSX or ODS, first line included. Refused, with the code given, when it is none of them. */
export async function lireRangees(octets: Buffer, code: string): Promise<string[][]> {
  const genre = detectKind(octets)
  if (genre === 'xlsx' || genre === 'ods') return readWorkbook(octets, genre)
  if (genre === 'refused') throw refus(code, 'Ce fichier n’est ni un classeur XLSX ou ODS, ni un CSV.')
  const texte = lireTexte(octets)
  const entete = texte.slice(0, texte.indexOf('\n') + 1 || undefined)
  const separateur = [';', '\t', ','].find((signe) => entete.includes(signe)) ?? ';'
  try {
    const rangees = parse(texte, {
      delimiter: separateur,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as string[][]
    return rangees.map((rangee) => rangee.map(restoreFormula))
  } catch {
    throw refus(code, 'Ce CSV n’est pas lisible : un guillemet n’est sans doute pas fermé.')
  }
}
