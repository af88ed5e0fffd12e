import { parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'

/** A CSV file with a header: names of columns in lower case, values trimmed. */
export interface Table {
  readonly colonnes: readonly string[]
  readonly lignes: readonly Readonly<Record<string, string>>[]
}

/** Text of a file: strict UTF-8 when it is, windows-1252 otherwise. A text given as such is only freed of its BOM. */
export function decoder(fichier: string | Uint8Array): string {
  if (typeof fichier === 'string') return fichier.replace(/^\ufeff/, '')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fichier)
  } catch {
    return iconv.decode(Buffer.from(fichier), 'win1252')
  }
}

/** Reads a CSV separated by semicolons, commas or tabs: whichever the header holds most. */
export function lireTable(fichier: string | Uint8Array): Table {
  const texte = decoder(fichier)
  const entete = texte.slice(0, texte.search(/[\r\n]|$/))
  const separateur = [';', ',', '\t'].sort((a, b) => entete.split(b).length - entete.split(a).length)[0] ?? ','
  const lues = parse(texte, {
    delimiter: separateur,
    columns: (titres: readonly string[]) => titres.map((titre) => titre.trim().toLowerCase()),
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    trim: true,
  }) as unknown as Record<string, string>[]
  return {
    colonnes: entete.split(separateur).map((titre) => titre.trim().toLowerCase().replaceAll('"', '')),
    lignes: lues,
  }
}

const MONTANTS = ['loyer', 'charges', 'montant_aide', 'montant_dette']

/** Contents of a signalement from one raw line of our import format: amounts in cents, dates as they are. */
export function lireContenu(ligne: Readonly<Record<string, string>>): Record<string, unknown> {
  const contenu: Record<string, unknown> = { ...ligne }
  for (const colonne of MONTANTS) contenu[colonne] = lireCentimes(ligne[colonne] ?? '')
  return contenu
}

function lireCentimes(texte: string): number | null {
  const lu = /^(\d+)(?:[.,](\d{1,2}))?$/.exec(texte.replace(/[\s\u00a0\u202f€]/g, ''))
  return lu ? Number(lu[1]) * 100 + Number((lu[2] ?? '').padEnd(2, '0')) : null
}
