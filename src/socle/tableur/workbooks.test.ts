import assert from 'node:assert/strict'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { test } from 'node:test'
import { writeOds as writeOdsSheets } from 'hucre/ods'
import { writeXlsx as writeXlsxSheets } from 'hucre/xlsx'
import { detectKind } from './detect-kind.ts'
import { readFirstSheet, readWorkbook } from './read-workbook.ts'
import { boolean, type Cell, cents, date, number, readLimits, text } from './types.ts'
import { writeOds, writeXlsx } from './write-workbook.ts'
import { readParts } from './zip-parts.ts'

const WRITERS = { xlsx: writeXlsx, ods: writeOds } as const

async function partOf(bytes: Uint8Array, name: string): Promise<string> {
  const { parts } = await readParts(Buffer.from(bytes), readLimits, (part) => part === name)
  return parts[0]?.content.toString() ?? ''
}

for (const kind of ['xlsx', 'ods'] as const) {
  test(`[INT-18] a sheet written as ${kind} reads back: texts, amounts, days, booleans, empty cells`, async () => {
    const day = Temporal.PlainDate.from('2024-02-29')
    const rows: Cell[][] = [
      [text('0012'), cents(-1250), date(day), boolean(true), number(0.1 + 0.2)],
      [],
      [text('Œuvre _x0041_ é'), cents(0), date(Temporal.PlainDate.from('1900-03-01')), boolean(false), null],
      [cents(123456), text('12'), null, null, text('fin')],
    ]
    const bytes = await WRITERS[kind]({ name: 'Liste [1]', header: ['nom', 'montant', 'jour', 'actif', 'n'], rows })
    assert.equal(detectKind(bytes), kind)
    assert.deepEqual(await readWorkbook(bytes, kind), [
      ['nom', 'montant', 'jour', 'actif', 'n'],
      ['0012', '-12.5', '2024-02-29', 'oui', '0.3'],
      [],
      ['Œuvre _x0041_ é', '0', '1900-03-01', 'non'],
      ['1234.56', '12', '', '', 'fin'],
    ])
  })
}

test('[INT-18] no text of a workbook runs as a formula, and amounts stay numbers', async () => {
  const rows = [[text('=HYPERLINK("http://example.org")'), cents(-1250)]]
  const sheet = { header: ['=1+1', 'montant'], rows }
  const xlsx = await partOf(await writeXlsx(sheet), 'xl/worksheets/sheet1.xml')
  assert.match(xlsx, /<c r="A1" t="inlineStr" s="\d+"><is><t>=1\+1</)
  assert.match(xlsx, /<c r="A2" t="inlineStr" s="\d+"><is><t>=HYPERLINK/)
  assert.match(xlsx, /<c r="B2" s="\d+"><v>-12.5<\/v>/)
  assert.doesNotMatch(xlsx, /<f[ >]/)
  assert.match(xlsx, /<pane ySplit="1"[^>]*state="frozen"/)
  const ods = await partOf(await writeOds(sheet), 'content.xml')
  assert.match(ods, /office:value-type="string"><text:p>=HYPERLINK/)
  assert.match(ods, /office:value-type="float" office:value="-12.5"/)
  assert.doesNotMatch(ods, /table:formula/)
})

test('[INT-18] amounts and days of a workbook carry their French formats', async () => {
  const rows = [[cents(100), date(Temporal.PlainDate.from('2026-10-01')), text('0012')]]
  const styles = await partOf(await writeXlsx({ header: ['a', 'b', 'c'], rows }), 'xl/styles.xml')
  for (const format of ['#,##0.00', 'dd/mm/yyyy', '@']) assert.ok(styles.includes(`formatCode="${format}"`), format)
  assert.ok(styles.includes('<b/>'))
})

test('control characters and broken surrogates never make a workbook unreadable', async () => {
  const rows = [[text('a\u0000b\u001fc\ud800d\r\ne')]]
  for (const kind of ['xlsx', 'ods'] as const) {
    const bytes = await WRITERS[kind]({ header: ['a'], rows })
    assert.deepEqual((await readWorkbook(bytes, kind))[1], ['a\ufffdb\ufffdc\ufffdd\ne'], kind)
  }
})

test('an error in the rows is thrown to the caller, and the worker is released', async () => {
  function* broken(): Generator<Cell[]> {
    yield [text('a')]
    throw new Error('cursor lost')
  }
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await assert.rejects(writeXlsx({ header: ['a'], rows: broken() }), /cursor lost/)
  }
  assert.equal(detectKind(await writeXlsx({ header: ['a'], rows: [] })), 'xlsx')
})

test('writing and reading 5 000 rows leave the event loop free', async () => {
  const rows = Array.from({ length: 5000 }, (_, rank) => [
    text(`Ménage ${rank}`),
    cents(rank),
    text('=1+1'),
    number(rank),
  ])
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const bytes = await writeXlsx({ header: ['a', 'b', 'c', 'd'], rows })
  const read = await readWorkbook(bytes, 'xlsx')
  delay.disable()
  assert.equal(read.length, 5001)
  assert.ok(delay.max / 1e6 < 200, `blocked ${Math.round(delay.max / 1e6)} ms`)
})

for (const [kind, write] of [
  ['xlsx', writeXlsxSheets],
  ['ods', writeOdsSheets],
] as const) {
  test(`[SIG-29] the other sheets of an ${kind} are named when they hold something: their rows are not read`, async () => {
    const bytes = await write({
      sheets: [
        { name: 'Semaine 46', rows: [['type'], ['assignation']] },
        { name: 'Vide', rows: [] },
        { name: 'Semaine « 47 » & suite', rows: [[''], ['', 'oubliée']] },
      ],
    })
    assert.deepEqual(await readFirstSheet(new Uint8Array(bytes), kind), {
      rows: [['type'], ['assignation']],
      otherSheets: ['Semaine « 47 » & suite'],
    })
  })
}
