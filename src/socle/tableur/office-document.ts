import { Refus } from '#socle/errors'
import { refuseActiveOds } from './ods-guard.ts'
import { refuseWorkbook } from './refusals.ts'
import { type ReadLimits, readLimits } from './types.ts'
import { refuseActiveXlsx } from './xlsx-guard.ts'
import { ForbiddenXml } from './xml-scan.ts'
import { readParts } from './zip-parts.ts'

/** Office files kept as documents: never opened, only judged. */
export type OfficeKind = 'docx' | 'xlsx' | 'odt' | 'ods'

const OOXML_MAIN: Readonly<Record<string, OfficeKind>> = {
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml': 'xlsx',
}
const ODF: Readonly<Record<string, OfficeKind>> = {
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
}

const isGuarded = (name: string): boolean =>
  name === '[Content_Types].xml' ||
  /\.rels$/i.test(name) ||
  /^xl\/[^/]+\.xml$/i.test(name) ||
  /^(?:mimetype|content\.xml|styles\.xml|META-INF\/manifest\.xml)$/.test(name)

/**
 * Says which office document a zip is, by its content, after the guards of workbooks: directory, sizes, macros, embedded objects, links to
 * elsewhere. Nothing of it is interpreted. Throws a `Refus` (code `tableur.…`).
 */
export async function judgeOfficeDocument(bytes: Uint8Array, limits: ReadLimits = readLimits): Promise<OfficeKind> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const { names, parts } = await readParts(buffer, limits, isGuarded)
    const mimetype = parts.find(({ name }) => name === 'mimetype')
    if (mimetype) {
      const kind = ODF[mimetype.content.toString('latin1').trim()]
      if (!kind || names[0] !== 'mimetype') throw refuseWorkbook('tableur.genre-refuse')
      refuseActiveOds(names, parts)
      return kind
    }
    const types = parts.find(({ name }) => name === '[Content_Types].xml')?.content.toString('latin1') ?? ''
    refuseActiveXlsx(names, parts)
    const found = Object.entries(OOXML_MAIN).filter(([type]) => types.includes(`"${type}"`))
    const [only] = found
    if (!only || found.length > 1) throw refuseWorkbook('tableur.genre-refuse')
    return only[1]
  } catch (error) {
    if (error instanceof Refus) throw error
    if (error instanceof ForbiddenXml) throw refuseWorkbook('tableur.xml-interdit')
    throw refuseWorkbook('tableur.illisible')
  }
}
