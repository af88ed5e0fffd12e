import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'

/** A mail in plain text. It carries a reference and a link, never what a dossier says: only a letter its own reader asked for by mail is attached to one. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** An event of a calendar that goes with it (iCalendar), and what it asks of the reader's calendar. */
  readonly calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly content: string }
  readonly attachment?: { readonly name: string; readonly type: string; readonly bytes: Uint8Array }
  /** The same mail sent again has the same: a server or a reader may know it. */
  readonly id?: string
}

/** Where mails go. */
export interface Mailer {
  /** False when nothing is set up to carry mails: screens then refuse to promise one. */
  readonly ready: boolean
  /** Throws when the mail did not leave; the queue then tries again. */
  send(mail: Mail): Promise<void>
  close(): void
}

/** Mails through an SMTP server (`smtp://` with STARTTLS when offered, or `smtps://`). */
export function smtpMailer(settings: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url: settings.url,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    // Nothing of a mail is ever read from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    ready: true,
    async send(mail) {
      await transport.sendMail({
        from: settings.from,
        to: { name: '', address: mail.to },
        subject: mail.subject,
        text: mail.text,
        ...(mail.calendar ? { icalEvent: { method: mail.calendar.method, content: mail.calendar.content } } : {}),
        ...(mail.attachment
          ? {
              attachments: [
                {
                  filename: mail.attachment.name,
                  contentType: mail.attachment.type,
                  content: Buffer.from(mail.attachment.bytes),
                },
              ],
            }
          : {}),
        ...(mail.id ? { messageId: mail.id } : {}),
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    },
    close: () => transport.close(),
  }
}

/** Mails written in a folder and said on the console: demonstrations, where no server carries them. */
export function folderMailer(folder: string, say: (text: string) => void): Mailer {
  return {
    ready: true,
    async send(mail) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = join(folder, `${randomUUID()}.txt`)
      if (mail.calendar) await writeFile(path.replace(/txt$/, 'ics'), mail.calendar.content, { mode: 0o600 })
      if (mail.attachment) await writeFile(path.replace(/txt$/, 'piece'), mail.attachment.bytes, { mode: 0o600 })
      await writeFile(path, `À : ${mail.to}\nObjet : ${mail.subject}\n\n${mail.text}\n`, { mode: 0o600 })
      say(`Courriel non envoyé (aucun serveur réglé), écrit dans ${path}\n${mail.text}\n`)
    },
    close: () => {},
  }
}

/** Nothing carries mails: in production without a server. */
export const noMailer: Mailer = {
  ready: false,
  send: () => Promise.reject(new Error('AMONT_SMTP_URL is not set: no mail can leave.')),
  close: () => {},
}

/**
 * Why a mail server refuses an address for good, or null for any other failure: no answer, « later », a refused sender or login. For good means that the address itself
 * is wrong: 5.1.x answered to the recipient or, from a server that gives no enhanced status, 550, 551 or 553. A full mailbox (5.2.2), a policy or a relay (5.7.x) is
 * mended elsewhere, and the mail waits. Only its codes: its words may hold anything.
 */
export function refusalOf(error: unknown): { readonly code: number; readonly status: string | null } | null {
  const { code, command, responseCode, response } = (error ?? {}) as Record<string, unknown>
  if (code !== 'EENVELOPE' || command !== 'RCPT TO' || typeof responseCode !== 'number') return null
  const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(String(response ?? ''))?.[1] ?? null
  const forGood = status === null ? [550, 551, 553].includes(responseCode) : /^5\.1\./.test(status)
  return forGood && responseCode >= 500 ? { code: responseCode, status } : null
}

/** Whose trouble a failed mail is: its recipient's, « later » or for some reason of theirs; or the server's own, and the next mail would fail as well. */
export function failureOf(error: unknown): 'later' | 'refused' | 'server' {
  const { code, command, responseCode } = (error ?? {}) as Record<string, unknown>
  const ofOneMail = (code === 'EENVELOPE' && command === 'RCPT TO') || (code === 'EMESSAGE' && command === 'DATA')
  if (!ofOneMail || typeof responseCode !== 'number' || responseCode === 421) return 'server'
  return responseCode < 500 ? 'later' : 'refused'
}
