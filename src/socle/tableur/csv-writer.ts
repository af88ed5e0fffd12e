import { createPacer } from '#socle/pace'
import { neutralizeFormula } from './formula.ts'
import type { Cell, Sheet } from './types.ts'

const CHUNK_CHARACTERS = 256 * 1024

/**
 * Writes a sheet as the CSV that a French spreadsheet opens without asking: UTF-8 with a byte-order mark, `;`, CRLF, decimal
 * comma, days as JJ/MM/AAAA, every cell quoted. A text that would run as a formula is given a leading apostrophe; numbers,
 * amounts and days are ours and are left alone.
 */
export async function writeCsv(sheet: Sheet): Promise<Uint8Array> {
  const breathe = createPacer()
  const chunks: Buffer[] = []
  let pending = `\ufeff${renderLine(sheet.header.map(renderText))}`
  for await (const row of sheet.rows) {
    pending += renderLine(row.map(renderCell))
    if (pending.length > CHUNK_CHARACTERS) {
      chunks.push(Buffer.from(pending))
      pending = ''
    }
    const turn = breathe()
    if (turn) await turn
  }
  for (const line of sheet.mark?.lines ?? []) pending += renderLine([renderText(line)])
  chunks.push(Buffer.from(pending))
  return Buffer.concat(chunks)
}

function renderLine(cells: readonly string[]): string {
  return `${cells.join(';')}\r\n`
}

function renderText(value: string): string {
  return `"${neutralizeFormula(value).replaceAll('"', '""')}"`
}

function renderCell(cell: Cell): string {
  if (cell === null) return '""'
  switch (cell.kind) {
    case 'text':
      return renderText(cell.value)
    case 'number':
      return `"${String(cell.value).replace('.', ',')}"`
    case 'cents':
      return `"${renderCents(cell.value)}"`
    case 'date':
      return `"${renderFrenchDate(cell.value)}"`
    case 'boolean':
      return cell.value ? '"oui"' : '"non"'
  }
}

function renderCents(value: number): string {
  const digits = String(Math.abs(value)).padStart(3, '0')
  return `${value < 0 ? '-' : ''}${digits.slice(0, -2)},${digits.slice(-2)}`
}

function renderFrenchDate(day: Temporal.PlainDate): string {
  const [year, month, dayOfMonth] = day.toString().split('-')
  return `${dayOfMonth}/${month}/${year}`
}
