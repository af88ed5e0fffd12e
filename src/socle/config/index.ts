import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Settings of one process, read once from the environment. All optional; `.env.example` lists them. */
export interface Config {
  readonly port: number
  readonly host: string
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  /** Folder where the anchors of the journal are written: best on a place the database's administrator does not hold. */
  readonly ancres: string
  readonly departement: string
  /** Folder of the law and charters (`donnees/`). */
  readonly referentiel: string
  /** Base URL people use; decides whether cookies carry `Secure`. */
  readonly publicUrl: string | undefined
  /** Reached over https by real people: stricter checks at start. */
  readonly production: boolean
}

function findProjectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('package.json introuvable au-dessus du programme')
    folder = parent
  }
  return folder
}

/** Folder that holds package.json, donnees/ and migrations/, wherever the compiled code runs from. */
export const projectRoot = findProjectRoot()

/** Parses the environment; a value that cannot be read stops with a French sentence. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const port = env.PORT === undefined || env.PORT === '' ? 3000 : Number(env.PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`PORT vaut « ${env.PORT} » : il faut un nombre entier entre 0 et 65535.`)
  }
  const dataDir = resolve(projectRoot, env.AMONT_DATA_DIR || '.amont')
  return {
    port,
    host: env.AMONT_HOTE || '127.0.0.1',
    databaseUrl: env.DATABASE_URL || undefined,
    dataDir,
    ancres: env.AMONT_ANCRES ? resolve(projectRoot, env.AMONT_ANCRES) : join(dataDir, 'ancres'),
    departement: env.AMONT_DEPARTEMENT || '71',
    referentiel: resolve(projectRoot, env.AMONT_REFERENTIEL || 'donnees'),
    publicUrl: env.AMONT_URL || undefined,
    production: env.AMONT_URL?.startsWith('https://') ?? false,
  }
}
