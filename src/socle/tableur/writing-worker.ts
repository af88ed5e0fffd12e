import { parentPort, workerData } from 'node:worker_threads'
import { writeOds } from 'hucre/ods'
import { type Cell as StyledCell, writeXlsx } from 'hucre/xlsx'
import type { WorkbookKind } from './types.ts'

/** A cell on its way to the worker: a text, a number, or a pair that says what the number or the text stands for. */
export type WireCell =
  | string
  | number
  | null
  | { readonly c: number }
  | { readonly d: string }
  | { readonly b: boolean }

export interface WritingTask {
  readonly kind: WorkbookKind
  readonly name: string
  readonly header: readonly string[]
  readonly mark?: { readonly name: string; readonly lines: readonly string[] }
}

const FORMATS = { text: '@', cents: '#,##0.00', date: 'dd/mm/yyyy' } as const
type Format = (typeof FORMATS)[keyof typeof FORMATS]
type Style = NonNullable<StyledCell['style']>
type Value = string | number | boolean | Date | null

// One object per style, shared by all its cells.
const STYLES: Record<Format, Style> = {
  '@': { numFmt: '@' },
  '#,##0.00': { numFmt: '#,##0.00' },
  'dd/mm/yyyy': { numFmt: 'dd/mm/yyyy' },
}
const HEADER_STYLE: Style = { numFmt: '@', font: { bold: true, name: 'Calibri', size: 11 } }
const WIDEST_COLUMN = 60

function formatOf(cell: WireCell): Format | null {
  if (typeof cell === 'string') return FORMATS.text
  if (cell === null || typeof cell === 'number' || 'b' in cell) return null
  return 'c' in cell ? FORMATS.cents : FORMATS.date
}

function plainValue(cell: WireCell): Value {
  if (cell === null || typeof cell === 'number' || typeof cell === 'string') return cell
  if ('c' in cell) return cell.c / 100
  return 'd' in cell ? new Date(`${cell.d}T00:00:00Z`) : cell.b
}

function widthOf(cell: WireCell): number {
  if (typeof cell === 'string') return cell.length
  return cell === null ? 0 : 11
}

const { kind, name, header, mark } = workerData as WritingTask
const rows: Value[][] = [[...header]]
const cells = new Map<string, { style: Style }>(header.map((_, column) => [`0,${column}`, { style: HEADER_STYLE }]))
const widths = header.map((title) => title.length)
// A column of one format is styled once; only the cells that differ from it, or an ODS, are styled one by one.
const columnFormats: (Format | null | undefined)[] = header.map(() => undefined)

function addRow(wire: readonly WireCell[]): void {
  const row = rows.length
  wire.forEach((cell, column) => {
    const format = formatOf(cell)
    widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
    if (cell === null) return
    if (kind === 'xlsx' && columnFormats[column] === undefined) columnFormats[column] = format
    if (format !== null && columnFormats[column] !== format) cells.set(`${row},${column}`, { style: STYLES[format] })
    if (format === null && columnFormats[column]) cells.set(`${row},${column}`, { style: {} })
  })
  rows.push(wire.map(plainValue))
}

async function render(): Promise<Uint8Array> {
  const columns = widths.map((width, column) => {
    const format = columnFormats[column]
    return { width: Math.min(WIDEST_COLUMN, width + 2), ...(format ? { numFmt: format } : {}) }
  })
  const sheet = { name, columns, rows, cells, freezePane: { rows: 1 } }
  const about = mark && {
    name: mark.name,
    columns: [{ width: WIDEST_COLUMN, numFmt: FORMATS.text }],
    rows: mark.lines.map((line) => [line]),
  }
  const sheets = about ? [sheet, about] : [sheet]
  const bytes = kind === 'xlsx' ? await writeXlsx({ sheets, stringMode: 'inline' }) : await writeOds({ sheets })
  return new Uint8Array(bytes)
}

parentPort?.on('message', async (lines: string) => {
  if (lines !== '') {
    for (const wire of JSON.parse(lines) as WireCell[][]) addRow(wire)
    return
  }
  const bytes = await render()
  parentPort?.postMessage(bytes, [bytes.buffer as ArrayBuffer])
})
