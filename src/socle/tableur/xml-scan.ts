/** Thrown by the scanner on what no spreadsheet writes; the guard turns it into a refusal. */
export class ForbiddenXml extends Error {
  override readonly name = 'ForbiddenXml'
}

const LONGEST_TAG = 1_000_000
const LT = 0x3c
const GT = 0x3e
const DOUBLE_QUOTE = 0x22
const SINGLE_QUOTE = 0x27

/**
 * Walks the tags of an XML part, in order, without building anything. `onTag` receives the inside of each tag as Latin-1
 * (`/row`, `c r="A1"/`). Comments, processing instructions and CDATA are stepped over; a document type, an entity declaration
 * or any other `<!` is refused, so entity expansion has nothing to expand. The walk is quote-aware exactly as the parser
 * behind it, so a tag cannot be hidden from the one and shown to the other. `onText`: where what stands between two tags begins and ends.
 */
export function scanTags(xml: Buffer, onTag: (tag: string) => void, onText?: (from: number, to: number) => void): void {
  if (xml.includes(0)) throw new ForbiddenXml('NUL byte or 16-bit encoding')
  let position = xml.indexOf(LT)
  while (position !== -1) {
    const next = xml[position + 1]
    let end: number
    if (next === 0x21) end = skipDeclaration(xml, position)
    else if (next === 0x3f) end = after(xml, '?>', position + 2)
    else if (next === 0x2f) {
      end = after(xml, '>', position + 2)
      onTag(xml.toString('latin1', position + 1, end - 1))
    } else {
      end = tagEnd(xml, position + 1)
      onTag(xml.toString('latin1', position + 1, end))
      end += 1
    }
    position = xml.indexOf(LT, end)
    if (onText && position > end) onText(end, position)
  }
}

function skipDeclaration(xml: Buffer, position: number): number {
  const opening = xml.toString('latin1', position, position + 9)
  if (opening.startsWith('<!--')) return after(xml, '-->', position + 4)
  if (opening === '<![CDATA[') return after(xml, ']]>', position + 9)
  throw new ForbiddenXml(opening)
}

function after(xml: Buffer, closing: string, from: number): number {
  const found = xml.indexOf(closing, from, 'latin1')
  if (found === -1) throw new ForbiddenXml(`no ${closing}`)
  return found + closing.length
}

function tagEnd(xml: Buffer, from: number): number {
  let quote = 0
  const limit = Math.min(xml.length, from + LONGEST_TAG)
  for (let index = from; index < limit; index += 1) {
    const byte = xml[index]
    if (quote !== 0) {
      if (byte === quote) quote = 0
    } else if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) quote = byte
    else if (byte === GT) return index
  }
  throw new ForbiddenXml('unterminated tag')
}

const ATTRIBUTE = /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y

/**
 * Attributes of a tag given by `scanTags`. Refuses what two parsers could read differently: an unquoted value, the same
 * attribute twice.
 */
export function readAttributes(tag: string): Map<string, string> {
  const attributes = new Map<string, string>()
  const name = /^[^\s/]*/.exec(tag)?.[0] ?? ''
  ATTRIBUTE.lastIndex = name.length
  let end = name.length
  for (let match = ATTRIBUTE.exec(tag); match !== null; match = ATTRIBUTE.exec(tag)) {
    const key = match[1] ?? ''
    if (attributes.has(key)) throw new ForbiddenXml(`attribute ${key} twice`)
    attributes.set(key, match[2] ?? match[3] ?? '')
    end = ATTRIBUTE.lastIndex
  }
  if (!/^\s*\/?$/.test(tag.slice(end))) throw new ForbiddenXml('malformed attributes')
  return attributes
}

/** Name of a tag without its prefix; empty for a closing tag. */
export function localName(tag: string): string {
  const name = /^[^\s/]*/.exec(tag)?.[0] ?? ''
  return name.slice(name.indexOf(':') + 1)
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The value of an attribute as people read it: tags are scanned byte by byte, and entities stand as they are written. */
export function attributeText(value: string): string {
  return Buffer.from(value, 'latin1')
    .toString()
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (written, decimal, hexadecimal, name) => {
      const code = decimal ? Number(decimal) : hexadecimal ? Number.parseInt(hexadecimal, 16) : null
      if (code === null) return ENTITIES[name] ?? written
      return code <= 0x10ffff ? String.fromCodePoint(code) : written
    })
    .toWellFormed()
}
