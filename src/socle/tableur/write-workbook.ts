import { setImmediate } from 'node:timers/promises'
import { runWorker } from './run-worker.ts'
import type { Cell, Sheet, WorkbookKind } from './types.ts'
import type { WireCell, WritingTask } from './writing-worker.ts'

const WRITING = { heapMegabytes: 1024, milliseconds: 120_000 }
const ROWS_PER_MESSAGE = 100

/**
 * Writes a sheet as XLSX, in a worker. The header row is bold and frozen; texts are cells of type text in a column of format
 * text, so none ever runs as a formula; amounts are numbers shown with two decimals, days are real dates shown as JJ/MM/AAAA.
 */
export function writeXlsx(sheet: Sheet): Promise<Uint8Array> {
  return writeWorkbook(sheet, 'xlsx')
}

/** Writes a sheet as ODS, in a worker: as `writeXlsx`, without the frozen header, which the library behind us does not write. */
export function writeOds(sheet: Sheet): Promise<Uint8Array> {
  return writeWorkbook(sheet, 'ods')
}

async function writeWorkbook(sheet: Sheet, kind: WorkbookKind): Promise<Uint8Array> {
  const wire = (value: string) => legalText(value, kind)
  const task: WritingTask = {
    kind,
    name: sheetName(sheet.name),
    header: sheet.header.map(wire),
    ...(sheet.mark ? { mark: { name: sheetName(sheet.mark.name), lines: sheet.mark.lines.map(wire) } } : {}),
  }
  return runWorker<Uint8Array>(new URL('./writing-worker.js', import.meta.url), task, WRITING, async (post) => {
    let batch: WireCell[][] = []
    for await (const row of sheet.rows) {
      batch.push(row.map((cell) => toWire(cell, wire)))
      if (batch.length < ROWS_PER_MESSAGE) continue
      post(JSON.stringify(batch))
      batch = []
      await setImmediate()
    }
    post(JSON.stringify(batch))
    post('')
  })
}

function toWire(cell: Cell, wire: (value: string) => string): WireCell {
  if (cell === null) return null
  switch (cell.kind) {
    case 'text':
      return wire(cell.value)
    case 'number':
      return cell.value
    case 'cents':
      return { c: cell.value }
    case 'date':
      return { d: cell.value.toString() }
    case 'boolean':
      return { b: cell.value }
  }
}

/**
 * A text that XML can carry: line breaks as LF, control characters and broken surrogates replaced. XLSX readers turn `_x0041_` into
 * `A`, so in XLSX such a sequence is escaped to be read back as written.
 */
function legalText(value: string, kind: WorkbookKind): string {
  const legal = value
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .toWellFormed()
  return kind === 'xlsx' ? legal.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_') : legal
}

/** A name every spreadsheet accepts: 31 characters, none of the seven forbidden ones. */
function sheetName(name = 'Feuille1'): string {
  const legal = name
    .replace(/[\\/?*[\]:']/g, ' ')
    .trim()
    .slice(0, 31)
  return legal === '' ? 'Feuille1' : legal
}
