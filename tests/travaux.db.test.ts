import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCronItems, startWorker } from '#socle/queue'
import { openTestDatabase } from '#tests/base'

test('a worker started again makes up for the morning it missed', async () => {
  const base = await openTestDatabase()
  // What an earlier run leaves behind: the schedule known for two days, last followed more than a day ago.
  await base.pool.query(`insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
    values ('matin', now() - interval '50 hours', now() - interval '26 hours')`)
  const fait = Promise.withResolvers<string>()
  const travaux = await startWorker(
    base,
    { matin: async () => fait.resolve('fait') },
    parseCronItems([{ task: 'matin', match: '30 3 * * *', options: { backfillPeriod: 86_400_000 } }]),
  )
  const delai = setTimeout(() => fait.resolve('jamais lancé'), 20_000)
  assert.equal(await fait.promise, 'fait')
  clearTimeout(delai)
  await travaux.stop()
  await base.close()
})
