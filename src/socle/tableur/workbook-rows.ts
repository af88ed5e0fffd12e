import { streamOdsRows } from 'hucre/ods'
import { streamXlsxRows } from 'hucre/xlsx'
import { isOdsPart, joinParagraphs, odsSheets, refuseActiveOds, refuseFarOdsCells } from './ods-guard.ts'
import { plainText } from './plain-values.ts'
import { refuseWorkbook } from './refusals.ts'
import type { ReadLimits, WorkbookKind } from './types.ts'
import { isXlsxPart, type NamedSheet, refuseActiveXlsx, refuseFarXlsxCells, visibleSheets } from './xlsx-guard.ts'
import { buildZip, type Part, readParts } from './zip-parts.ts'

/** A workbook whose guards are passed. */
interface OpenWorkbook {
  readonly read: (rank: number) => AsyncIterable<{ readonly index: number; readonly values: readonly unknown[] }>
  readonly sheets: readonly [NamedSheet, ...NamedSheet[]]
}

/** The rows of a sheet, and the names of the others a person sees that hold something. */
export interface SheetRows {
  readonly rows: string[][]
  readonly otherSheets: string[]
}

/**
 * Reads the first visible sheet of a workbook, guards first. The rank of a row in the answer is its rank in the sheet: empty
 * rows above or between are there, empty; those after the last filled one are not. Runs inside a worker. Throws a `Refus`.
 */
export async function readRows(bytes: Buffer, kind: WorkbookKind, limits: ReadLimits): Promise<SheetRows> {
  const { read, sheets } = kind === 'xlsx' ? await openXlsx(bytes, limits) : await openOds(bytes, limits)
  const [first, ...others] = sheets
  const rows: string[][] = []
  let characters = 0
  for await (const { index, values } of read(first.rank)) {
    const row = values.map(plainText)
    while (row.at(-1) === '') row.pop()
    if (row.length === 0) continue
    for (const value of row) characters += value.length
    if (!Number.isInteger(index) || index < rows.length) throw refuseWorkbook('tableur.illisible')
    if (index >= limits.rows || row.length > limits.columns || characters > limits.characters) {
      throw refuseWorkbook('tableur.trop-etendu')
    }
    while (rows.length < index) rows.push([])
    rows.push(row)
  }
  const otherSheets: string[] = []
  for (const { rank, name } of others) if (await isFilled(read(rank))) otherSheets.push(name)
  return { rows, otherSheets }
}

async function isFilled(source: ReturnType<OpenWorkbook['read']>): Promise<boolean> {
  for await (const { values } of source) if (values.some((value) => plainText(value) !== '')) return true
  return false
}

async function openXlsx(bytes: Buffer, limits: ReadLimits): Promise<OpenWorkbook> {
  const { names, parts } = await readParts(bytes, limits, isXlsxPart)
  refuseActiveXlsx(names, parts)
  const workbook = parts.find((part) => /^xl\/workbook[^/]*\.xml$/i.test(part.name))
  if (workbook === undefined) throw refuseWorkbook('tableur.illisible')
  const sheets = visibleSheets(workbook)
  // A relationship may name a sheet anything: whatever holds rows is measured.
  for (const part of parts) if (part.content.includes('sheetData')) refuseFarXlsxCells(part, limits)
  const zip = buildZip(parts)
  return { sheets, read: (sheet) => streamXlsxRows(zip, { sheet, dateSystem: 'auto' }) }
}

async function openOds(bytes: Buffer, limits: ReadLimits): Promise<OpenWorkbook> {
  const { names, parts } = await readParts(bytes, limits, isOdsPart)
  const content = parts.find((part) => part.name === 'content.xml')
  const mimetype = parts.find((part) => part.name === 'mimetype')
  if (content === undefined || mimetype === undefined) throw refuseWorkbook('tableur.illisible')
  const joined = joinParagraphs(content)
  const checked: readonly Part[] = parts.map((part) => (part === content ? joined : part))
  refuseActiveOds(names, checked)
  refuseFarOdsCells(joined, limits)
  const zip = buildZip([mimetype, joined])
  const [first = '', ...others] = odsSheets(joined)
  const sheets: OpenWorkbook['sheets'] = [
    { rank: 0, name: first },
    ...others.map((name, rank) => ({ rank: rank + 1, name })),
  ]
  return { sheets, read: (rank) => streamOdsRows(zip, { sheets: [rank] }) }
}
