/** One published equation: a total and the cells it is the sum of. */
export interface Sum {
  readonly total: string
  readonly parts: readonly string[]
}

interface Bounds {
  lo: number
  hi: number
}

/** Masked cells that the sums link, apart from the others, with these sums. */
interface Group {
  readonly keys: ReadonlySet<string>
  readonly sums: readonly Sum[]
}

/** What somebody who reads the shown cells and knows the sums can bound each masked one to: at least one each, since nothing is shown as zero. */
function boundsOf(cells: ReadonlyMap<string, number>, { keys, sums }: Group): ReadonlyMap<string, Bounds> {
  const bounds = new Map([...keys].map((key): [string, Bounds] => [key, { lo: 1, hi: Number.POSITIVE_INFINITY }]))
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
      const lo = each.reduce((n, one) => n + one.lo, 0)
      const hi = each.reduce((n, one) => n + one.hi, 0)
      narrow(total, lo, hi)
      const whole = of(total)
      for (const [rank, key] of parts.entries())
        if (bounds.has(key)) {
          const own = each[rank] ?? whole
          const others =
            own.hi < Number.POSITIVE_INFINITY
              ? hi - own.hi
              : each.reduce((n, one, other) => (other === rank ? n : n + one.hi), 0)
          narrow(key, whole.lo - others, whole.hi - (lo - own.lo))
        }
    }
  }
  return bounds
}

/** Masked cells that the sums give together though no one of them does: the unit rows of their reduced form. */
function solved({ keys, sums }: Group): ReadonlySet<string> {
  type Row = Map<string, number>
  const add = (row: Row, key: string, n: number) => {
    const held = (row.get(key) ?? 0) + n
    if (Math.abs(held) < 1e-9) row.delete(key)
    else row.set(key, held)
  }
  /** By the cell each gives from the others; no row holds the cell of another. */
  const rows = new Map<string, Row>()
  for (const { total, parts } of sums) {
    const row: Row = new Map()
    for (const key of parts) if (keys.has(key)) add(row, key, 1)
    if (keys.has(total)) add(row, total, -1)
    const reduce = (one: Row, by: Row, n: number) => {
      for (const [key, held] of by) add(one, key, -n * held)
    }
    for (const [key, n] of [...row]) {
      const by = rows.get(key)
      if (by) reduce(row, by, n)
    }
    const [first] = row
    if (!first) continue
    const [pivot, scale] = first
    for (const [key, held] of row) row.set(key, held / scale)
    for (const other of rows.values()) {
      const n = other.get(pivot)
      if (n !== undefined) reduce(other, row, n)
    }
    rows.set(pivot, row)
  }
  return new Set([...rows].flatMap(([key, row]) => (row.size === 1 ? [key] : [])))
}

/**
 * Chooses which counts of linked tables not to show (primary, then complementary suppression). A count between one and `threshold` - 1 is small: it is masked, with as
 * many others as it takes for the sums to leave it anywhere between one and `threshold` - 1; a total whose parts are not zero is known to be at least so many. Zero is
 * always shown: it points to nobody. `hidden`: counts that are shown nowhere and yet link the tables; they protect before anything else does. Throws when a total is not
 * the sum of its parts: bounds would narrow without end.
 */
export function maskCounts(
  cells: ReadonlyMap<string, number>,
  sums: readonly Sum[],
  threshold: number,
  hidden: readonly string[] = [],
): ReadonlySet<string> {
  const value = (key: string): number => cells.get(key) ?? 0
  const sumsOf = new Map<string, Sum[]>()
  for (const sum of sums) {
    const { total, parts } = sum
    if (value(total) !== parts.reduce((n, part) => n + value(part), 0))
      throw new Error(`${total} is not the sum of ${parts.join(', ')}`)
    for (const key of [total, ...parts]) {
      const held = sumsOf.get(key)
      if (held) held.push(sum)
      else sumsOf.set(key, [sum])
    }
  }
  const free = new Set(hidden)
  const small = new Set([...cells.keys()].filter((key) => value(key) > 0 && value(key) < threshold && !free.has(key)))
  const masked = new Set(small)
  /** The fewest each is known to be whatever is masked: its parts that are not zero are at least one. */
  const fewest = boundsOf(cells, { keys: new Set([...cells.keys()].filter((key) => value(key) > 0)), sums })
  const groupOf = (from: string): Group => {
    const [keys, linked] = [new Set([from]), new Set<Sum>()]
    for (const key of keys)
      for (const sum of sumsOf.get(key) ?? [])
        if (!linked.has(sum)) {
          linked.add(sum)
          for (const one of [sum.total, ...sum.parts]) if (masked.has(one)) keys.add(one)
        }
    return { keys, sums: [...linked] }
  }
  /** The smallest count still shown beside a small one, or beside what hides it; what is shown nowhere first, parts before totals. */
  const next = (key: string): string | undefined => {
    const near = new Set([key])
    for (;;) {
      const known = near.size
      const touched = new Set([...near].flatMap((one) => sumsOf.get(one) ?? []))
      const [found] = [...touched]
        .flatMap(({ total, parts }) => [...parts.map((part) => ({ part, whole: 0 })), { part: total, whole: 1 }])
        .filter(({ part }) => !masked.has(part) && value(part) > 0)
        .map((one) => ({ ...one, seen: free.has(one.part) ? 0 : 1 }))
        .toSorted((a, b) => a.seen - b.seen || a.whole - b.whole || value(a.part) - value(b.part))
      if (found) return found.part
      for (const { total, parts } of touched) for (const one of [total, ...parts]) if (masked.has(one)) near.add(one)
      if (near.size === known) return undefined
    }
  }
  /** A small count of this group that is known too well. */
  const lacking = (group: Group): string | undefined => {
    const bounds = boundsOf(cells, group)
    const narrow = ([key, { lo, hi }]: [string, Bounds]): boolean =>
      small.has(key) && (lo > (fewest.get(key)?.lo ?? 1) || hi < threshold - 1 || hi === lo)
    const found = [...bounds].find(narrow)
    return found ? found[0] : [...solved(group)].find((key) => small.has(key))
  }
  /** One for each of the groups of these cells that is not safe. */
  const unsafe = (from: Iterable<string>): string[] => {
    const seen = new Set<string>()
    const found: string[] = []
    for (const key of from)
      if (masked.has(key) && !seen.has(key)) {
        const group = groupOf(key)
        for (const linked of group.keys) seen.add(linked)
        const one = lacking(group)
        if (one !== undefined) found.push(one)
      }
    return found
  }
  for (let open: readonly string[] = [...small]; open.length > 0; ) {
    const again: string[] = []
    for (const key of unsafe(open)) {
      const added = next(key)
      if (added === undefined) continue
      masked.add(added)
      again.push(key)
    }
    open = again
  }
  // What went first may not have to go any more once the rest went: the largest comes back first.
  const back = [...masked].filter((key) => !small.has(key) && !free.has(key))
  for (const key of back.toSorted((a, b) => value(b) - value(a))) {
    const { keys } = groupOf(key)
    masked.delete(key)
    if (unsafe(keys).length > 0) masked.add(key)
  }
  return masked
}
