import { refuseWorkbook } from './refusals.ts'
import type { ReadLimits } from './types.ts'
import { attributeText, localName, readAttributes, scanTags } from './xml-scan.ts'
import type { Part } from './zip-parts.ts'

/** Names of the parts that carry the cells, their shared texts and their formats; drawings, notes and pictures stay out. */
export function isXlsxPart(name: string): boolean {
  return (
    name === '[Content_Types].xml' ||
    /^_rels\/[^/]*\.rels$/.test(name) ||
    /^xl\/(?:_rels\/)?[^/]+\.(?:xml|rels)$/i.test(name) ||
    /^xl\/worksheets\/(?:_rels\/)?[^/]+\.(?:xml|rels)$/i.test(name)
  )
}

/** Refuses an XLSX whose parts say macro, link to elsewhere, or embedded object. Throws a `Refus`. */
export function refuseActiveXlsx(names: readonly string[], parts: readonly Part[]): void {
  const lower = names.map((name) => name.toLowerCase())
  if (lower.some((name) => name.includes('vbaproject') || /^xl\/(?:macrosheets|dialogsheets)\//.test(name))) {
    throw refuseWorkbook('tableur.macros')
  }
  if (lower.some((name) => /^xl\/(?:externallinks|querytables)\/|^xl\/connections\.xml$/.test(name))) {
    throw refuseWorkbook('tableur.liens-externes')
  }
  if (lower.some((name) => /\/(?:embeddings|activex|ctrlprops)\//.test(name) || name.includes('oleobject'))) {
    throw refuseWorkbook('tableur.objets-integres')
  }
  for (const part of parts) {
    scanTags(part.content, (tag) => {
      if (tag.startsWith('/')) return
      const name = localName(tag)
      if (part.name.endsWith('.rels') && name === 'Relationship') refuseRelationship(readAttributes(tag))
      if (part.name === '[Content_Types].xml' && /macroEnabled|vbaProject|macrosheet/i.test(tag)) {
        throw refuseWorkbook('tableur.macros')
      }
      if (name === 'oleObject' || name === 'control') throw refuseWorkbook('tableur.objets-integres')
      if (name === 'ddeLink') throw refuseWorkbook('tableur.liens-externes')
    })
  }
}

/** A clickable address points outside and is harmless: it is never followed. Every other outside target is a link to data. */
function refuseRelationship(attributes: ReadonlyMap<string, string>): void {
  const type = attributes.get('Type') ?? ''
  if (/\/(?:oleObject|package|control)$/i.test(type)) throw refuseWorkbook('tableur.objets-integres')
  if (/\/(?:vbaProject|xlMacrosheet)$/i.test(type)) throw refuseWorkbook('tableur.macros')
  if (attributes.get('TargetMode') === 'External' && !type.endsWith('/hyperlink')) {
    throw refuseWorkbook('tableur.liens-externes')
  }
}

/** A sheet of a workbook: its rank, from 0, among those that have a name and a target. */
export interface NamedSheet {
  readonly rank: number
  readonly name: string
}

/** The sheets a person sees when opening the workbook, in their order. Refuses a workbook that shows none. */
export function visibleSheets(workbook: Part): readonly [NamedSheet, ...NamedSheet[]] {
  let rank = -1
  const visible: NamedSheet[] = []
  scanTags(workbook.content, (tag) => {
    if (localName(tag) !== 'sheet') return
    const attributes = readAttributes(tag)
    rank += 1
    if (!['hidden', 'veryHidden'].includes(attributes.get('state') ?? ''))
      visible.push({ rank, name: attributeText(attributes.get('name') ?? '') })
  })
  const [first, ...others] = visible
  if (first === undefined) throw refuseWorkbook('tableur.vide')
  return [first, ...others]
}

/**
 * Refuses a worksheet one of whose cells lies beyond the limits, before a parser gives that cell its place in a table. Cells are
 * counted as they are written; a cell without a reference follows the previous one.
 */
export function refuseFarXlsxCells(sheet: Part, limits: ReadLimits): void {
  let row = 0
  let column = 0
  let cells = 0
  scanTags(sheet.content, (tag) => {
    const name = localName(tag)
    if (name === 'row') {
      const reference = readAttributes(tag).get('r')
      const next = reference === undefined ? row + 1 : Number(reference)
      if (!Number.isInteger(next) || next <= row) throw refuseWorkbook('tableur.illisible')
      row = next
      column = 0
    } else if (name === 'c') {
      const reference = readAttributes(tag).get('r')
      column = reference === undefined ? column + 1 : columnOf(reference, row)
      cells += 1
      if (row > limits.rows || column > limits.columns || cells > limits.cells) {
        throw refuseWorkbook('tableur.trop-etendu')
      }
    }
  })
}

function columnOf(reference: string, row: number): number {
  const match = /^([A-Z]{1,3})([1-9]\d{0,6})$/.exec(reference)
  if (match === null || Number(match[2]) !== row) throw refuseWorkbook('tableur.illisible')
  let column = 0
  for (const letter of match[1] ?? '') column = column * 26 + letter.charCodeAt(0) - 64
  return column
}
