import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { projectRoot } from '#socle/config'
import { openTestDatabase } from '#tests/base'
import { fichiersDEssai } from './demarrer.ts'

const PATIENCE = 60_000

test('the site and its background work stop together when asked to, each process gone', async () => {
  const base = await openTestDatabase()
  const { host, port, user, password, database } = base.settings
  const depart = spawn(process.execPath, [join(projectRoot, 'dist/src/amont.js'), 'demarrer'], {
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: `postgresql://${user}:${encodeURIComponent(password ?? '')}@/${database}?host=${encodeURIComponent(host ?? '')}&port=${port}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let sortie = ''
  const pret = new Promise<void>((resolve, reject) => {
    const lire = (morceau: Buffer) => {
      sortie += morceau.toString()
      if (sortie.includes('Amont est prêt')) resolve()
    }
    depart.stdout.on('data', lire)
    depart.stderr.on('data', lire)
    depart.once('exit', () => reject(new Error(sortie)))
  })
  try {
    await pret
    // The worker opens its own connections: it is up once the queue knows it.
    for (const debut = Date.now(); Date.now() - debut < PATIENCE; ) {
      const { rows } = await base.pool.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and query ilike 'listen%'`,
      )
      if ((rows[0]?.n ?? 0) > 0) break
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    const fin = once(depart, 'exit')
    depart.kill('SIGTERM')
    const arrete = await Promise.race([
      fin,
      new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE).unref()),
    ])
    assert.ok(arrete, `still running a minute later\n${sortie}`)
    assert.deepEqual(arrete, [0, null])
  } finally {
    depart.kill('SIGKILL')
    await base.close()
  }
})

test('the sample files are announced to the only département they fit', () => {
  assert.match(fichiersDEssai('71'), /donnees\/exemples\//)
  assert.equal(fichiersDEssai('99'), '')
})
