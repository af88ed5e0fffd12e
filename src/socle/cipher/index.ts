import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, randomFillSync } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Keys kept outside the database. The first one seals; all of them open, so that a key is replaced without losing what it sealed. */
export interface Keyring {
  readonly keys: readonly { readonly id: string; readonly key: Buffer }[]
}

/** Reads keys, one per line, each 32 bytes in base64. */
export function parseKeyring(text: string): Keyring {
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => Buffer.from(line, 'base64'))
  if (keys.length === 0 || keys.some((key) => key.length !== 32)) {
    throw new Error('Clé illisible : il faut 32 octets en base64 par ligne (openssl rand -base64 32).')
  }
  return { keys: keys.map((key) => ({ id: createHash('sha256').update(key).digest('hex').slice(0, 8), key })) }
}

/** Reads the key file. `create` draws a key when there is no file: demonstrations only. */
export function openKeyring(path: string, options: { create: boolean }): Keyring {
  if (!existsSync(path)) {
    if (!options.create) throw new Error(`Le fichier de clé ${path} n’existe pas (réglage AMONT_CLE).`)
    mkdirSync(dirname(path), { recursive: true })
    try {
      writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
      chmodSync(path, 0o600)
    } catch (error) {
      // Two processes start together: the first one to write gives the key.
      if ((error as { code?: string }).code !== 'EEXIST') throw error
    }
  }
  return parseKeyring(readFileSync(path, 'utf8'))
}

const NONCE = 12
/** Drawn many at a time: asking the system for each costs as much as sealing. Used once each, erased as they go. */
const drawn = Buffer.alloc(NONCE * 256)
let next = drawn.length

function drawNonce(): Buffer {
  if (next === drawn.length) {
    randomFillSync(drawn)
    next = 0
  }
  const nonce = Buffer.from(drawn.subarray(next, next + NONCE))
  drawn.fill(0, next, next + NONCE)
  next += NONCE
  return nonce
}

/** Seals a text (AES-256-GCM). `purpose` binds it to its place: moved to another row, it no longer opens. */
export function seal(keyring: Keyring, text: string, purpose: string): string {
  const [first] = keyring.keys
  if (!first) throw new Error('empty keyring')
  const nonce = drawNonce()
  const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(Buffer.from(purpose))
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${first.id}.${sealed.toString('base64url')}`
}

/** Opens what `seal` gave for the same purpose. An unknown key or an altered text throws. */
export function unseal(keyring: Keyring, sealed: string, purpose: string): string {
  const [id, body = ''] = sealed.split('.')
  const known = keyring.keys.find((candidate) => candidate.id === id)
  if (!known) throw new Error(`No key ${id} in the keyring: put it back in the key file, after the current one.`)
  const bytes = Buffer.from(body, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', known.key, bytes.subarray(0, 12)).setAAD(Buffer.from(purpose))
  decipher.setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
}

/** First bytes of what `sealBytes` gives: no file people exchange begins so. */
export const SEALED_BYTES = Buffer.from('AMS1')

/** Seals bytes for a purpose, as `seal` does a text. */
export function sealBytes(keyring: Keyring, bytes: Uint8Array, purpose: string): Buffer {
  const [first] = keyring.keys
  if (!first) throw new Error('empty keyring')
  const nonce = drawNonce()
  const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(Buffer.from(purpose))
  const body = cipher.update(bytes)
  cipher.final()
  return Buffer.concat([SEALED_BYTES, Buffer.from(first.id, 'hex'), nonce, body, cipher.getAuthTag()])
}

/** Opens what `sealBytes` gave for the same purpose. */
export function unsealBytes(keyring: Keyring, sealed: Buffer, purpose: string): Buffer {
  const id = sealed.subarray(4, 8).toString('hex')
  const known = keyring.keys.find((candidate) => candidate.id === id)
  if (!known) throw new Error(`No key ${id} in the keyring: put it back in the key file, after the current one.`)
  const decipher = createDecipheriv('aes-256-gcm', known.key, sealed.subarray(8, 20)).setAAD(Buffer.from(purpose))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(20, -16)), decipher.final()])
}

/** True for bytes that `sealBytes` gave. */
export const areSealed = (bytes: Uint8Array): boolean => SEALED_BYTES.equals(bytes.subarray(0, 4))

/** A fingerprint that nobody can try values against without the key. */
export const keyedFingerprint = (key: Buffer, content: string | Uint8Array): string =>
  createHmac('sha256', key).update(content).digest('base64url')
