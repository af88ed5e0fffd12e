import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { type Refus, refus } from '#socle/errors'
import { motsDePasseCourants } from './mots-de-passe-courants.ts'

const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const LONGUEUR_MIN = 12
/** Beyond, hashing would only serve somebody who wants to keep the machine busy. */
const LONGUEUR_MAX = 256

/** A password is kept as argon2id only. */
export function hacherMotDePasse(motDePasse: string): Promise<string> {
  return hash(motDePasse.normalize('NFC'), ARGON)
}

let leurre: Promise<string> | undefined

/** Checks a password. Without an account, the same work is done on a decoy, so that both answers take the same time. */
export async function verifierMotDePasse(empreinte: string | null | undefined, motDePasse: string): Promise<boolean> {
  leurre ??= hacherMotDePasse(randomBytes(12).toString('hex'))
  const juste = await verify(empreinte ?? (await leurre), motDePasse.slice(0, LONGUEUR_MAX).normalize('NFC')).catch(
    () => false,
  )
  return juste && empreinte !== null && empreinte !== undefined
}

const simplifier = (texte: string): string =>
  texte
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** Says why a password would be guessed, or null. Length and known lists only: no rule of composition. */
export function critiquerMotDePasse(motDePasse: string, courriel: string): Refus | null {
  if ([...motDePasse].length < LONGUEUR_MIN)
    return refus(
      'compte.mot-de-passe',
      'Le mot de passe doit avoir 12 caractères au moins. Une phrase de quatre ou cinq mots convient.',
    )
  if ([...motDePasse].length > LONGUEUR_MAX)
    return refus('compte.mot-de-passe', 'Le mot de passe doit avoir 256 caractères au plus.')
  const simple = simplifier(motDePasse)
  const adresse = simplifier(courriel)
  const devinable =
    new Set(simple).size < 5 ||
    motsDePasseCourants.has(simple) ||
    simple === adresse ||
    simple === simplifier(courriel.split('@')[0] ?? '')
  return devinable
    ? refus(
        'compte.mot-de-passe-courant',
        'Ce mot de passe est trop courant : il serait essayé en premier. En choisir un autre.',
      )
    : null
}
