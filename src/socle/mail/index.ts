import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'

/** A mail in plain text. It carries a reference and a link, never what a dossier says. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** An event of a calendar that goes with it (iCalendar), and what it asks of the reader's calendar. */
  readonly calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly content: string }
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
