import { fromBufferPromise } from 'yauzl'

/** More text than any letter or report holds. */
const MOST_BYTES = 20_000_000

/**
 * The text of a document, in reading order, without its form: headers, footers and body. The archive must have been judged before (`judgeOfficeDocument`), which
 * bounds what it inflates to.
 */
export async function readDocxText(bytes: Buffer): Promise<string> {
  const zip = await fromBufferPromise(bytes, { strictFileNames: true, validateEntrySizes: true })
  const parts: string[] = []
  for await (const entry of zip.eachEntry()) {
    if (!/^word\/(?:document|header\d*|footer\d*)\.xml$/.test(entry.fileName)) continue
    if (entry.uncompressedSize > MOST_BYTES) throw new Error('a document holds too much text')
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
    parts.push(readXmlText(Buffer.concat(chunks).toString('utf8')))
  }
  return parts.join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function readXmlText(xml: string): string {
  return xml
    .replace(/<w:del\b[\s\S]*?<\/w:del>/g, '')
    .replace(/<\/w:p>|<w:br\b[^>]*>|<w:tab\b[^>]*>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) =>
      name ? (ENTITIES[name] ?? whole) : String.fromCodePoint(Number.parseInt(hex ?? decimal ?? '32', hex ? 16 : 10)),
    )
    .replace(/\s+/g, ' ')
}
