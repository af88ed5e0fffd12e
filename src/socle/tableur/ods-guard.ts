import { refuseWorkbook } from './refusals.ts'
import type { ReadLimits } from './types.ts'
import { attributeText, localName, readAttributes, scanTags } from './xml-scan.ts'
import type { Part } from './zip-parts.ts'

const WIDEST_ROW = 40_000

/** The only parts needed to read the cells of an ODS. */
export function isOdsPart(name: string): boolean {
  return name === 'mimetype' || name === 'content.xml' || name === 'META-INF/manifest.xml'
}

/** Refuses an ODS whose parts say password, macro, link to elsewhere, or embedded object. Throws a `Refus`. */
export function refuseActiveOds(names: readonly string[], parts: readonly Part[]): void {
  if (names.some((name) => /^(?:Basic|Scripts)\/./.test(name))) throw refuseWorkbook('tableur.macros')
  if (names.some((name) => /^(?:Object|ObjectReplacements)\b/.test(name)))
    throw refuseWorkbook('tableur.objets-integres')
  for (const part of parts) {
    if (part.name === 'mimetype') continue
    scanTags(part.content, (tag) => {
      const name = localName(tag)
      if (name === 'encryption-data') throw refuseWorkbook('tableur.chiffre')
      if (name === 'event-listener' || name === 'script') throw refuseWorkbook('tableur.macros')
      if (name === 'object' || name === 'object-ole' || name === 'applet' || name === 'plugin') {
        throw refuseWorkbook('tableur.objets-integres')
      }
      if (/^(?:table-source|cell-range-source|dde-source|dde-link|dde-links)$/.test(name)) {
        throw refuseWorkbook('tableur.liens-externes')
      }
    })
  }
}

/**
 * Writes the paragraphs of a cell as one paragraph with line breaks: the parser behind us would glue them without a space.
 * Done before the guards look, so what they check is what is parsed.
 */
export function joinParagraphs(content: Part): Part {
  const xml = content.content.toString('latin1')
  const joined = xml.replace(/<\/text:p>\s*<text:p(?:\s[^<>]*)?>/g, '<text:line-break/>')
  if (joined === xml) return content
  const bytes = Buffer.from(joined, 'latin1')
  return { name: content.name, content: bytes, compressed: bytes, method: 0 }
}

/**
 * Refuses an ODS one of whose written cells lies beyond the limits. Spreadsheets fill the rest of a sheet with repeated empty
 * cells, which are let through; a repeated cell that holds something is counted as many times as it is repeated.
 */
export function refuseFarOdsCells(content: Part, limits: ReadLimits): void {
  let row = 0
  let rowRepeat = 1
  let column = 0
  let lastFilled = 0
  let cell: { readonly repeat: number; filled: boolean } | null = null
  let cells = 0

  function closeCell(): void {
    if (cell === null) return
    column += cell.repeat
    if (cell.filled) lastFilled = column
    cell = null
    if (column > WIDEST_ROW) throw refuseWorkbook('tableur.trop-etendu')
  }

  function closeRow(): void {
    if (lastFilled > 0) {
      cells += lastFilled * rowRepeat
      if (row + rowRepeat > limits.rows || lastFilled > limits.columns || cells > limits.cells) {
        throw refuseWorkbook('tableur.trop-etendu')
      }
    }
    row += rowRepeat
  }

  scanTags(content.content, (tag) => {
    const closing = tag.startsWith('/')
    const name = localName(closing ? tag.slice(1) : tag)
    const selfClosed = tag.endsWith('/')
    if (name === 'table' && !closing) row = 0
    else if (name === 'table-row') {
      if (!closing) {
        rowRepeat = repeats(tag, 'table:number-rows-repeated')
        column = 0
        lastFilled = 0
      }
      if (closing || selfClosed) closeRow()
    } else if (name === 'table-cell' || name === 'covered-table-cell') {
      if (!closing) cell = { repeat: repeats(tag, 'table:number-columns-repeated'), filled: tag.includes('value-type') }
      if (closing || selfClosed) closeCell()
    } else if (name === 'p' && cell !== null) cell.filled = true
  })
}

function repeats(tag: string, attribute: string): number {
  const value = readAttributes(tag).get(attribute)
  if (value === undefined) return 1
  if (!/^[1-9]\d{0,9}$/.test(value)) throw refuseWorkbook('tableur.illisible')
  return Number(value)
}

/** Names of the sheets, in their order. */
export function odsSheets(content: Part): readonly string[] {
  const names: string[] = []
  scanTags(content.content, (tag) => {
    if (!tag.startsWith('/') && localName(tag) === 'table')
      names.push(attributeText(readAttributes(tag).get('table:name') ?? ''))
  })
  return names
}
