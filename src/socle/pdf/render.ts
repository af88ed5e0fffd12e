import { Worker } from 'node:worker_threads'
import type { RenderingAnswer, RenderingTask } from './rendering-worker.ts'

/** Files that documents may show, as if they stood in the folder of the template: an image by its name. */
export type RenderingFiles = Readonly<Record<string, Uint8Array>>

const MILLISECONDS = 60_000
/** A document of thousands of pages has more time: a minute for each 3 MB of data. */
const BYTES_PER_MILLISECOND = 50
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
export async function renderPdf(
  template: string,
  data: Readonly<Record<string, unknown>>,
  files: RenderingFiles = {},
): Promise<Uint8Array> {
  for await (const bytes of renderPdfs(template, [data], files)) return bytes
  throw new Error('PDF rendering stopped without an answer')
}

/** The same for many documents of one template, in order, by one worker that reads the fonts once: a few milliseconds each. */
export async function* renderPdfs(
  template: string,
  data: readonly Readonly<Record<string, unknown>>[],
  files: RenderingFiles = {},
): AsyncGenerator<Uint8Array> {
  if (data.length === 0) return
  await takeSlot()
  const task: RenderingTask = { template, files, data: data.map((one) => JSON.stringify(one)) }
  const worker = new Worker(new URL('./rendering-worker.js', import.meta.url), {
    workerData: task,
    env: {},
    execArgv: [],
  })
  const answers: RenderingAnswer[] = []
  let fault: Error | null = null
  let wake: (() => void) | null = null
  const tell = () => {
    wake?.()
    wake = null
  }
  const fail = (error: Error) => {
    fault ??= error
    tell()
  }
  worker.on('message', (answer: RenderingAnswer) => {
    answers.push(answer)
    tell()
  })
  worker.once('error', fail)
  worker.once('exit', () => fail(new Error('PDF rendering stopped without an answer')))
  try {
    for (let done = 0; done < data.length; done++) {
      const allowed = MILLISECONDS + Math.round((task.data[done]?.length ?? 0) / BYTES_PER_MILLISECOND)
      const timer = setTimeout(() => fail(new Error(`PDF rendering took more than ${allowed} ms`)), allowed)
      while (answers.length === 0 && fault === null) await new Promise<void>((resolve) => (wake = resolve))
      clearTimeout(timer)
      const answer = answers.shift()
      if (answer === undefined) throw fault
      if ('faults' in answer) throw new Error(`PDF template ${template}: ${answer.faults.join(' ; ')}`)
      yield answer.bytes
    }
  } finally {
    await worker.terminate()
    giveSlot()
  }
}
