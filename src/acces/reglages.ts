import type { Keyring } from '#socle/cipher'
import type { Mailer } from '#socle/mail'

/** What signing in needs from the installation, built once at start. */
export interface ReglagesAcces {
  /** Keys kept outside the database: they seal the secrets of one-time codes. */
  readonly cles: Keyring
  /** Where invitations and new passwords go. */
  readonly courrier: Mailer
  /** Address people use, without a final slash: links of mails. */
  readonly adresse: string
  /** Accounts of invented people enter without a second factor. Never true behind an https address. */
  readonly demonstration: boolean
}

/**
 * Invented people: their address is under `.example`, a name nobody can own (RFC 2606). They need neither a second factor nor the yearly
 * commitment, except where the installation is a real one.
 */
export function estDeDemonstration(reglages: ReglagesAcces | undefined, courriel: string): boolean {
  return (reglages?.demonstration ?? true) && /@(?:[\w-]+\.)*example$/i.test(courriel)
}

/** The settings, for an act that cannot do without. */
export function exigerReglages(reglages: ReglagesAcces | undefined): ReglagesAcces {
  if (!reglages) throw new Error('this application was opened without the settings of sign-in')
  return reglages
}
