import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lireCouverture } from './exigences.ts'

test('requirements are shown by the tests whose title carries their number, and the others are listed as not yet shown', async () => {
  const racine = await mkdtemp(join(tmpdir(), 'amont-exigences-'))
  await mkdir(join(racine, 'docs'))
  await mkdir(join(racine, 'tests'))
  await writeFile(join(racine, 'docs/exigences.md'), '| N° | Quoi |\n| SIG-01 | x |\n| SIG-02 | y |\n| RAP-01 | z |\n')
  await writeFile(
    join(racine, 'tests/a.test.ts'),
    "test('[SIG-02] [RAP-01] does it', () => {})\ntest('no number', () => {})\n",
  )
  await writeFile(
    join(racine, 'tests/b.test.ts'),
    "for (const [titre] of [\n  [\n    '[SIG-01] a row of a table',\n    1,\n  ],\n])\n  test(titre, () => assert.ok(lu, '[RAP-01] a message is no title'))\n",
  )
  const couverture = lireCouverture(racine)
  assert.deepEqual([...couverture.keys()], ['SIG', 'RAP'])
  assert.deepEqual(
    couverture.get('SIG')?.map(({ numero, tests }) => [numero, tests.length]),
    [
      ['SIG-01', 1],
      ['SIG-02', 1],
    ],
  )
  assert.equal(couverture.get('RAP')?.[0]?.tests.length, 1)
  await rm(racine, { recursive: true })
})
