import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { writeCsv } from './csv-writer.ts'
import { isFormulaLike, neutralizeFormula, restoreFormula } from './formula.ts'
import { boolean, cents, date, number, text } from './types.ts'

const PAYLOADS = [
  '=1+1',
  '+33353016214',
  '-2+3+cmd|calc',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '＝1+1',
  '＋1',
  '－1',
  '＠A1',
  ' =1+1',
  '\u00a0=1+1',
  'Dupont;=1+1',
  'Dupont,@A1',
  'Dupont\n+1',
  'Dupont\t-1',
]

async function rowsOf(sheet: Parameters<typeof writeCsv>[0]): Promise<string[][]> {
  return parse(Buffer.from(await writeCsv(sheet)), { delimiter: ';', bom: true, relax_quotes: false }) as string[][]
}

test('[INT-18] the CSV opens in a French spreadsheet: mark, semicolons, CRLF, every cell quoted', async () => {
  const row = [
    text('Le "Clos"; bât. B'),
    cents(-1250),
    cents(5),
    number(1.5),
    date(Temporal.PlainDate.from('2026-02-01')),
  ]
  const bytes = await writeCsv({ header: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], rows: [[...row, boolean(true), null]] })
  assert.equal(
    Buffer.from(bytes).toString(),
    '\ufeff"a";"b";"c";"d";"e";"f";"g"\r\n"Le ""Clos""; bât. B";"-12,50";"0,05";"1,5";"01/02/2026";"oui";""\r\n',
  )
})

test('[INT-18] no text cell nor column name of a CSV runs as a formula', async () => {
  for (const payload of PAYLOADS) {
    const [header, row] = await rowsOf({ header: [payload], rows: [[text(payload)]] })
    assert.deepEqual([header, row], [[`'${payload}`], [`'${payload}`]], JSON.stringify(payload))
  }
  for (const harmless of ['Dupont', 'a-b', 'x@example.org', '12, rue du Bac', '1=1', "l'été"]) {
    const [, row] = await rowsOf({ header: ['a'], rows: [[text(harmless)]] })
    assert.deepEqual(row, [harmless])
  }
})

test('a neutralized text reads back as it was, and only our apostrophe is removed', () => {
  for (const payload of PAYLOADS) {
    assert.ok(isFormulaLike(payload) && neutralizeFormula(payload).startsWith("'"), payload)
    assert.equal(restoreFormula(neutralizeFormula(payload)), payload)
  }
  assert.equal(restoreFormula("'s-Gravenhage"), "'s-Gravenhage")
  assert.equal(restoreFormula("'Dupont"), "'Dupont")
})
