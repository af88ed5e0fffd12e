import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pg from 'pg'
import type { Major } from './binaries.ts'
import { SETTINGS } from './cluster.ts'
import { inspectProcess, runsCluster, waitUntil } from './processes.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres, startWith } from './start.ts'

// Folders made here by root must let the account of PostgreSQL through.
process.umask(0o022)
const folder = mkdtempSync(join(tmpdir(), 'amont-db-'))
chmodSync(folder, 0o755)
const onSocket = { skip: process.platform === 'win32' }
const majors: readonly Major[] = process.platform === 'linux' && process.arch === 'x64' ? [18, 15] : [18]

const clusterOf = (dataDir: string): string => join(dataDir, 'postgres', 'data', 'cluster')
const pidFileOf = (dataDir: string): string => join(clusterOf(dataDir), 'postmaster.pid')
const postmasterOf = (dataDir: string): number => Number(readFileSync(pidFileOf(dataDir), 'utf8').split('\n')[0])
const isGone = (pid: number) => (): boolean => inspectProcess(pid) === undefined

/** Whatever a failed test left running is stopped: only servers working in this file's own folder. */
after(async () => {
  for (const name of readdirSync(folder)) {
    const dataDir = join(folder, name)
    if (!existsSync(pidFileOf(dataDir))) continue
    const pid = postmasterOf(dataDir)
    const facts = inspectProcess(pid)
    if (facts === undefined || runsCluster(facts, clusterOf(dataDir)) !== true) continue
    process.kill(pid, 'SIGQUIT')
    await waitUntil(isGone(pid), 10_000)
  }
  rmSync(folder, { recursive: true, force: true })
})

async function query(server: EmbeddedPostgres, text: string): Promise<Record<string, unknown>[]> {
  const { host, port, user, database } = server
  const client = new pg.Client({
    host,
    port,
    user,
    database,
    ...(server.password ? { password: server.password } : {}),
  })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows as Record<string, unknown>[]
  } finally {
    await client.end().catch(() => {})
  }
}

/** A process of its own that starts or joins the server, says so, and waits to be told to end. */
function spawnChild(dataDir: string, atEnd = 'await server.stop()') {
  const script = `const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./start.js', import.meta.url).href)})
    const server = await startEmbeddedPostgres({ dataDir: process.argv[1] })
    console.log(JSON.stringify({ adopted: server.adopted }))
    process.stdin.once('data', async () => { ${atEnd}; process.exit() })`
  const args = ['--input-type=module', '-e', script, dataDir]
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
}

async function launchChild(dataDir: string, atEnd?: string): Promise<{ child: ChildProcess; adopted: boolean }> {
  const child = spawnChild(dataDir, atEnd)
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, ...(JSON.parse(line.toString()) as { adopted: boolean }) }
}

async function end(child: ChildProcess): Promise<void> {
  child.stdin?.write('end\n')
  await once(child, 'exit')
}

for (const major of majors) {
  test(`PostgreSQL ${major}: creates, answers, stops, starts again with its rows`, async () => {
    const dataDir = join(folder, `v${major}`)
    const said: string[] = []
    const first = await startEmbeddedPostgres({ dataDir, major, log: (message) => said.push(message) })
    assert.equal(first.adopted, false)
    assert.equal(first.database, 'amont')
    assert.deepEqual(said, [`Création de la base (PostgreSQL ${major})…`])
    const [row] = await query(
      first,
      `select current_setting('server_version_num')::int / 10000 as major, lower('É') as lower`,
    )
    assert.deepEqual(row, { major, lower: 'é' })
    const sorted = await query(
      first,
      `select n from (values ('eric'), ('Zoé'), ('Étienne'), ('Adam')) v(n) order by n collate "fr-x-icu"`,
    )
    assert.deepEqual(
      sorted.map((line) => line.n),
      ['Adam', 'eric', 'Étienne', 'Zoé'],
    )
    for (const name of ['pg_trgm', 'unaccent', 'fuzzystrmatch', 'btree_gist', 'pgcrypto']) {
      await query(first, `create extension ${name}`)
    }
    await query(first, 'create table t as select 1 as n')
    const pid = postmasterOf(dataDir)
    await first.stop()
    await first.stop()
    assert.ok(isGone(pid)())
    assert.equal(existsSync(pidFileOf(dataDir)), false)

    const second = await startEmbeddedPostgres({ dataDir, major })
    assert.deepEqual(await query(second, 'select n from t'), [{ n: 1 }])
    await second.stop()
  })
}

test('[S3] durability is on, and the log settings keep a failed row out of the log', async () => {
  const dataDir = join(folder, 'v18')
  const server = await startEmbeddedPostgres({ dataDir })
  const expected = {
    fsync: 'on',
    jit: 'off',
    TimeZone: 'UTC',
    max_connections: '60',
    shared_buffers: SETTINGS.shared_buffers,
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_statement: 'none',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    server_encoding: 'UTF8',
    data_checksums: 'on',
  }
  for (const [name, value] of Object.entries(expected)) {
    assert.deepEqual(await query(server, `select current_setting('${name}') as value`), [{ value }], name)
  }
  await query(server, `create table note (texte text check (length(texte) < 3))`)
  await assert.rejects(query(server, `insert into note values ('canari-7f3a')`), /note_texte_check/)
  await server.stop()
  const log = readFileSync(join(dataDir, 'postgres', 'postgres.log'), 'utf8')
  assert.match(log, /note_texte_check/)
  assert.doesNotMatch(log, /canari/)
})

test('each start begins a new log and keeps the one before', async () => {
  const dataDir = join(folder, 'v18')
  const log = join(dataDir, 'postgres', 'postgres.log')
  writeFileSync(log, 'x'.repeat(1_000_000))
  await (await startEmbeddedPostgres({ dataDir })).stop()
  assert.ok(statSync(log).size < 10_000)
  assert.equal(statSync(`${log}.1`).size, 1_000_000)
})

test('the only way in is a socket in a folder of mode 0700', onSocket, async () => {
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'v18') })
  assert.equal(statSync(server.host).mode & 0o777, 0o700)
  assert.equal(server.password, undefined)
  const [row] = await query(server, `select current_setting('listen_addresses') as listened`)
  assert.deepEqual(row, { listened: '' })
  await server.stop()
})

test(
  'serves data whose path is too long for a socket, through a folder that goes away with the server',
  onSocket,
  async () => {
    const dataDir = join(folder, `long ${'é'.repeat(40)}`)
    const server = await startEmbeddedPostgres({ dataDir })
    assert.ok(Buffer.byteLength(server.host) < 90)
    assert.equal(statSync(server.host).mode & 0o777, 0o700)
    const second = await startEmbeddedPostgres({ dataDir })
    assert.equal(second.adopted, true)
    assert.equal(second.host, server.host)
    await second.stop()
    assert.deepEqual(await query(server, 'select 1 as n'), [{ n: 1 }])
    await server.stop()
    assert.equal(existsSync(server.host), false)
  },
)

test('a second start joins the server; the last use to end stops it', async () => {
  const dataDir = join(folder, 'v18')
  const [first, second] = await Promise.all([startEmbeddedPostgres({ dataDir }), startEmbeddedPostgres({ dataDir })])
  assert.deepEqual([first.adopted, second.adopted], [false, true])
  const pid = postmasterOf(dataDir)
  await first.stop()
  assert.deepEqual(await query(second, 'select 1 as n'), [{ n: 1 }])
  await second.stop()
  assert.ok(isGone(pid)())
})

test('a command run beside the application joins its server and leaves it running', async () => {
  const dataDir = join(folder, 'v18')
  const server = await startEmbeddedPostgres({ dataDir })
  const { child, adopted } = await launchChild(dataDir)
  assert.equal(adopted, true)
  await end(child)
  assert.deepEqual(await query(server, 'select 1 as n'), [{ n: 1 }])
  await server.stop()
})

test('several processes that start at once share one server', async () => {
  const dataDir = join(folder, 'together')
  const children = await Promise.all([launchChild(dataDir), launchChild(dataDir), launchChild(dataDir)])
  assert.equal(children.filter(({ adopted }) => !adopted).length, 1)
  const pid = postmasterOf(dataDir)
  await Promise.all(children.map(({ child }) => end(child)))
  assert.ok(isGone(pid)())
})

test('a process that ends without stopping leaves no server behind', async () => {
  const dataDir = join(folder, 'v18')
  const { child } = await launchChild(dataDir, '')
  const pid = postmasterOf(dataDir)
  await end(child)
  assert.ok(await waitUntil(isGone(pid), 10_000))
})

test('joins the server of a killed process, then stops it', async () => {
  const dataDir = join(folder, 'v18')
  const { child } = await launchChild(dataDir)
  const pid = postmasterOf(dataDir)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.ok(inspectProcess(pid), 'the server outlives its launcher')
  const server = await startEmbeddedPostgres({ dataDir })
  assert.equal(server.adopted, true)
  assert.equal(postmasterOf(dataDir), pid)
  assert.deepEqual(await query(server, 'select 1 as n'), [{ n: 1 }])
  await server.stop()
  assert.ok(isGone(pid)())
})

test('stops a server that no longer answers, unless somebody uses it', onSocket, async () => {
  const dataDir = join(folder, 'v18')
  const { child } = await launchChild(dataDir)
  const pid = postmasterOf(dataDir)
  rmSync(join(dataDir, 'postgres', 'data', 'socket', '.s.PGSQL.5432'))
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'postgres.muette' })
  assert.ok(inspectProcess(pid))
  child.kill('SIGKILL')
  await once(child, 'exit')
  const server = await startEmbeddedPostgres({ dataDir })
  assert.equal(server.adopted, false)
  assert.ok(isGone(pid)())
  assert.deepEqual(await query(server, 'select 1 as n'), [{ n: 1 }])
  await server.stop()
})

for (const major of majors) {
  test(`PostgreSQL ${major}: committed rows survive the death of the server under load`, onSocket, async () => {
    const dataDir = join(folder, `v${major}`)
    const server = await startEmbeddedPostgres({ dataDir, major })
    await query(server, 'create table if not exists acknowledged (n int)')
    await query(server, 'truncate acknowledged')
    const client = new pg.Client({ host: server.host, port: server.port, user: server.user, database: server.database })
    client.on('error', () => {})
    await client.connect()
    const asleep = query(server, 'select pg_sleep(60)').catch(() => {})
    let count = 0
    setTimeout(() => process.kill(postmasterOf(dataDir), 'SIGKILL'), 150)
    const pid = postmasterOf(dataDir)
    try {
      for (;;) {
        await client.query('insert into acknowledged values ($1)', [count])
        count += 1
        if (isGone(pid)()) break
      }
    } catch {
      // The connection fell with the server: what follows was not acknowledged.
    }
    assert.ok(count > 0)
    const again = await startEmbeddedPostgres({ dataDir, major })
    assert.equal(again.adopted, false)
    const [row] = await query(again, 'select count(distinct n)::int as n, max(n) as last from acknowledged')
    assert.ok(Number(row?.n) >= count)
    await Promise.all([asleep, client.end().catch(() => {})])
    await again.stop()
    await server.stop()
  })
}

test('starts on the leftovers of a dead server, and of one whose number now belongs to another program', async () => {
  const dataDir = join(folder, 'v18')
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' })
  try {
    for (const pid of [dead, stranger.pid]) {
      const lines = [
        pid,
        clusterOf(dataDir),
        1_800_000_000,
        5432,
        join(dataDir, 'postgres/data/socket'),
        '',
        '1 1',
        'ready',
      ]
      writeFileSync(pidFileOf(dataDir), `${lines.join('\n')}\n`)
      const server = await startEmbeddedPostgres({ dataDir })
      assert.equal(server.adopted, false)
      assert.deepEqual(await query(server, 'select 1 as n'), [{ n: 1 }])
      await server.stop()
    }
    assert.equal(stranger.exitCode, null)
    assert.equal(stranger.signalCode, null)
  } finally {
    stranger.kill('SIGKILL')
  }
})

test('starts when the killed server is a zombie that nobody reaps', {
  skip: process.platform !== 'linux',
}, async () => {
  const dataDir = join(folder, 'v18')
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const zombie = Number(line.toString())
    assert.ok(await waitUntil(isGone(zombie), 5_000))
    process.kill(zombie, 0)
    const socket = join(dataDir, 'postgres/data/socket')
    writeFileSync(pidFileOf(dataDir), `${zombie}\n${clusterOf(dataDir)}\n1800000000\n5432\n${socket}\n\n1 1\nready\n`)
    writeFileSync(join(socket, '.s.PGSQL.5432.lock'), `${zombie}\n${clusterOf(dataDir)}\n1800000000\n5432\n${socket}\n`)
    const server = await startEmbeddedPostgres({ dataDir })
    assert.equal(server.adopted, false)
    await server.stop()
  } finally {
    parent.kill('SIGKILL')
  }
})

test('a copy of the folder of a running server neither joins nor stops the original', async () => {
  const original = join(folder, 'v18')
  const server = await startEmbeddedPostgres({ dataDir: original })
  const pid = postmasterOf(original)
  const copy = join(folder, 'copy')
  mkdirSync(join(copy, 'postgres'), { recursive: true })
  cpSync(join(original, 'postgres', 'data', 'cluster'), join(copy, 'postgres', 'data', 'cluster'), { recursive: true })
  const second = await startEmbeddedPostgres({ dataDir: copy })
  assert.equal(second.adopted, false)
  assert.notEqual(postmasterOf(copy), pid)
  await second.stop()
  assert.equal(postmasterOf(original), pid)
  assert.deepEqual(await query(server, 'select 1 as n'), [{ n: 1 }])
  await server.stop()
})

test('a creation cut short is begun again', onSocket, async () => {
  const dataDir = join(folder, 'cut')
  const data = join(dataDir, 'postgres', 'data')
  const child = spawnChild(dataDir)
  const isUnderWay = (): boolean =>
    existsSync(data) && readdirSync(data).some((name) => existsSync(join(data, name, 'PG_VERSION')))
  assert.ok(await waitUntil(isUnderWay, 20_000))
  assert.ok(child.pid)
  process.kill(-child.pid, 'SIGKILL')
  await once(child, 'exit')
  const server = await startEmbeddedPostgres({ dataDir })
  assert.deepEqual(await query(server, 'select 1 as n'), [{ n: 1 }])
  await server.stop()
})

test('refuses data of another major version, touches nothing, and says what to do', async () => {
  const dataDir = join(folder, 'older')
  mkdirSync(clusterOf(dataDir), { recursive: true })
  writeFileSync(join(clusterOf(dataDir), 'PG_VERSION'), '17\n')
  await assert.rejects(startEmbeddedPostgres({ dataDir }), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'postgres.version-differente')
    assert.match(error.message, /PostgreSQL 17.*PostgreSQL 18.*DATABASE_URL.*AMONT_DATA_DIR/s)
    return true
  })
  assert.deepEqual(readdirSync(clusterOf(dataDir)), ['PG_VERSION'])
  rmSync(join(clusterOf(dataDir), 'PG_VERSION'))
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'postgres.donnees-incompletes' })
})

test('a server that cannot start gives the end of its log', async () => {
  const dataDir = join(folder, 'broken')
  const server = await startEmbeddedPostgres({ dataDir })
  await server.stop()
  rmSync(join(clusterOf(dataDir), 'global', 'pg_control'))
  await assert.rejects(startEmbeddedPostgres({ dataDir }), {
    code: 'postgres.demarrage',
    message: /n’a pas démarré[\s\S]*pg_control/,
  })
  assert.deepEqual(readdirSync(join(dataDir, 'postgres', 'attached')), [])
})

test('the means of Windows: a loopback port, a password, pg_ctl', async () => {
  const dataDir = join(folder, 'loopback')
  const means = { transport: 'loopback', launcher: 'pg_ctl' } as const
  const server = await startWith({ dataDir }, means)
  assert.equal(server.host, '127.0.0.1')
  assert.ok(server.password && server.password.length >= 40)
  assert.deepEqual(await query(server, 'select 1 as n'), [{ n: 1 }])
  await assert.rejects(query({ ...server, password: 'wrong' }, 'select 1'), { code: '28P01' })
  const second = await startWith({ dataDir }, means)
  assert.equal(second.adopted, true)
  const pid = postmasterOf(dataDir)
  await second.stop()
  await server.stop()
  assert.ok(await waitUntil(isGone(pid), 5_000))
})
