import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskCounts, type Sum } from './mask.ts'

const masked = (cells: Record<string, number>, sums: readonly Sum[], threshold = 5, hidden: readonly string[] = []) =>
  [...maskCounts(new Map(Object.entries(cells)), sums, threshold, hidden)].sort()

/** Every value a masked cell may have for somebody who reads the others, found by trying them all. */
function possible(cells: ReadonlyMap<string, number>, sums: readonly Sum[], hidden: ReadonlySet<string>, max: number) {
  const keys = [...hidden]
  const seen = new Map(keys.map((key) => [key, new Set<number>()]))
  const guess = new Map<string, number>()
  const value = (key: string): number => guess.get(key) ?? (hidden.has(key) ? Number.NaN : (cells.get(key) ?? 0))
  const holds = () =>
    sums.every(({ total, parts }) => {
      const [left, right] = [value(total), parts.reduce((n, key) => n + value(key), 0)]
      return Number.isNaN(left) || Number.isNaN(right) || left === right
    })
  const walk = (rank: number): void => {
    const key = keys[rank]
    if (key === undefined) {
      for (const one of keys) seen.get(one)?.add(value(one))
      return
    }
    for (let n = 1; n <= max; n += 1) {
      guess.set(key, n)
      if (holds()) walk(rank + 1)
    }
    guess.delete(key)
  }
  walk(0)
  return seen
}

test('[IND-76] a small number takes others with it until no subtraction gives it back', () => {
  const one = [{ total: 't', parts: ['a', 'b', 'c'] }]
  assert.deepEqual(masked({ t: 21, a: 12, b: 6, c: 3 }, one), ['b', 'c'])
  assert.deepEqual(masked({ t: 20, a: 12, b: 8, c: 0 }, one), [])
  // Two small ones that sum to two are both one: a third goes, or the total.
  assert.deepEqual(masked({ t: 22, a: 20, b: 1, c: 1 }, one), ['a', 'b', 'c'])
  assert.deepEqual(masked({ t: 2, a: 2, b: 0, c: 0 }, one), ['a', 't'])
})

test('[IND-76] a total that is not shown still links what is: the parts of two tables that share it', () => {
  const sums = [
    { total: 'ended', parts: ['accord', 'refus'] },
    { total: 'ended', parts: ['attendue', 'confirmee'] },
  ]
  const cells = { ended: 9, accord: 8, refus: 1, attendue: 5, confirmee: 4 }
  assert.deepEqual(masked(cells, sums, 5, ['ended']), ['attendue', 'confirmee', 'ended', 'refus'])
})

test('[IND-76] whatever the table, trying every value leaves each small number anywhere below the threshold', () => {
  let seed = 7
  const random = (n: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return Math.floor((seed / 2147483648) * n)
  }
  let tried = 0
  for (let round = 0; round < 120; round += 1) {
    const cells = new Map<string, number>()
    const [rows, columns] = [2, 3]
    const sums: { total: string; parts: string[] }[] = []
    const sum = (total: string, parts: string[]) => {
      cells.set(
        total,
        parts.reduce((n, key) => n + (cells.get(key) ?? 0), 0),
      )
      sums.push({ total, parts })
    }
    for (let r = 0; r < rows; r += 1)
      for (let c = 0; c < columns; c += 1) cells.set(`${r}${c}`, [0, 0, 1, 2, 3, 4, 9][random(7)] ?? 0)
    for (let r = 0; r < rows; r += 1)
      sum(
        `r${r}`,
        Array.from({ length: columns }, (_, c) => `${r}${c}`),
      )
    for (let c = 0; c < columns; c += 1)
      sum(
        `c${c}`,
        Array.from({ length: rows }, (_, r) => `${r}${c}`),
      )
    sum(
      't',
      Array.from({ length: rows }, (_, r) => `r${r}`),
    )
    sums.push({ total: 't', parts: Array.from({ length: columns }, (_, c) => `c${c}`) })
    const threshold = 3
    const gone = maskCounts(cells, sums, threshold)
    if (gone.size > 6) continue
    const values = possible(cells, sums, gone, 28)
    for (const key of gone) {
      const own = cells.get(key) ?? 0
      if (own >= threshold) continue
      tried += 1
      assert.ok(
        [1, 2].every((n) => values.get(key)?.has(n)),
        `${key} of ${JSON.stringify([...cells])} without ${[...gone].join(', ')}`,
      )
    }
  }
  assert.ok(tried > 40, `${tried} small counts were tried`)
})

test('sums that do not agree are a mistake of the caller, said at once', () => {
  const cells = { t: 3, a: 2, b: 2 }
  assert.throws(() => masked(cells, [{ total: 't', parts: ['a', 'b'] }]), /t is not the sum of a, b/)
})
