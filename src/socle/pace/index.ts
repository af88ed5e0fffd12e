import { setImmediate } from 'node:timers/promises'

/**
 * Shares the event loop inside a long loop: the returned function answers a promise to await once `sliceMs` milliseconds have
 * gone by since the last turn given, and `undefined` otherwise, so that the fast path awaits nothing.
 */
export function createPacer(sliceMs = 8): () => Promise<unknown> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < sliceMs) return undefined
    return setImmediate().then(() => {
      last = performance.now()
    })
  }
}

/** `items.map(transform)`, sharing the event loop on the way. */
export async function mapPaced<Item, Result>(
  items: Iterable<Item>,
  transform: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = []
  const pace = createPacer()
  for (const item of items) {
    results.push(transform(item))
    const turn = pace()
    if (turn) await turn
  }
  return results
}
