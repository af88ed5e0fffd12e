import type { TestEvent } from 'node:test/reporters'

/** Counts leaf tests (a suite is not a test) and says so in one machine line the runner reads. */
// biome-ignore lint/style/noDefaultExport: node:test loads a reporter by its default export
export default async function* counter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0
  let failed = 0
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    if (event.data.details.type === 'suite') continue
    if (event.data.skip !== undefined || event.data.todo !== undefined) continue
    if (event.type === 'test:pass') passed += 1
    else failed += 1
  }
  yield `@compte ${passed} ${failed}\n`
}
