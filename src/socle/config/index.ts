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
  /** Address at which people reach this process when no public one is set: links of mails. */
  readonly address: string
  /** File of the keys that seal secrets, kept outside the database. */
  readonly keyFile: string
  /** True when the operator chose the file: it must then exist. */
  readonly keyFileChosen: boolean
  readonly smtpUrl: string | undefined
  readonly mailFrom: string | undefined
  /** Sign-in of State and local agents (OpenID Connect). */
  readonly proconnect:
    | { readonly url: string; readonly client: string; readonly secret: string; readonly niveaux: readonly string[] }
    | undefined
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

function readProconnect(env: NodeJS.ProcessEnv): Config['proconnect'] {
  const url = env.AMONT_PROCONNECT_URL
  const client = env.AMONT_PROCONNECT_CLIENT
  const secret = env.AMONT_PROCONNECT_SECRET
  if (!url && !client && !secret) return undefined
  if (!url || !client || !secret) {
    throw new Error(
      'ProConnect demande trois réglages : AMONT_PROCONNECT_URL, AMONT_PROCONNECT_CLIENT, AMONT_PROCONNECT_SECRET.',
    )
  }
  // Levels have no order: those admitted are listed, separated by spaces.
  return { url, client, secret, niveaux: (env.AMONT_PROCONNECT_ACR ?? '').split(/\s+/).filter((un) => un !== '') }
}

/** Parses the environment; a value that cannot be read stops with a French sentence. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const port = env.PORT === undefined || env.PORT === '' ? 3000 : Number(env.PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`PORT vaut « ${env.PORT} » : il faut un nombre entier entre 0 et 65535.`)
  }
  if (env.AMONT_SMTP_URL && !env.AMONT_COURRIEL_DE) {
    throw new Error('AMONT_SMTP_URL demande aussi AMONT_COURRIEL_DE : l’adresse qui envoie les courriels.')
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
    address: (env.AMONT_URL || `http://localhost:${port}`).replace(/\/+$/, ''),
    keyFile: env.AMONT_CLE ? resolve(projectRoot, env.AMONT_CLE) : join(dataDir, 'cle'),
    keyFileChosen: Boolean(env.AMONT_CLE),
    smtpUrl: env.AMONT_SMTP_URL || undefined,
    mailFrom: env.AMONT_COURRIEL_DE || undefined,
    proconnect: readProconnect(env),
  }
}
