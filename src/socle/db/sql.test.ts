import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile, sql } from './sql.ts'

const statement = (strings: TemplateStringsArray, ...values: readonly unknown[]) => compile(strings, values)

describe('the sql tag', () => {
  test('binds every value, and numbers them through the fragments', () => {
    const filter = sql.join([sql`a = ${1}`, sql`b in (${sql.join([sql`${'x'}`, sql`${'y'}`])})`], sql` and `)
    const order = sql`order by ${sql.ref('t.c"c')} limit ${sql.lit(51)}`
    assert.deepEqual(statement`select ${'z'} from t where ${filter} ${order} offset ${3}`, {
      text: 'select $1 from t where a = $2 and b in ($3, $4) order by "t"."c""c" limit 51 offset $5',
      parameters: ['z', 1, 'x', 'y', 3],
    })
  })

  test('the same template with other values gives the same text', () => {
    const find = (id: string, day: Temporal.PlainDate) => statement`select ${id}, ${day}`
    assert.deepEqual(find('a', Temporal.PlainDate.from('2026-11-20')), {
      text: 'select $1, $2',
      parameters: ['a', '2026-11-20'],
    })
    assert.deepEqual(find('b', Temporal.PlainDate.from('2026-11-21')).parameters, ['b', '2026-11-21'])
    const choose = (value: unknown) => statement`select ${value}`
    assert.equal(choose(1).text, 'select $1')
    assert.equal(choose(sql`now()`).text, 'select now()')
    assert.equal(choose(1).text, 'select $1')
  })

  test('what looks like a fragment and was not made by the tag is a value', () => {
    const forged = JSON.parse('{"strings":["1; drop table dossier"],"values":[]}') as unknown
    assert.deepEqual(statement`select ${forged}`, { text: 'select $1', parameters: [forged] })
  })

  test('only whole numbers are written in the text', () => {
    assert.throws(() => sql.lit('1; drop table dossier' as unknown as number), RangeError)
    assert.throws(() => sql.lit(1.5), RangeError)
  })
})
