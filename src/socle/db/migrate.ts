import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { projectRoot } from '../config/index.ts'
import type { Database } from './connect.ts'

const LOCK = 7_134_711

async function listFiles(folder: string): Promise<{ name: string; text: string; checksum: string }[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

async function inTransaction(client: pg.PoolClient, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  try {
    await work()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/**
 * Applies the missing migrations, each in its transaction, under one advisory lock. Forward only: an applied file whose text changed stops
 * the start. Returns the names applied now.
 */
export async function migrate(base: Database, folder = join(projectRoot, 'migrations')): Promise<string[]> {
  const files = await listFiles(folder)
  const client = await base.pool.connect()
  try {
    const [version] = (await client.query('show server_version_num')).rows as { server_version_num: string }[]
    if (Number(version?.server_version_num) < 150_000) {
      throw new Error('Cette base est un PostgreSQL trop ancien : Amont demande la version 15 ou une suivante.')
    }
    await client.query('select pg_advisory_lock($1)', [LOCK])
    try {
      // Rights on the database itself are lost by a dump and restore: they are set again at each start.
      await client.query(
        `do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$`,
      )
      await client.query('create schema if not exists amont_interne')
      await client.query(`create table if not exists amont_interne.migration
        (nom text primary key, empreinte text not null, appliquee_a timestamptz not null default now())`)
      const done = new Map(
        (
          (await client.query('select nom, empreinte from amont_interne.migration')).rows as {
            nom: string
            empreinte: string
          }[]
        ).map((row) => [row.nom, row.empreinte]),
      )
      const applied: string[] = []
      for (const file of files) {
        const known = done.get(file.name)
        if (known === file.checksum) continue
        if (known !== undefined) {
          throw new Error(
            `La migration ${file.name} a été appliquée sous une autre forme : rétablir son texte et ajouter une nouvelle migration.`,
          )
        }
        await inTransaction(client, async () => {
          await client.query(file.text)
          await client.query('reset role')
          await client.query('insert into amont_interne.migration (nom, empreinte) values ($1, $2)', [
            file.name,
            file.checksum,
          ])
        })
        applied.push(file.name)
      }
      return applied
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCK])
    }
  } finally {
    client.release()
  }
}
