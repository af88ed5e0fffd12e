import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { inspectProcess, inspectThroughPs, parsePidFile, runsCluster, waitUntil } from './processes.ts'

const onUnix = { skip: process.platform === 'win32' }
const onLinux = { skip: process.platform !== 'linux' }

test('reads postmaster.pid of a ready server, with socket and with loopback port', () => {
  const socket = '4242\n/srv/cluster\n1800000000\n5432\n/srv/socket\n\n  123 456\nready   \n'
  assert.deepEqual(parsePidFile(socket), { pid: 4242, port: 5432, socketFolder: '/srv/socket', state: 'ready' })
  const loopback = '4242\n/srv/cluster\n1800000000\n41000\n\n127.0.0.1\n  123 456\nstopping\n'
  assert.deepEqual(parsePidFile(loopback), { pid: 4242, port: 41000, socketFolder: '', state: 'stopping' })
})

test('takes an unfinished postmaster.pid for a server that is starting, and an empty one for nothing', () => {
  assert.equal(parsePidFile('4242\n/srv/cluster\n1800000000\n5432\n')?.state, 'starting')
  assert.equal(parsePidFile(''), undefined)
  assert.equal(parsePidFile('garbage\n'), undefined)
})

test('a zombie counts as dead', onLinux, async () => {
  // The shell forks a process that ends at once, then becomes a program that never reaps it.
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const pid = Number(
      await new Promise((done) => parent.stdout.once('data', (chunk: Buffer) => done(chunk.toString()))),
    )
    const isZombie = (): boolean => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    assert.ok(await waitUntil(isZombie, 5_000))
    process.kill(pid, 0)
    assert.equal(inspectProcess(pid), undefined)
    assert.equal(inspectThroughPs(pid), undefined)
  } finally {
    parent.kill('SIGKILL')
  }
})

test('ps, used where there is no /proc, tells the same command and a start that does not move', onUnix, () => {
  const facts = inspectThroughPs(process.pid)
  assert.ok(facts)
  assert.ok(facts.command.includes('node'))
  assert.equal(inspectThroughPs(process.pid)?.started, facts.started)
  assert.notEqual(facts.started, '')
  assert.equal(inspectThroughPs(2 ** 22 + 1), undefined)
})

test('recognises the server by its folder, else by its command, and never another program', () => {
  const facts = { started: '1', command: '/b/postgres -D /srv/a/cluster', folder: undefined }
  assert.equal(runsCluster(facts, '/srv/a/cluster'), true)
  assert.equal(runsCluster({ ...facts, command: 'vi /srv/a/cluster/notes' }, '/srv/a/cluster'), false)
  assert.equal(runsCluster({ ...facts, folder: '/srv/b/cluster' }, '/srv/a/cluster'), false)
  assert.equal(runsCluster({ ...facts, folder: '/srv/moved' }, '/srv/moved'), true)
  assert.equal(runsCluster({ ...facts, command: '' }, '/srv/a/cluster'), undefined)
})
