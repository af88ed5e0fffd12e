import { randomBytes } from 'node:crypto'
import { parseKeyring } from '#socle/cipher'
import { connect, type Database, type DatabaseSettings, migrate } from '#socle/db'
import { installQueue } from '#socle/queue'

/** Keys of every test: the same for all who open the same database. */
export const clesDEssai = parseKeyring(Buffer.alloc(32, 'essai').toString('base64'))

const TEMPLATE = 'amont_modele'

/** True on the oldest PostgreSQL served: proofs that try everybody on every address then try one of each kind, the policies being the same. */
export const MAJEURE_ANCIENNE = process.env.AMONT_TEST_MAJOR === '15'

/** Builds once per server the migrated database that every test clones. */
export async function prepareTemplate(server: DatabaseSettings): Promise<void> {
  const admin = connect({ ...server, database: 'postgres', max: 1 })
  await admin.pool.query(`create database ${TEMPLATE}`)
  // Thrown away when the tests end: nobody waits for the disk at each commit.
  await admin.pool.query('alter role current_user set synchronous_commit = off')
  await admin.close()
  const base = connect({ ...server, database: TEMPLATE, max: 2 })
  await installQueue(base)
  await migrate(base)
  await base.close()
}

/** A database of its own for one test file, already migrated. `close()` drops it. */
export async function openTestDatabase(): Promise<Database & { settings: DatabaseSettings }> {
  const major = process.env.AMONT_TEST_MAJOR ?? '18'
  const settings = process.env[`AMONT_TEST_PG_${major}`]
  if (!settings) throw new Error('Database tests run through `npm test`, which starts their PostgreSQL.')
  const server = JSON.parse(settings) as DatabaseSettings
  const name = `essai_${randomBytes(6).toString('hex')}`
  const admin = connect({ ...server, database: 'postgres', max: 1 })
  await admin.pool.query(`create database ${name} template ${TEMPLATE}`)
  // Rights on the database itself are not cloned with it.
  await admin.pool.query(`revoke temporary on database ${name} from public`)
  const base = connect({ ...server, database: name, max: 8 })
  return {
    ...base,
    keyring: clesDEssai,
    settings: { ...server, database: name },
    close: async () => {
      await base.close()
      await admin.pool.query(`drop database ${name} with (force)`)
      await admin.close()
    },
  }
}
