import { dirname, join } from 'node:path'
import { NodeCompiler, type NodeError } from '@myriaddreamin/typst-ts-node-compiler'

/** One document to render. */
export interface RenderingTask {
  /** JSON text that the template reads. */
  readonly data: string
  /** Files that it shows besides those already sent. */
  readonly files: Readonly<Record<string, Uint8Array>>
}

interface OneTask {
  readonly template: string
  readonly data: string
}

export type RenderingAnswer = { readonly bytes: Uint8Array } | { readonly faults: readonly string[] }

/** Written in place of a character that the fonts of the template do not have. */
const MISSING = '?'
/** Layouts are forgotten after as many documents, unless used since: memory stays level over thousands. Forgetting after each would cost a tenth of a letter. */
const RECENT = 20
/** Each pass names every missing character of the document; a second one is for what a replacement uncovers. */
const PASSES = 3

function listFaults(error: unknown): string[] {
  const diagnostics = (error as Partial<NodeError>).shortDiagnostics
  if (!Array.isArray(diagnostics)) return [error instanceof Error ? error.message : 'unknown fault']
  return diagnostics.map((diagnostic: { message?: unknown }) => String(diagnostic.message ?? 'unknown fault'))
}

/** Characters no font can show. The accessibility standard refuses them, and one odd letter must not cost a whole list. */
function listMissing(faults: readonly string[]): string[] {
  const found = faults.flatMap((fault) => [...fault.matchAll(/the text `\\*"(.+?)\\*"` could not be displayed/g)])
  return found.map(([, text = '']) =>
    text.replace(/\\+u\{([0-9a-f]+)\}/g, (_all, code: string) => String.fromCodePoint(Number.parseInt(code, 16))),
  )
}

function replaceIn(data: string, missing: readonly string[]): string {
  return JSON.stringify(
    JSON.parse(data, (_key, value: unknown) =>
      typeof value === 'string' ? missing.reduce((text, one) => text.replaceAll(one, MISSING), value) : value,
    ),
  )
}

function attempt(compiler: NodeCompiler, { template, data }: OneTask): RenderingAnswer {
  const result = compiler.compile({ mainFilePath: template, inputs: { data } })
  const document = result.result
  if (!document) return { faults: listFaults(result.takeError()) }
  try {
    return { bytes: new Uint8Array(compiler.pdf(document, { pdfStandard: 'ua-1' })) }
  } catch (error) {
    return { faults: listFaults(error) }
  }
}

function render(compiler: NodeCompiler, task: OneTask): RenderingAnswer {
  let { data } = task
  let answer = attempt(compiler, { ...task, data })
  for (let pass = 1; pass < PASSES && 'faults' in answer; pass++) {
    const missing = listMissing(answer.faults)
    if (missing.length === 0) break
    data = replaceIn(data, missing)
    answer = attempt(compiler, { ...task, data })
  }
  // What stands between back quotes may come from the data.
  return 'faults' in answer ? { faults: answer.faults.map((fault) => fault.replace(/`[^`]*`/g, '`…`')) } : answer
}

// One compiler for all: fonts are read once, and what documents of the same template share is laid out once.
const template = process.argv[2] ?? ''
const compiler = NodeCompiler.create({ workspace: dirname(template) })
let rendered = 0
process.on('message', ({ data, files }: RenderingTask) => {
  for (const [name, bytes] of Object.entries(files))
    compiler.mapShadow(join(dirname(template), name), Buffer.from(bytes))
  process.send?.(render(compiler, { template, data }))
  rendered += 1
  if (rendered % RECENT === 0) compiler.evictCache(1)
})
// Nobody is left to answer to.
process.on('disconnect', () => process.exit())
