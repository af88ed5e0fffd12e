/** One published equation: a total and the cells it is the sum of. */
export interface Sum {
  readonly total: string
  readonly parts: readonly string[]
}

interface Bounds {
  lo: number
  hi: number
}

/** What somebody who reads the shown cells and knows the sums can bound each masked one to: at least one each, since nothing is shown as zero. */
function boundsOf(cells: ReadonlyMap<string, number>, masked: ReadonlySet<string>, sums: readonly Sum[]) {
  const bounds = new Map([...masked].map((key): [string, Bounds] => [key, { lo: 1, hi: Number.POSITIVE_INFINITY }]))
  const of = (key: string): Bounds => {
    const shown = cells.get(key) ?? 0
    return bounds.get(key) ?? { lo: shown, hi: shown }
  }
  for (let moved = true; moved; ) {
    moved = false
    const narrow = (key: string, lo: number, hi: number) => {
      const bound = bounds.get(key)
      if (!bound || (lo <= bound.lo && hi >= bound.hi)) return
      bound.lo = Math.max(bound.lo, lo)
      bound.hi = Math.min(bound.hi, hi)
      moved = true
    }
    for (const { total, parts } of sums) {
      const each = parts.map(of)
      const [lo, hi] = [each.reduce((n, one) => n + one.lo, 0), each.reduce((n, one) => n + one.hi, 0)]
      narrow(total, lo, hi)
      const whole = of(total)
      parts.forEach((key, rank) => {
        const others = each.filter((_, other) => other !== rank)
        narrow(
          key,
          whole.lo - others.reduce((n, one) => n + one.hi, 0),
          whole.hi - others.reduce((n, one) => n + one.lo, 0),
        )
      })
    }
  }
  return bounds
}

/** Masked cells that the equations give together though no one of them does: the unit rows of their reduced form. */
function solved(masked: ReadonlySet<string>, sums: readonly Sum[]): Set<string> {
  const keys = [...masked]
  const rank = new Map(keys.map((key, index) => [key, index]))
  const rows = sums
    .map(({ total, parts }) => {
      const row = new Float64Array(keys.length)
      const add = (key: string, sign: number) => {
        const at = rank.get(key)
        if (at !== undefined) row[at] = (row[at] ?? 0) + sign
      }
      add(total, -1)
      for (const part of parts) add(part, 1)
      return row
    })
    .filter((row) => row.some((value) => value !== 0))
  let top = 0
  for (let column = 0; column < keys.length && top < rows.length; column += 1) {
    const pivot = rows.findIndex((row, index) => index >= top && Math.abs(row[column] ?? 0) > 1e-9)
    if (pivot < 0) continue
    const [chosen, first] = [rows[pivot], rows[top]]
    if (!chosen || !first) continue
    rows[pivot] = first
    rows[top] = chosen
    const scale = chosen[column] ?? 1
    for (let at = column; at < keys.length; at += 1) chosen[at] = (chosen[at] ?? 0) / scale
    rows.forEach((row, index) => {
      const factor = row[column] ?? 0
      if (index === top || Math.abs(factor) < 1e-9) return
      for (let at = column; at < keys.length; at += 1) row[at] = (row[at] ?? 0) - factor * (chosen[at] ?? 0)
    })
    top += 1
  }
  const alone = rows.flatMap((row) => {
    const held = keys.filter((_, index) => Math.abs(row[index] ?? 0) > 1e-9)
    return held.length === 1 ? held : []
  })
  return new Set(alone)
}

/**
 * Chooses which counts of linked tables not to show (primary, then complementary suppression). A count between one and `threshold` - 1 is small: it is masked, with as
 * many others as it takes for the sums to leave it anywhere between one and `threshold` - 1. Zero is always shown: it points to nobody. `hidden`: totals that are
 * never shown and yet link the tables. Throws when a total is not the sum of its parts: bounds would narrow without end.
 */
export function maskCounts(
  cells: ReadonlyMap<string, number>,
  sums: readonly Sum[],
  threshold: number,
  hidden: readonly string[] = [],
): ReadonlySet<string> {
  const value = (key: string): number => cells.get(key) ?? 0
  for (const { total, parts } of sums)
    if (value(total) !== parts.reduce((n, part) => n + value(part), 0))
      throw new Error(`${total} is not the sum of ${parts.join(', ')}`)
  const small = [...cells.keys()].filter((key) => value(key) > 0 && value(key) < threshold && !hidden.includes(key))
  const masked = new Set([...small, ...hidden.filter((key) => value(key) > 0)])
  /** The smallest count still shown beside a small one, or beside what hides it; parts before totals. */
  const next = (key: string): string | undefined => {
    const near = new Set([key])
    for (;;) {
      const known = near.size
      const touched = sums.filter(({ total, parts }) => near.has(total) || parts.some((part) => near.has(part)))
      const [found] = touched
        .flatMap(({ total, parts }) => [...parts.map((part) => ({ part, whole: 0 })), { part: total, whole: 1 }])
        .filter(({ part }) => !masked.has(part) && value(part) > 0)
        .toSorted((a, b) => a.whole - b.whole || value(a.part) - value(b.part))
      if (found) return found.part
      for (const { total, parts } of touched) for (const one of [total, ...parts]) near.add(one)
      if (near.size === known) return undefined
    }
  }
  for (;;) {
    const bounds = boundsOf(cells, masked, sums)
    const alone = solved(masked, sums)
    const given = small.filter((key) => {
      const bound = bounds.get(key)
      return alone.has(key) || (bound !== undefined && (bound.lo > 1 || bound.hi < threshold - 1))
    })
    const added = given.flatMap((key) => next(key) ?? [])[0]
    if (added === undefined) return masked
    masked.add(added)
  }
}
