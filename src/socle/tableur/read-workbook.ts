import { createPacer } from '#socle/pace'
import type { ReadingAnswer, ReadingTask } from './reading-worker.ts'
import { refuseWorkbook, refuseWorkbookFrom } from './refusals.ts'
import { runWorker } from './run-worker.ts'
import { type ReadLimits, readLimits, type WorkbookKind } from './types.ts'

const NEWLINE = 0x0a

/** The rows of a sheet, and the names of the others a person sees that hold something. */
export interface ReadSheet {
  readonly rows: string[][]
  readonly otherSheets: readonly string[]
}

/**
 * Reads the first visible sheet of a workbook as rows of texts: days as AAAA-MM-JJ, numbers as plain decimals with a point,
 * booleans as `oui` and `non`, a formula as the value last computed, an empty cell as an empty text. Cells after the last filled
 * one of a row are left out; empty rows keep their rank. The others are only named.
 *
 * Everything hostile is refused with a `Refus` (code `tableur.…`, French sentence): size, zip bombs, forbidden XML, macros, outside
 * links, embedded objects, far cells, and whatever takes more memory or time than allowed. The parsing happens in a worker.
 */
export async function readFirstSheet(
  bytes: Uint8Array,
  kind: WorkbookKind,
  limits: ReadLimits = readLimits,
): Promise<ReadSheet> {
  if (bytes.length > limits.uploadBytes) throw refuseWorkbook('tableur.trop-lourd')
  const task: ReadingTask = { bytes, kind, limits }
  const answer = await runWorker<ReadingAnswer>(new URL('./reading-worker.js', import.meta.url), task, limits)
  if ('refused' in answer) throw refuseWorkbookFrom(answer.refused)
  return { rows: await decodeLines(answer.lines), otherSheets: answer.otherSheets }
}

/** The rows of the first visible sheet alone: see `readFirstSheet`. */
export async function readWorkbook(bytes: Uint8Array, kind: WorkbookKind, limits?: ReadLimits): Promise<string[][]> {
  return (await readFirstSheet(bytes, kind, limits)).rows
}

async function decodeLines(lines: Uint8Array): Promise<string[][]> {
  const buffer = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength)
  const breathe = createPacer()
  const rows: string[][] = []
  for (let start = 0; start < buffer.length; ) {
    const end = buffer.indexOf(NEWLINE, start)
    rows.push(JSON.parse(buffer.toString('utf8', start, end)) as string[])
    start = end + 1
    const turn = breathe()
    if (turn) await turn
  }
  return rows
}
