import { createHash } from 'node:crypto'

/**
 * A short mark of a state, for a form to carry back: the same parts give the same mark, and any change of them another one. It says nothing of what it was
 * made from, and nothing hangs on its being secret: a forged mark only spares its author the warning that somebody else has acted.
 */
export function versionToken(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 10)
}
