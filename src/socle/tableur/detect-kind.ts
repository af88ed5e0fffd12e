import type { FileKind } from './types.ts'

/** Opening bytes of what is never read, whatever the file is called. Latin-1 strings. */
const REFUSED_OPENINGS = [
  '\xd0\xcf\x11\xe0', // OLE2: xls, doc, encrypted xlsx
  '\x09\x00\x04\x00', // BIFF 2
  '\x09\x02\x06\x00', // BIFF 3
  '\x09\x04\x06\x00', // BIFF 4
  '%PDF',
  '%!PS',
  '{\\rtf',
  'MIME-Version:',
  'ID;PWXL',
  '\x89PNG',
  '\xff\xd8\xff',
  'GIF8',
  'II*\x00',
  'MM\x00*',
  'RIFF',
  '\x1f\x8b',
  'BZh',
  '\xfd7zXZ',
  '7z\xbc\xaf',
  'Rar!',
  '\x28\xb5\x2f\xfd',
  'MSCF',
  '\x7fELF',
  'MZ\x90',
  '\xca\xfe\xba\xbe',
  'SQLite format 3',
  'PAR1',
]

const ODS_MIME = 'application/vnd.oasis.opendocument.spreadsheet'
const SNIFFED_BYTES = 4096

/**
 * Tells what a file is from its bytes alone: neither its name nor its declared type is looked at. Delimited text is `csv`, in
 * whatever encoding (UTF-16 included: the reader says why it cannot read it). A zip is a workbook only if its directory names
 * the parts of one; its content is checked later, by `readWorkbook`.
 */
export function detectKind(bytes: Uint8Array): FileKind {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const head = buffer.toString('latin1', 0, SNIFFED_BYTES)
  if (/^PK[\x03\x05-\x08]/.test(head)) return detectZip(buffer, head)
  if (REFUSED_OPENINGS.some((opening) => head.startsWith(opening))) return 'refused'
  if (head.startsWith('BM') && head.slice(6, 10) === '\0\0\0\0') return 'refused'
  if (head.slice(257, 262) === 'ustar') return 'refused'
  if (isUtf16Or32(head)) return 'csv'
  // Markup never opens a header row; a NUL in the header row is binary. Further down, a NUL is one bad line among good ones.
  if (/^(?:\xef\xbb\xbf)?\s*</.test(head)) return 'refused'
  const firstLine = /^[^\n]*/.exec(head)?.[0] ?? ''
  return firstLine.includes('\0') ? 'refused' : 'csv'
}

function detectZip(buffer: Buffer, head: string): FileKind {
  if (!head.startsWith('PK\x03\x04')) return 'refused'
  if (head.slice(30, 38) === 'mimetype' && head.slice(38, 38 + ODS_MIME.length) === ODS_MIME) {
    return head.startsWith('-template', 38 + ODS_MIME.length) ? 'refused' : 'ods'
  }
  return buffer.includes('[Content_Types].xml') && buffer.includes('xl/workbook') ? 'xlsx' : 'refused'
}

/** A byte-order mark, or a NUL in every other byte of a first stretch of text. */
export function isUtf16Or32(head: string): boolean {
  if (/^(?:\xff\xfe|\xfe\xff|\0\0\xfe\xff)/.test(head)) return true
  const sample = head.slice(0, 64)
  return sample.length >= 8 && (/^(?:[^\0]\0)+[^\0]?$/.test(sample) || /^(?:\0[^\0])+\0?$/.test(sample))
}
