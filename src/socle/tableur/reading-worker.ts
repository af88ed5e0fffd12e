import { parentPort, workerData } from 'node:worker_threads'
import { Refus } from '#socle/errors'
import type { ReadLimits, WorkbookKind } from './types.ts'
import { readRows } from './workbook-rows.ts'
import { ForbiddenXml } from './xml-scan.ts'

/** What the reading worker is given, and what it answers: rows as lines of JSON in one transferable block, or a refusal code. */
export interface ReadingTask {
  readonly bytes: Uint8Array
  readonly kind: WorkbookKind
  readonly limits: ReadLimits
}
export type ReadingAnswer =
  | { readonly lines: Uint8Array; readonly otherSheets: readonly string[] }
  | { readonly refused: string }

async function answer(task: ReadingTask): Promise<ReadingAnswer> {
  try {
    const bytes = Buffer.from(task.bytes.buffer, task.bytes.byteOffset, task.bytes.byteLength)
    const { rows, otherSheets } = await readRows(bytes, task.kind, task.limits)
    const blocks: Buffer[] = []
    for (let start = 0; start < rows.length; start += 500) {
      const lines = rows.slice(start, start + 500).map((row) => `${JSON.stringify(row)}\n`)
      blocks.push(Buffer.from(lines.join('')))
    }
    return { lines: new Uint8Array(Buffer.concat(blocks)), otherSheets }
  } catch (error) {
    return { refused: refusalOf(error) }
  }
}

function refusalOf(error: unknown): string {
  if (error instanceof Refus) return error.code
  return error instanceof ForbiddenXml ? 'tableur.xml-interdit' : 'tableur.illisible'
}

const result = await answer(workerData as ReadingTask)
parentPort?.postMessage(result, 'lines' in result ? [result.lines.buffer as ArrayBuffer] : [])
