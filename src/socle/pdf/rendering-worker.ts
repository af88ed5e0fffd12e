import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { NodeCompiler, type NodeError } from '@myriaddreamin/typst-ts-node-compiler'

export interface RenderingTask {
  readonly template: string
  /** JSON text. */
  readonly data: string
}

export type RenderingAnswer = { readonly bytes: Uint8Array } | { readonly faults: readonly string[] }

function listFaults(error: unknown): string[] {
  const diagnostics = (error as Partial<NodeError>).shortDiagnostics
  if (!Array.isArray(diagnostics)) return [error instanceof Error ? error.message : 'unknown fault']
  return diagnostics.map((diagnostic: { message?: unknown }) => String(diagnostic.message ?? 'unknown fault'))
}

function render({ template, data }: RenderingTask): RenderingAnswer {
  const compiler = NodeCompiler.create({ workspace: dirname(template) })
  const result = compiler.compile({ mainFilePath: template, inputs: { data } })
  const document = result.result
  if (!document) return { faults: listFaults(result.takeError()) }
  try {
    const pdf = compiler.pdf(document, { pdfStandard: 'ua-1' })
    return { bytes: new Uint8Array(pdf) }
  } catch (error) {
    return { faults: listFaults(error) }
  }
}

parentPort?.postMessage(render(workerData as RenderingTask))
