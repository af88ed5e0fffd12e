import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { Refus } from '#socle/errors'
import { readWorkbook } from './read-workbook.ts'
import { type ReadLimits, readLimits, text, type WorkbookKind } from './types.ts'
import { readRows } from './workbook-rows.ts'
import { writeOds, writeXlsx } from './write-workbook.ts'
import { buildZip, type Part } from './zip-parts.ts'

const TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const SHEET_OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
const SHEET_CLOSE = '</sheetData></worksheet>'
const ODS_MIME = 'application/vnd.oasis.opendocument.spreadsheet'

function part(name: string, content: string | Buffer): Part {
  const bytes = Buffer.from(content)
  return { name, content: bytes, compressed: deflateRawSync(bytes), method: 8 }
}

function relationships(...links: readonly string[]): string {
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${links.join('')}</Relationships>`
}

function link(id: string, type: string, target: string, rest = ''): string {
  return `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"${rest}/>`
}

/** A workbook of one sheet whose rows are given as XML, plus whatever parts a case adds or replaces. */
function xlsx(rows: string, extra: readonly Part[] = [], open = SHEET_OPEN): Buffer {
  const base = [
    part('[Content_Types].xml', TYPES),
    part('_rels/.rels', relationships(link('rId1', 'officeDocument', 'xl/workbook.xml'))),
    part('xl/workbook.xml', '<workbook><sheets><sheet name="F" sheetId="1" r:id="rId1"/></sheets></workbook>'),
    part('xl/_rels/workbook.xml.rels', relationships(link('rId1', 'worksheet', 'worksheets/sheet1.xml'))),
    part('xl/worksheets/sheet1.xml', open + rows + SHEET_CLOSE),
  ]
  const names = new Set(extra.map(({ name }) => name))
  return buildZip([...base.filter(({ name }) => !names.has(name)), ...extra])
}

function ods(rows: string, extra: readonly Part[] = []): Buffer {
  const mime = Buffer.from(ODS_MIME)
  const content = `<office:document-content><office:body><office:spreadsheet><table:table>${rows}</table:table></office:spreadsheet></office:body></office:document-content>`
  return buildZip([
    { name: 'mimetype', content: mime, compressed: mime, method: 0 },
    part('content.xml', content),
    ...extra,
  ])
}

const cell = (reference: string, value = '1') => `<c r="${reference}"><v>${value}</v></c>`
const odsCell = (value: string, rest = '') =>
  `<table:table-cell office:value-type="string"${rest}><text:p>${value}</text:p></table:table-cell>`
const odsRow = (cells: string, rest = '') => `<table:table-row${rest}>${cells}</table:table-row>`

/** Declares sizes the content does not have, in the local header and in the directory. */
function lie(zip: Buffer, name: string, size: number): Buffer {
  const lying = Buffer.from(zip)
  const local = lying.indexOf(name) - 30
  const central = lying.lastIndexOf(name) - 46
  lying.writeUInt32LE(size, local + 22)
  lying.writeUInt32LE(size, central + 24)
  return lying
}

async function codeOf(bytes: Uint8Array, kind: WorkbookKind, limits: ReadLimits = readLimits): Promise<string> {
  try {
    await readWorkbook(bytes, kind, limits)
    return 'accepted'
  } catch (error) {
    assert.ok(error instanceof Refus, String(error))
    assert.match(error.message, /\.$/)
    return error.code
  }
}

const zeros = Buffer.alloc(60_000_000, 0x20)
const sheetOfSpaces = part(
  'xl/worksheets/sheet1.xml',
  Buffer.concat([Buffer.from(SHEET_OPEN), zeros, Buffer.from(SHEET_CLOSE)]),
)
const doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

const CASES: readonly (readonly [string, () => Buffer, WorkbookKind, string])[] = [
  ['a plain workbook', () => xlsx(`<row r="1">${cell('A1')}</row>`), 'xlsx', 'accepted'],
  ['a bomb that says its size', () => xlsx('', [sheetOfSpaces]), 'xlsx', 'tableur.archive-suspecte'],
  [
    'a bomb that lies about its size',
    () => lie(xlsx('', [sheetOfSpaces]), 'xl/worksheets/sheet1.xml', 900_000),
    'xlsx',
    'tableur.archive-suspecte',
  ],
  [
    'a part smaller than it says',
    () => lie(xlsx(''), 'xl/worksheets/sheet1.xml', 900_000),
    'xlsx',
    'tableur.archive-suspecte',
  ],
  ['a bomb in a picture', () => xlsx('', [part('xl/media/image1.png', zeros)]), 'xlsx', 'tableur.archive-suspecte'],
  [
    'too many parts',
    () =>
      xlsx(
        '',
        Array.from({ length: 500 }, (_, rank) => part(`xl/media/${rank}.png`, 'x')),
      ),
    'xlsx',
    'tableur.archive-suspecte',
  ],
  [
    'two parts of the same name',
    () => buildZip([part('[Content_Types].xml', TYPES), part('[content_types].xml', TYPES)]),
    'xlsx',
    'tableur.archive-suspecte',
  ],
  ['a name that climbs', () => xlsx('', [part('../../evil.xml', '<a/>')]), 'xlsx', 'tableur.illisible'],
  ['an absolute name', () => xlsx('', [part('/etc/passwd', 'x')]), 'xlsx', 'tableur.illisible'],
  ['text after the archive', () => Buffer.concat([xlsx(''), Buffer.from('%PDF-1.7')]), 'xlsx', 'tableur.illisible'],
  ['a truncated archive', () => xlsx(`<row r="1">${cell('A1')}</row>`).subarray(0, 900), 'xlsx', 'tableur.illisible'],
  [
    'entities',
    () => xlsx(`<row r="1">${cell('A1', '&b;')}</row>`, [], doctype + SHEET_OPEN),
    'xlsx',
    'tableur.xml-interdit',
  ],
  [
    'entities in the shared texts',
    () => xlsx('', [part('xl/sharedStrings.xml', `${doctype}<sst/>`)]),
    'xlsx',
    'tableur.xml-interdit',
  ],
  [
    'UTF-16 XML',
    () => xlsx('', [part('xl/styles.xml', Buffer.from(`\ufeff${doctype}<styleSheet/>`, 'utf16le'))]),
    'xlsx',
    'tableur.xml-interdit',
  ],
  [
    'a cell at the far end',
    () => xlsx(`<row r="1">${cell('A1')}</row><row r="1048576">${cell('XFD1048576')}</row>`),
    'xlsx',
    'tableur.trop-etendu',
  ],
  [
    'a cell hidden from a hasty scan',
    () => xlsx(`<!-- <a " --><row r="1048576">${cell('XFD1048576')}</row><!-- " -->`),
    'xlsx',
    'tableur.trop-etendu',
  ],
  [
    'a far cell in a sheet stored elsewhere',
    () =>
      xlsx('', [
        part('xl/_rels/workbook.xml.rels', relationships(link('rId1', 'worksheet', 'elsewhere.xml'))),
        part('xl/elsewhere.xml', `${SHEET_OPEN}<row r="1048576">${cell('XFD1048576')}</row>${SHEET_CLOSE}`),
      ]),
    'xlsx',
    'tableur.trop-etendu',
  ],
  ['201 columns', () => xlsx(`<row r="1">${'<c><v>1</v></c>'.repeat(201)}</row>`), 'xlsx', 'tableur.trop-etendu'],
  [
    '200 001 rows',
    () =>
      xlsx(
        Array.from({ length: 200_001 }, (_, rank) => `<row><c><v>${(rank * 7919) % 100_003}</v></c></row>`).join(''),
      ),
    'xlsx',
    'tableur.trop-etendu',
  ],
  [
    'the same row twice',
    () => xlsx(`<row r="1">${cell('A1')}</row><row r="1">${cell('A1')}</row>`),
    'xlsx',
    'tableur.illisible',
  ],
  [
    'a reference given twice',
    () => xlsx('<row r="1"><c r="A1" r="XFD1"><v>1</v></c></row>'),
    'xlsx',
    'tableur.xml-interdit',
  ],
  [
    'one long shared text in every cell',
    () =>
      xlsx(Array.from({ length: 2000 }, (_, rank) => `<row r="${rank + 1}"><c t="s"><v>0</v></c></row>`).join(''), [
        part(
          'xl/_rels/workbook.xml.rels',
          relationships(
            link('rId1', 'worksheet', 'worksheets/sheet1.xml'),
            link('rId2', 'sharedStrings', 'sharedStrings.xml'),
          ),
        ),
        part('xl/sharedStrings.xml', `<sst><si><t>${'abcdefghij'.repeat(3000)}</t></si></sst>`),
      ]),
    'xlsx',
    'tableur.trop-etendu',
  ],
  ['macros', () => xlsx('', [part('xl/vbaProject.bin', 'x')]), 'xlsx', 'tableur.macros'],
  [
    'a type that says macros',
    () =>
      xlsx('', [
        part(
          '[Content_Types].xml',
          '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>',
        ),
      ]),
    'xlsx',
    'tableur.macros',
  ],
  [
    'a link to another workbook',
    () => xlsx('', [part('xl/externalLinks/externalLink1.xml', '<externalLink/>')]),
    'xlsx',
    'tableur.liens-externes',
  ],
  [
    'a picture fetched outside',
    () =>
      xlsx('', [
        part(
          'xl/worksheets/_rels/sheet1.xml.rels',
          relationships(link('rId1', 'image', 'http://example.org/a.png', ' TargetMode="External"')),
        ),
      ]),
    'xlsx',
    'tableur.liens-externes',
  ],
  [
    'a database connection',
    () => xlsx('', [part('xl/connections.xml', '<connections/>')]),
    'xlsx',
    'tableur.liens-externes',
  ],
  [
    'a clickable address',
    () =>
      xlsx('', [
        part(
          'xl/worksheets/_rels/sheet1.xml.rels',
          relationships(link('rId1', 'hyperlink', 'mailto:a@example.org', ' TargetMode="External"')),
        ),
      ]),
    'xlsx',
    'accepted',
  ],
  [
    'printer settings and a logo',
    () => xlsx('', [part('xl/printerSettings/printerSettings1.bin', 'x'), part('xl/media/image1.png', 'x')]),
    'xlsx',
    'accepted',
  ],
  [
    'an embedded document',
    () => xlsx('', [part('xl/embeddings/oleObject1.bin', 'x')]),
    'xlsx',
    'tableur.objets-integres',
  ],
  [
    'only hidden sheets',
    () =>
      xlsx('', [
        part(
          'xl/workbook.xml',
          '<workbook><sheets><sheet name="F" sheetId="1" state="hidden" r:id="rId1"/></sheets></workbook>',
        ),
      ]),
    'xlsx',
    'tableur.vide',
  ],
  ['no sheet part', () => xlsx('', [part('xl/_rels/workbook.xml.rels', relationships())]), 'xlsx', 'tableur.illisible'],
  ['a plain ods', () => ods(odsRow(odsCell('a'))), 'ods', 'accepted'],
  [
    'an ods filled to the end with empty cells',
    () =>
      ods(
        `${odsRow(`${odsCell('a')}<table:table-cell table:number-columns-repeated="16383"/>`)}${odsRow('<table:table-cell table:number-columns-repeated="16384"/>', ' table:number-rows-repeated="1048575"')}`,
      ),
    'ods',
    'accepted',
  ],
  [
    'an ods row repeated a million times',
    () => ods(odsRow(odsCell('a'), ' table:number-rows-repeated="1048576"')),
    'ods',
    'tableur.trop-etendu',
  ],
  [
    'an ods cell repeated to the end',
    () => ods(odsRow(odsCell('a', ' table:number-columns-repeated="16384"'))),
    'ods',
    'tableur.trop-etendu',
  ],
  [
    'an ods cell far to the right',
    () => ods(odsRow(`<table:table-cell table:number-columns-repeated="16000"/>${odsCell('a')}`)),
    'ods',
    'tableur.trop-etendu',
  ],
  [
    'an ods of 4 000 000 cells and more',
    () => ods(odsRow(odsCell('a', ' table:number-columns-repeated="200"'), ' table:number-rows-repeated="20001"')),
    'ods',
    'tableur.trop-etendu',
  ],
  [
    'an ods row of endless empty cells',
    () => ods(odsRow('<table:table-cell table:number-columns-repeated="16384"/>'.repeat(1000))),
    'ods',
    'tableur.trop-etendu',
  ],
  [
    'a repeat that is no number',
    () => ods(odsRow(odsCell('a', ' table:number-columns-repeated="1e4"'))),
    'ods',
    'tableur.illisible',
  ],
  ['an ods chart', () => ods('', [part('Object 1/content.xml', '<a/>')]), 'ods', 'tableur.objets-integres'],
  ['an ods macro', () => ods('', [part('Basic/Standard/Module1.xml', '<a/>')]), 'ods', 'tableur.macros'],
  [
    'an ods linked to another file',
    () => ods('<table:table-source xlink:href="file:///x.ods"/>'),
    'ods',
    'tableur.liens-externes',
  ],
  [
    'an ods under password',
    () =>
      ods('', [part('META-INF/manifest.xml', '<manifest:manifest><manifest:encryption-data/></manifest:manifest>')]),
    'ods',
    'tableur.chiffre',
  ],
]

test('[SIG-29] hostile workbooks are refused with their reason, harmless ones are read, memory stays bounded', async () => {
  const before = process.memoryUsage().rss
  let peak = before
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 5).unref()
  for (const [what, build, kind, expected] of CASES) assert.equal(await codeOf(build(), kind), expected, what)
  clearInterval(sampler)
  assert.ok(peak - before < 400_000_000, `${Math.round((peak - before) / 1e6)} MB more at the peak`)
})

test('[SIG-29] a workbook that takes too long, too much memory or too many bytes is refused, and the next one is read', async () => {
  const rows = Array.from({ length: 20_000 }, (_, rank) =>
    Array.from({ length: 10 }, (_, column) => text(`${rank} ${column}`)),
  )
  const bytes = await writeXlsx({ header: Array.from({ length: 10 }, (_, column) => `c${column}`), rows })
  assert.equal(await codeOf(bytes, 'xlsx', { ...readLimits, milliseconds: 30 }), 'tableur.trop-long')
  assert.equal(await codeOf(bytes, 'xlsx', { ...readLimits, heapMegabytes: 16 }), 'tableur.memoire')
  assert.equal(await codeOf(bytes, 'xlsx', { ...readLimits, uploadBytes: 1000 }), 'tableur.trop-lourd')
  assert.equal(await codeOf(bytes, 'xlsx'), 'accepted')
})

test('[SIG-29] the first visible sheet is read, ranks kept, last computed values taken', async () => {
  const workbook = xlsx('', [
    part(
      'xl/workbook.xml',
      '<workbook><sheets><sheet name="Listes" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Données" sheetId="2" r:id="rId2"/></sheets></workbook>',
    ),
    part(
      'xl/_rels/workbook.xml.rels',
      relationships(
        link('rId1', 'worksheet', 'worksheets/sheet1.xml'),
        link('rId2', 'worksheet', 'worksheets/sheet2.xml'),
      ),
    ),
    part(
      'xl/worksheets/sheet2.xml',
      `${SHEET_OPEN}<row r="2"><c r="B2" t="str"><f>A1</f><v>lu</v></c><c r="C2"><v>279.99999999999994</v></c><c r="D2" t="b"><v>1</v></c></row><row r="9"/>${SHEET_CLOSE}`,
    ),
  ])
  assert.deepEqual(await readWorkbook(workbook, 'xlsx'), [[], ['', 'lu', '280', 'oui']])
})

test('[SIG-29] paragraphs, line breaks and notes of an ods cell read as lines of text', async () => {
  const noted =
    '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>12 rue du Bac</text:p><text:p text:style-name="P1">Bât. B</text:p></table:table-cell>'
  assert.deepEqual(await readWorkbook(ods(odsRow(noted + odsCell('a<text:s text:c="2"/>b'))), 'ods'), [
    ['12 rue du Bac\nBât. B', 'a  b'],
  ])
})

test('[SIG-29] 300 damaged workbooks are read or refused, never anything else', async () => {
  const sheet = {
    header: ['nom', 'ville'],
    rows: [
      [text('Élise'), text('Mâcon')],
      [text('Paul'), text('Autun')],
    ],
  }
  const sources = [
    ['xlsx', Buffer.from(await writeXlsx(sheet))],
    ['ods', Buffer.from(await writeOds(sheet))],
    ['xlsx', xlsx(`<row r="1">${cell('A1')}</row>`)],
  ] as const
  let seed = 20261013
  const random = (bound: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed % bound
  }
  let refused = 0
  for (let run = 0; run < 300; run += 1) {
    const [kind, bytes] = sources[run % sources.length] ?? sources[0]
    const damaged = Buffer.from(bytes)
    for (let hit = 0; hit <= random(8); hit += 1) damaged[random(damaged.length)] = random(256)
    const cut = run % 5 === 0 ? damaged.subarray(0, random(damaged.length)) : damaged
    try {
      for (const row of (await readRows(cut, kind, readLimits)).rows)
        assert.ok(row.every((value) => typeof value === 'string'))
    } catch (error) {
      assert.ok(error instanceof Error && !(error instanceof assert.AssertionError), String(error))
      refused += 1
    }
  }
  assert.ok(refused > 150, `${refused} refused`)
})
