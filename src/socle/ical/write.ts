/** A meeting, as a calendar shows it. It says when, where and which page to open; never about whom. */
export interface CalendarEvent {
  /** Never changes: a later version of the event replaces the one a calendar already has. */
  readonly uid: string
  /** Grows with each version. */
  readonly sequence: number
  readonly stamp: Temporal.Instant
  readonly start: Temporal.ZonedDateTime
  readonly minutes: number
  readonly summary: string
  readonly location?: string | undefined
  readonly description?: string | undefined
  readonly url?: string | undefined
  readonly cancelled?: boolean | undefined
}

const escapeText = (text: string): string =>
  text
    .replace(/\\/g, '\\\\')
    .replace(/([,;])/g, '\\$1')
    .replace(/\r\n|[\r\n]/g, '\\n')

/** Lines are 75 bytes at most, without cutting a character (RFC 5545, 3.1). */
function fold(line: string): string {
  const parts: string[] = []
  let part = ''
  let size = 0
  for (const character of line) {
    const bytes = Buffer.byteLength(character)
    if (size + bytes > (parts.length === 0 ? 75 : 74)) {
      parts.push(part)
      part = ''
      size = 0
    }
    part += character
    size += bytes
  }
  return [...parts, part].join('\r\n ')
}

const utc = (instant: Temporal.Instant): string =>
  instant
    .round('second')
    .toString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z')

/** Events as an iCalendar file (RFC 5545). Times are in UTC: no table of time zones to carry, no doubt about the hour. */
export function writeCalendar(events: readonly CalendarEvent[]): Uint8Array {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Amont//Amont//FR',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...events.flatMap((event) => {
      const start = event.start.toInstant()
      return [
        'BEGIN:VEVENT',
        `UID:${event.uid}`,
        `SEQUENCE:${event.sequence}`,
        `DTSTAMP:${utc(event.stamp)}`,
        `DTSTART:${utc(start)}`,
        `DTEND:${utc(start.add({ minutes: event.minutes }))}`,
        `SUMMARY:${escapeText(event.summary)}`,
        ...(event.location ? [`LOCATION:${escapeText(event.location)}`] : []),
        ...(event.description ? [`DESCRIPTION:${escapeText(event.description)}`] : []),
        ...(event.url ? [`URL:${event.url}`] : []),
        `STATUS:${event.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
        'END:VEVENT',
      ]
    }),
    'END:VCALENDAR',
  ]
  return Buffer.from(`${lines.map(fold).join('\r\n')}\r\n`, 'utf8')
}
