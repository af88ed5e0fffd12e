import { crc32, inflateRawSync } from 'node:zlib'
import { type Entry, fromBufferPromise } from 'yauzl'
import { refuseWorkbook } from './refusals.ts'
import type { ReadLimits } from './types.ts'

/** One part of a workbook whose bytes have been inflated, counted and kept with the compressed form they came from. */
export interface Part {
  readonly name: string
  readonly content: Buffer
  readonly compressed: Buffer
  readonly method: 0 | 8
}

const RATIO_LOOKED_AT = 1_000_000
const ENCRYPTED_FLAG = 1

/**
 * Opens a zip under guard. The directory is judged before anything is inflated (number of entries, declared sizes, ratio,
 * names), then every part is inflated with a ceiling on the bytes really produced, since a directory can lie. All parts are
 * counted; only those `wanted` keeps are returned. Throws a `Refus`.
 */
export async function readParts(
  bytes: Buffer,
  limits: ReadLimits,
  wanted: (name: string) => boolean,
): Promise<{ names: readonly string[]; parts: readonly Part[] }> {
  const { zip, entries } = await readDirectory(bytes, limits)
  const parts: Part[] = []
  let produced = 0
  for (const entry of entries) {
    if (entry.fileName.endsWith('/')) continue
    const header = await zip.readLocalFileHeaderPromise(entry)
    const compressed = bytes.subarray(header.fileDataStart, header.fileDataStart + entry.compressedSize)
    const content = inflate(entry, compressed, limits.inflatedBytes - produced)
    produced += content.length
    if (wanted(entry.fileName)) {
      parts.push({ name: entry.fileName, content, compressed, method: entry.compressionMethod === 8 ? 8 : 0 })
    }
  }
  return { names: entries.map((entry) => entry.fileName), parts }
}

async function readDirectory(bytes: Buffer, limits: ReadLimits) {
  const zip = await fromBufferPromise(bytes, { strictFileNames: true, validateEntrySizes: true })
  if (zip.entryCount > limits.zipEntries || zip.comment.length > 0) throw refuseWorkbook('tableur.archive-suspecte')
  const entries: Entry[] = []
  const seen = new Set<string>()
  let declared = 0
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.toLowerCase()
    declared += entry.uncompressedSize
    const swollen =
      entry.uncompressedSize > RATIO_LOOKED_AT && entry.uncompressedSize > limits.ratio * entry.compressedSize
    if (seen.has(name) || declared > limits.inflatedBytes || swollen) throw refuseWorkbook('tableur.archive-suspecte')
    if (entry.generalPurposeBitFlag & ENCRYPTED_FLAG) throw refuseWorkbook('tableur.chiffre')
    if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) throw refuseWorkbook('tableur.illisible')
    seen.add(name)
    entries.push(entry)
  }
  return { zip, entries }
}

function inflate(entry: Entry, compressed: Buffer, ceiling: number): Buffer {
  if (compressed.length !== entry.compressedSize) throw refuseWorkbook('tableur.illisible')
  if (entry.compressionMethod === 0) {
    if (compressed.length > ceiling) throw refuseWorkbook('tableur.archive-suspecte')
    return compressed
  }
  let content: Buffer
  try {
    content = inflateRawSync(compressed, { maxOutputLength: Math.max(1, ceiling) })
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw refuseWorkbook(tooLarge ? 'tableur.archive-suspecte' : 'tableur.illisible')
  }
  if (content.length !== entry.uncompressedSize) throw refuseWorkbook('tableur.archive-suspecte')
  return content
}

/**
 * Builds a plain zip from checked parts: what the spreadsheet library opens is this one, so nothing it could find in the
 * original and we did not look at (a second directory, a gap, a part of the same name) reaches it.
 */
export function buildZip(parts: readonly Part[]): Buffer {
  const chunks: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const part of parts) {
    const name = Buffer.from(part.name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0) // version needed
    common.writeUInt16LE(0x0800, 2) // UTF-8 names
    common.writeUInt16LE(part.method, 4)
    common.writeUInt16LE(0x21, 8) // 1 January 1980
    common.writeUInt32LE(crc32(part.content), 10)
    common.writeUInt32LE(part.compressed.length, 14)
    common.writeUInt32LE(part.content.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, part.compressed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, name]))
    chunks.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...chunks, central, end])
}
