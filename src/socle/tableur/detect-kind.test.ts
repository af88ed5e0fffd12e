import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { detectKind } from './detect-kind.ts'
import { buildZip, type Part } from './zip-parts.ts'

function stored(name: string, content: string): Part {
  const bytes = Buffer.from(content)
  return { name, content: bytes, compressed: bytes, method: 0 }
}

const xlsx = buildZip([stored('[Content_Types].xml', '<Types/>'), stored('xl/workbook.xml', '<workbook/>')])
const ods = buildZip([
  stored('mimetype', 'application/vnd.oasis.opendocument.spreadsheet'),
  stored('content.xml', '<a/>'),
])
const template = buildZip([stored('mimetype', 'application/vnd.oasis.opendocument.spreadsheet-template')])
const docx = buildZip([stored('[Content_Types].xml', '<Types/>'), stored('word/document.xml', '<document/>')])
const latin = (text: string) => Buffer.from(text, 'latin1')

test('[SIG-29] the kind of a file is told by its bytes', () => {
  const cases: [string, Uint8Array, string][] = [
    ['text', latin('type;reference_source\n'), 'csv'],
    ['text in windows-1252', latin('pr\xe9nom;nom\n'), 'csv'],
    ['empty', new Uint8Array(), 'csv'],
    ['UTF-16 with its mark', Buffer.from('\ufefftype;nom', 'utf16le'), 'csv'],
    ['UTF-16 without it', Buffer.from('type;nom;prenom', 'utf16le'), 'csv'],
    ['NUL after the header row', latin('type;nom\nimpaye\0;a\n'), 'csv'],
    ['a column called ID', latin('ID;Prenom;nom\n'), 'csv'],
    ['a column called PK', latin('PK;nom\n'), 'csv'],
    ['xlsx', xlsx, 'xlsx'],
    ['ods', ods, 'ods'],
    ['ods template', template, 'refused'],
    ['docx', docx, 'refused'],
    ['zip after something else', Buffer.concat([latin('%PDF-1.7\n'), xlsx]), 'refused'],
    ['zip whose first record is not a file', latin('PK\x05\x06\0\0'), 'refused'],
    ['old xls or a workbook under password', latin('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), 'refused'],
    ['html', latin('<!DOCTYPE html><table>'), 'refused'],
    ['html after a mark and spaces', latin('\xef\xbb\xbf \r\n<html>'), 'refused'],
    ['xml spreadsheet', latin('<?xml version="1.0"?><Workbook>'), 'refused'],
    ['pdf', latin('%PDF-1.7'), 'refused'],
    ['png', latin('\x89PNG\r\n\x1a\n'), 'refused'],
    ['jpeg', latin('\xff\xd8\xff\xe0'), 'refused'],
    ['gif', latin('GIF89a'), 'refused'],
    ['bmp', latin('BM\x10\x20\x00\x00\0\0\0\0'), 'refused'],
    ['gzip', gzipSync('type;nom'), 'refused'],
    ['7z', latin('7z\xbc\xaf\x27\x1c'), 'refused'],
    ['rar', latin('Rar!\x1a\x07'), 'refused'],
    ['rtf', latin('{\\rtf1'), 'refused'],
    ['sylk', latin('ID;PWXL;N;E'), 'refused'],
    ['NUL in the header row', latin('ty\0pe;reference_source;nom_usage\n'), 'refused'],
  ]
  for (const [what, bytes, expected] of cases) assert.equal(detectKind(bytes), expected, what)
})
