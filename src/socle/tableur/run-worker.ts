import { Worker } from 'node:worker_threads'
import { refuseWorkbook, type WorkbookRefusal } from './refusals.ts'

/** How a worker is confined: V8 heap, and time from its start to its answer. */
export interface Confinement {
  readonly heapMegabytes: number
  readonly milliseconds: number
}

/** Workers at work and waiting: two at a time, so that a burst of uploads cannot take the machine's memory. */
const MOST_AT_ONCE = 2
let running = 0
const waiting: (() => void)[] = []

async function takeSlot(): Promise<void> {
  if (running < MOST_AT_ONCE) running += 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
}

/** A freed slot goes straight to the next in line, so that nobody slips in between. */
function giveSlot(): void {
  const next = waiting.shift()
  if (next) next()
  else running -= 1
}

/**
 * Runs one task in a confined worker and answers its only message. `feed` may post more to it once started. A worker that goes
 * over its heap or its time is stopped and the matching `Refus` is thrown; the process and its other users go on.
 *
 * NOTE: a `--max-old-space-size` given to the process (flag or NODE_OPTIONS) replaces the heap ceiling of its workers: never set it.
 */
export async function runWorker<Answer>(
  script: URL,
  data: unknown,
  confinement: Confinement,
  feed: (post: (message: unknown) => void) => Promise<void> = async () => {},
): Promise<Answer> {
  await takeSlot()
  const worker = new Worker(script, {
    workerData: data,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: confinement.heapMegabytes, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  })
  let timer: NodeJS.Timeout | undefined
  try {
    const answer = new Promise<Answer>((resolve, reject) => {
      const stop = (code: WorkbookRefusal) => reject(refuseWorkbook(code))
      timer = setTimeout(() => stop('tableur.trop-long'), confinement.milliseconds)
      worker.once('message', resolve)
      worker.once('error', (error: unknown) => {
        stop(
          error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? 'tableur.memoire'
            : 'tableur.illisible',
        )
      })
      worker.once('exit', () => stop('tableur.illisible'))
    })
    const [result] = await Promise.all([answer, feed((message) => worker.postMessage(message))])
    return result
  } finally {
    clearTimeout(timer)
    await worker.terminate()
    giveSlot()
  }
}
