import { Worker } from 'node:worker_threads'
import type { RenderingAnswer, RenderingTask } from './rendering-worker.ts'

const MILLISECONDS = 60_000
/** Renderings at once in the process: each holds a whole document in memory. */
const MOST_AT_ONCE = 2
let running = 0
const waiting: (() => void)[] = []

async function takeSlot(): Promise<void> {
  if (running < MOST_AT_ONCE) running += 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
}

/** A freed slot goes straight to the next in line. */
function giveSlot(): void {
  const next = waiting.shift()
  if (next) next()
  else running -= 1
}

/**
 * Renders a Typst template as a tagged PDF (PDF/UA-1), in a worker. `template` is the absolute path of a `.typ` file; it reads `data` with
 * `json(bytes(sys.inputs.data))`, so that nothing a person typed is ever part of the source. Dates, random numbers and the machine leave no trace: the
 * same template and data give the same bytes. Only files of the template's folder can be read, and nothing from the network.
 *
 * Templates name their fonts and set `fallback: false`, so that no font of the machine is used; a character these fonts do not have is written `?`.
 *
 * Throws when the template is wrong; the message holds what the compiler says of it, never the data.
 */
export async function renderPdf(template: string, data: Readonly<Record<string, unknown>>): Promise<Uint8Array> {
  await takeSlot()
  const task: RenderingTask = { template, data: JSON.stringify(data) }
  const worker = new Worker(new URL('./rendering-worker.js', import.meta.url), {
    workerData: task,
    env: {},
    execArgv: [],
  })
  let timer: NodeJS.Timeout | undefined
  try {
    const answer = await new Promise<RenderingAnswer>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`PDF rendering took more than ${MILLISECONDS} ms`)), MILLISECONDS)
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('PDF rendering stopped without an answer')))
    })
    if ('faults' in answer) throw new Error(`PDF template ${template}: ${answer.faults.join(' ; ')}`)
    return answer.bytes
  } finally {
    clearTimeout(timer)
    await worker.terminate()
    giveSlot()
  }
}
