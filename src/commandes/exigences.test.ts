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
  const couverture = lireCouverture(racine)
  assert.deepEqual([...couverture.keys()], ['SIG', 'RAP'])
  assert.deepEqual(
    couverture.get('SIG')?.map(({ numero, tests }) => [numero, tests.length]),
    [
      ['SIG-01', 0],
      ['SIG-02', 1],
    ],
  )
  await rm(racine, { recursive: true })
})
