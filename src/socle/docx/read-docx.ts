import { fromBufferPromise } from 'yauzl'
import { refus } from '#socle/errors'
import { ForbiddenXml, localName, scanTags } from '#socle/tableur'

/** More text than any letter or report holds. */
const MOST_BYTES = 5_000_000

/** What a document says to who reads it, and whether it also carries what was struck out or commented. */
export interface DocxContent {
  /** In reading order, without its form: headers, footers and body. */
  readonly text: string
  /** It keeps tracked changes or comments: more than its text leaves with it. */
  readonly revised: boolean
}

/**
 * Reads a document. The archive must have been judged before (`judgeOfficeDocument`), which bounds what it inflates to. Throws a `Refus` on what no word processor
 * writes.
 */
export async function readDocx(bytes: Buffer): Promise<DocxContent> {
  const zip = await fromBufferPromise(bytes, { strictFileNames: true, validateEntrySizes: true })
  const texts: string[] = []
  let revised = false
  let bytesRead = 0
  for await (const entry of zip.eachEntry()) {
    if (!/^word\/.*\.xml$/i.test(entry.fileName)) continue
    bytesRead += entry.uncompressedSize
    if (bytesRead > MOST_BYTES) throw refus('docx.lourd', 'Ce document contient trop de texte.')
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
    const part = readPart(Buffer.concat(chunks))
    revised ||= part.revised
    if (/^word\/(?:document|header\d*|footer\d*)\.xml$/.test(entry.fileName)) texts.push(part.text)
  }
  return { text: texts.join('\n'), revised }
}

const REVISION = new Set(['ins', 'del', 'moveFrom', 'moveTo', 'cellIns', 'cellDel', 'comment'])
const SPACE = new Set(['/w:p', 'w:br', 'w:tab'])
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** One pass, whatever the part holds: it was written elsewhere. */
function readPart(xml: Buffer): DocxContent {
  const texts: string[] = []
  let revised = false
  let deleted = 0
  try {
    scanTags(
      xml,
      (tag) => {
        const [name = ''] = /^\/?[^\s/]*/.exec(tag) ?? []
        revised ||= REVISION.has(localName(tag))
        if (name === 'w:del' && !tag.endsWith('/')) deleted += 1
        else if (name === '/w:del') deleted = Math.max(0, deleted - 1)
        else if (SPACE.has(name)) texts.push(' ')
      },
      (from, to) => {
        if (deleted === 0) texts.push(decode(xml.toString('utf8', from, to)))
      },
    )
  } catch (error) {
    if (error instanceof ForbiddenXml) throw refus('docx.illisible', 'Ce document ne peut pas être lu.')
    throw error
  }
  return { text: texts.join('').replace(/\s+/g, ' '), revised }
}

const decode = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name) return ENTITIES[name] ?? whole
      const point = Number.parseInt(hex ?? decimal ?? '', hex ? 16 : 10)
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole
    },
  )
