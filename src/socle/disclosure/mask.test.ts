import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskCounts, type Sum } from './mask.ts'

const masked = (cells: Record<string, number>, sums: readonly Sum[], threshold = 5, hidden: readonly string[] = []) =>
  [...maskCounts(new Map(Object.entries(cells)), sums, threshold, hidden)].sort()

/** Every value a masked cell may have for somebody who reads the others, found by trying them all. */
function possible(cells: ReadonlyMap<string, number>, sums: readonly Sum[], gone: ReadonlySet<string>, most: number) {
  const seen = new Map([...gone].map((key) => [key, new Set<number>()]))
  const guess = new Map([...cells].filter(([key]) => !gone.has(key)))
  /** What a sum gives of the only cell of it that is not guessed. */
  const given = ({ total, parts }: Sum): [string, number] | undefined => {
    const [key, other] = [total, ...parts].filter((one) => !guess.has(one))
    if (key === undefined || other !== undefined) return undefined
    const added = parts.reduce((n, one) => n + (guess.get(one) ?? 0), 0)
    return [key, key === total ? added : (guess.get(total) ?? 0) - added]
  }
  const holds = ({ total, parts }: Sum): boolean =>
    ![total, ...parts].every((key) => guess.has(key)) ||
    guess.get(total) === parts.reduce((n, one) => n + (guess.get(one) ?? 0), 0)
  const walk = (): void => {
    if (!sums.every(holds)) return
    let known: [string, number] | undefined
    for (const sum of sums) known ??= given(sum)
    const key = known?.[0] ?? [...gone].find((one) => !guess.has(one))
    if (key === undefined) {
      for (const one of gone) seen.get(one)?.add(guess.get(one) ?? 0)
      return
    }
    for (const n of known ? [known[1]] : Array.from({ length: most }, (_, rank) => rank + 1)) {
      if (n < 1) continue
      guess.set(key, n)
      walk()
    }
    guess.delete(key)
  }
  walk()
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

test('[IND-76] a small number that several sums give together, none of them alone, takes one more with it', () => {
  const cells = new Map(Object.entries({ a: 4, b: 4, c: 4, d: 4, e: 4, ab: 8, cd: 8, bd: 8, ace: 12 }))
  const sums = ['ab', 'cd', 'bd', 'ace'].map((total) => ({ total, parts: [...total] }))
  const values = possible(cells, sums, maskCounts(cells, sums, 5), 24)
  for (const key of ['a', 'c', 'e']) for (const n of [1, 2, 3, 4]) assert.ok(values.get(key)?.has(n), `${key} is ${n}`)
})

test('[IND-76] a small total of small parts does not hide what is far from it', () => {
  const sums = [
    { total: 't', parts: ['x', 'y', 'z'] },
    { total: 'x', parts: ['a', 'b'] },
  ]
  // At least two whatever is masked, since neither part is zero.
  assert.deepEqual(masked({ t: 43, x: 3, a: 2, b: 1, y: 10, z: 30 }, sums), ['a', 'b', 'x', 'y'])
})

const draw = (seed: number) => {
  let state = seed
  return (n: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * n)
  }
}

/** Linked counts drawn at random: what adds up, and the fewest each is known to be, since a zero is shown. */
function drawCounts(random: (n: number) => number, shape: 'table' | 'levels') {
  const cells = new Map<string, number>()
  const fewest = new Map<string, number>()
  const sums: Sum[] = []
  const leaf = (key: string, most: number) => {
    const n = random(3) === 0 ? 0 : random(most + 1)
    cells.set(key, n)
    fewest.set(key, n === 0 ? 0 : 1)
  }
  const sum = (total: string, parts: readonly string[]) => {
    const add = (of: ReadonlyMap<string, number>) => parts.reduce((n, key) => n + (of.get(key) ?? 0), 0)
    cells.set(total, add(cells))
    fewest.set(total, Math.max(fewest.get(total) ?? 0, add(fewest)))
    sums.push({ total, parts })
  }
  const ranks = (n: number, key: (rank: number) => string) => Array.from({ length: n }, (_, rank) => key(rank))
  if (shape === 'table') {
    for (const key of ranks(6, (n) => `${Math.floor(n / 3)}${n % 3}`)) leaf(key, 9)
    for (const r of [0, 1]) sum(`r${r}`, [`${r}0`, `${r}1`, `${r}2`])
    for (const c of [0, 1, 2]) sum(`c${c}`, [`0${c}`, `1${c}`])
    sum('t', ['c0', 'c1', 'c2'])
    sum('t', ['r0', 'r1'])
  } else {
    // Of each place: those who said it, the others, all of them; then of the places together.
    for (const place of [0, 1, 2]) {
      leaf(`said${place}`, 6)
      leaf(`rest${place}`, 6)
      sum(`of${place}`, [`said${place}`, `rest${place}`])
    }
    for (const one of ['said', 'rest', 'of'])
      sum(
        `${one}*`,
        ranks(3, (n) => `${one}${n}`),
      )
    sum('of*', ['said*', 'rest*'])
  }
  return { cells, sums, fewest }
}

for (const { title, shape, hidden, threshold, most } of [
  { title: 'a table', shape: 'table', hidden: [], threshold: 3, most: 20 },
  { title: 'a table whose total is not shown', shape: 'table', hidden: ['t'], threshold: 3, most: 20 },
  { title: 'places, those who said it and the others', shape: 'levels', hidden: [], threshold: 3, most: 20 },
  { title: 'a larger threshold', shape: 'levels', hidden: ['rest*'], threshold: 5, most: 20 },
] as const)
  test(`[IND-76] ${title}: trying every value leaves each small number anywhere below the threshold`, () => {
    const random = draw(7)
    let tried = 0
    for (let round = 0; round < 150; round += 1) {
      const { cells, sums, fewest } = drawCounts(random, shape)
      const gone = new Set([...maskCounts(cells, sums, threshold, hidden), ...hidden.filter((key) => cells.get(key))])
      // Too many to try every value of.
      if (gone.size > 8) continue
      tried += 1
      const values = possible(cells, sums, gone, most)
      for (const key of gone) {
        if ((cells.get(key) ?? 0) >= threshold || (hidden as readonly string[]).includes(key)) continue
        for (let n = fewest.get(key) ?? 1; n < threshold; n += 1)
          assert.ok(
            values.get(key)?.has(n),
            `${key} is never ${n}: ${JSON.stringify([...cells])} without ${[...gone].join(', ')}`,
          )
      }
    }
    assert.ok(tried >= 60, `${tried} tables were tried`)
  })

test('sums that do not agree are a mistake of the caller, said at once', () => {
  const cells = { t: 3, a: 2, b: 2 }
  assert.throws(() => masked(cells, [{ total: 't', parts: ['a', 'b'] }]), /t is not the sum of a, b/)
})
