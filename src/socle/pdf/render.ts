import { type ChildProcess, fork } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { RenderingAnswer, RenderingTask } from './rendering-process.ts'

/** Files that documents may show, as if they stood in the folder of the template: an image by its name. */
export type RenderingFiles = Readonly<Record<string, Uint8Array>>

const MILLISECONDS = 60_000
/** A document of thousands of pages has more time: a minute for each 3 MB of data. */
const BYTES_PER_MILLISECOND = 50
/** A document to render: what its template reads, and the files it shows. */
export interface RenderingDocument {
  readonly data: Readonly<Record<string, unknown>>
  readonly files?: RenderingFiles
}

/** Who waits for a rendering: a person, or a job that may last and leaves the processors to whoever asks for a page. */
export type RenderingPace = 'asked' | 'background'

/** Renderings at once, for each pace: each holds a whole document in memory, and nobody who waits for a page waits behind thousands of letters. */
const MOST_AT_ONCE = 2

class Slots {
  #running = 0
  readonly #waiting: (() => void)[] = []

  async take(): Promise<void> {
    if (this.#running < MOST_AT_ONCE) this.#running += 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** A freed slot goes straight to the next in line. */
  give(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running -= 1
  }
}

const slots: Readonly<Record<RenderingPace, Slots>> = { asked: new Slots(), background: new Slots() }

/**
 * A process of its own, and not a thread: the compiler shares its threads and what it remembers with the whole process, so that two renderings side by side slow each
 * other by half. One thread each, nothing of the environment, and its memory goes with it.
 */
function startRendering(template: string, pace: RenderingPace): ChildProcess {
  const child = fork(fileURLToPath(new URL('./rendering-process.js', import.meta.url)), [template], {
    serialization: 'advanced',
    env: { RAYON_NUM_THREADS: '1' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  if (pace === 'background' && child.pid !== undefined) {
    try {
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    } catch {
      // It ended meanwhile, and says so by itself.
    }
  }
  return child
}

/**
 * Renders a Typst template as a tagged PDF (PDF/UA-1), in a process of its own. `template` is the absolute path of a `.typ` file; it reads `data` with
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
  pace: RenderingPace = 'asked',
): Promise<Uint8Array> {
  for await (const bytes of renderPdfs(template, [{ data, files }], pace)) return bytes
  throw new Error('PDF rendering stopped without an answer')
}

/** The same for many documents of one template, in order, by one process that reads the fonts once: a few milliseconds each. They may still be in the making. */
export async function* renderPdfs(
  template: string,
  documents: Iterable<RenderingDocument> | AsyncIterable<RenderingDocument>,
  pace: RenderingPace = 'asked',
): AsyncGenerator<Uint8Array> {
  await slots[pace].take()
  const child = startRendering(template, pace)
  const answers: RenderingAnswer[] = []
  /** Milliseconds allowed for each document sent and not answered yet. */
  const allowed: number[] = []
  const known = new Set<string>()
  let complete = false
  let fault: unknown = null
  let wake: (() => void) | null = null
  const tell = () => {
    wake?.()
    wake = null
  }
  const fail = (error: unknown) => {
    fault ??= error
    tell()
  }
  const send = async () => {
    for await (const { data, files = {} } of documents) {
      if (fault !== null) return
      const fresh = Object.entries(files).filter(([name]) => !known.has(name))
      for (const [name] of fresh) known.add(name)
      const task: RenderingTask = { data: JSON.stringify(data), files: Object.fromEntries(fresh) }
      allowed.push(MILLISECONDS + Math.round(task.data.length / BYTES_PER_MILLISECOND))
      child.send(task, (error) => error && fail(error))
      tell()
    }
    complete = true
    tell()
  }
  child.on('message', (answer: RenderingAnswer) => {
    answers.push(answer)
    tell()
  })
  child.once('error', fail)
  child.once('exit', () => fail(new Error('PDF rendering stopped without an answer')))
  try {
    void send().catch(fail)
    for (;;) {
      while (answers.length === 0 && fault === null && !(complete && allowed.length === 0)) {
        const limit = allowed[0]
        const timer = limit && setTimeout(() => fail(new Error(`PDF rendering took more than ${limit} ms`)), limit)
        await new Promise<void>((resolve) => (wake = resolve))
        clearTimeout(timer)
      }
      const answer = answers.shift()
      if (answer === undefined) {
        if (fault !== null) throw fault
        return
      }
      allowed.shift()
      if ('faults' in answer) throw new Error(`PDF template ${template}: ${answer.faults.join(' ; ')}`)
      yield answer.bytes
    }
  } finally {
    // What is still being composed stops too.
    fail(new Error('PDF rendering is no longer waited for'))
    child.kill('SIGKILL')
    slots[pace].give()
  }
}
