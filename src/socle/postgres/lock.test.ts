import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { attach, countAttached, detach, withLock } from './lock.ts'
import { inspectProcess } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'amont-lock-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid

test('two callers take turns, and nothing stays behind', async () => {
  const file = join(folder, 'turns')
  const order: string[] = []
  const work = (name: string) => async (): Promise<void> => {
    order.push(`${name} in`)
    await sleep(30)
    order.push(`${name} out`)
  }
  await Promise.all([withLock(file, work('a')), withLock(file, work('b'))])
  assert.deepEqual(order, ['a in', 'a out', 'b in', 'b out'])
  assert.equal(existsSync(file), false)
})

test('processes take turns: none loses the addition of another', async () => {
  const file = join(folder, 'processes')
  const counter = join(folder, 'counter')
  writeFileSync(counter, '0')
  const script = `import { readFileSync, writeFileSync } from 'node:fs'
    const { withLock } = await import(${JSON.stringify(new URL('./lock.js', import.meta.url).href)})
    for (let i = 0; i < 15; i++) await withLock(process.argv[1], async () => {
      const n = Number(readFileSync(process.argv[2], 'utf8'))
      await new Promise((r) => setTimeout(r, 2))
      writeFileSync(process.argv[2], String(n + 1))
    })`
  const run = (): Promise<number | null> =>
    new Promise((done) => {
      const args = ['--input-type=module', '-e', script, file, counter]
      spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).on('exit', done)
    })
  assert.deepEqual(await Promise.all([run(), run(), run()]), [0, 0, 0])
  assert.equal(readFileSync(counter, 'utf8'), '45')
})

test('the failure of one caller does not hold the next', async () => {
  const file = join(folder, 'failure')
  await assert.rejects(
    withLock(file, async () => {
      throw new Error('broken')
    }),
    /broken/,
  )
  assert.equal(await withLock(file, async () => 'next'), 'next')
})

test('takes over the lock of a dead process, and of one whose number now belongs to another', async () => {
  const file = join(folder, 'stale')
  writeFileSync(file, `${deadPid()}\n12\n`)
  assert.equal(await withLock(file, async () => 'taken', 1_000), 'taken')
  writeFileSync(file, `${process.ppid}\nnot its start\n`)
  assert.equal(await withLock(file, async () => 'taken', 1_000), 'taken')
  writeFileSync(file, `${process.pid}\n${inspectProcess(process.pid)?.started}\n`)
  assert.equal(await withLock(file, async () => 'taken', 1_000), 'taken')
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('stale')),
    [],
  )
})

test('waits for a live holder, then says which file to look at', async () => {
  const file = join(folder, 'held')
  writeFileSync(file, `${process.ppid}\n${inspectProcess(process.ppid)?.started}\n`)
  await assert.rejects(
    withLock(file, async () => {}, 100),
    { name: 'Refus', code: 'postgres.verrou-tenu' },
  )
  assert.equal(existsSync(file), true)
})

test('counts the uses of live processes and forgets the others', () => {
  const uses = mkdtempSync(join(folder, 'uses-'))
  const first = attach(uses)
  const second = attach(uses)
  writeFileSync(join(uses, `${deadPid()}-aaaa`), '')
  writeFileSync(join(uses, `${process.ppid}-bbbb`), `${process.ppid}\nnot its start\n`)
  assert.equal(countAttached(uses), 2)
  assert.equal(readdirSync(uses).length, 2)
  detach(first)
  assert.equal(countAttached(uses), 1)
  detach(second)
  assert.equal(countAttached(uses), 0)
})
