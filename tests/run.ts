import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '#socle/config'
import { startEmbeddedPostgres } from '#socle/postgres'
import { prepareTemplate } from './support/base.ts'

/**
 * Runs every test, counts what really ran, and prints `N passed, N failed` alone on the last line.
 * Database tests (`*.db.test.ts`) run on the embedded default major and again on the oldest one supported.
 */
interface Pass {
  readonly label: string
  readonly files: string[]
  readonly env: Record<string, string>
  readonly concurrency: number
}

interface Count {
  passed: number
  failed: number
}

function runPass(pass: Pass): Promise<Count> {
  const count: Count = { passed: 0, failed: 0 }
  if (pass.files.length === 0) return Promise.resolve(count)
  process.stdout.write(`\n== ${pass.label} (${pass.files.length} fichiers)\n`)
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [
        '--test',
        '--enable-source-maps',
        `--test-concurrency=${pass.concurrency}`,
        '--test-timeout=1500000',
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        `--test-reporter=${join(projectRoot, 'dist/tests/support/counter.js')}`,
        '--test-reporter-destination=stderr',
        ...pass.files,
      ],
      { cwd: projectRoot, env: { ...process.env, ...pass.env }, stdio: ['ignore', 'inherit', 'pipe'] },
    )
    let tail = ''
    child.stderr.on('data', (chunk: Buffer) => {
      const text = chunk.toString()
      tail += text
      process.stderr.write(text.replace(/^@compte .*\n/gm, ''))
    })
    child.on('close', (code) => {
      for (const match of tail.matchAll(/^@compte (\d+) (\d+)$/gm)) {
        count.passed += Number(match[1])
        count.failed += Number(match[2])
      }
      // A file that dies without reporting is a failure even when no test did.
      if (code !== 0 && count.failed === 0) count.failed = 1
      resolve(count)
    })
  })
}

const filter = process.argv.slice(2)
const all = globSync(['dist/src/**/*.test.js', 'dist/tests/**/*.test.js'], { cwd: projectRoot })
  .sort()
  .filter((file) => filter.length === 0 || filter.some((part) => file.includes(part)))
const isBrowser = (file: string) => file.includes('/navigateur/') || file.endsWith('catalogue.test.js')
const isDatabase = (file: string) => file.endsWith('.db.test.js')
const work = await mkdtemp(join(tmpdir(), 'amont-tests-'))
// PostgreSQL refuses to run as root: the account it runs under must be able to cross this folder.
await chmod(work, 0o711)
/** Files run at once: a file that waits for its server leaves the processor to another. The connections of PostgreSQL bound it. */
const concurrency = Math.min(4, Math.max(2, availableParallelism()))
const total: Count = { passed: 0, failed: 0 }
const MAJORS = [18, 15] as const
/** `AMONT_TEST_MAJEURES=18` runs database tests on one major only, while writing code; both run when it is absent. */
const chosen = process.env.AMONT_TEST_MAJEURES?.split(',').map(Number)
const majors = MAJORS.filter((major) => chosen?.includes(major) ?? true)
const servers = []
try {
  const env: Record<string, string> = { TZ: process.env.TZ ?? 'UTC', NODE_ENV: 'test' }
  if (all.some((file) => isDatabase(file) || isBrowser(file))) {
    for (const major of majors) {
      const server = await startEmbeddedPostgres({ dataDir: join(work, `pg${major}`), major })
      servers.push(server)
      await prepareTemplate(server)
      env[`AMONT_TEST_PG_${major}`] = JSON.stringify({
        host: server.host,
        port: server.port,
        user: server.user,
        password: server.password,
      })
    }
  }
  const passes: Pass[] = [
    {
      label: 'Règles et données',
      files: all.filter((file) => !isDatabase(file) && !isBrowser(file)),
      env,
      concurrency,
    },
    ...majors.map((major) => ({
      label: `Base PostgreSQL ${major}`,
      files: all.filter(isDatabase),
      env: { ...env, AMONT_TEST_MAJOR: String(major) },
      concurrency,
    })),
    {
      label: 'Navigateur',
      files: all.filter(isBrowser),
      env: { ...env, AMONT_TEST_MAJOR: String(majors[0]) },
      concurrency: 2,
    },
  ]
  for (const pass of passes) {
    const count = await runPass(pass)
    total.passed += count.passed
    total.failed += count.failed
  }
} finally {
  for (const server of servers) await server.stop().catch(() => {})
  await rm(work, { recursive: true, force: true }).catch(() => {})
}
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
