/** A meeting, or something of a whole day, as a calendar shows it. It says when, where and which page to open; never about whom. */
export interface CalendarEvent {
  /** Never changes: a later version of the event replaces the one a calendar already has. */
  readonly uid: string
  /** Grows with each version. */
  readonly sequence: number
  readonly stamp: Temporal.Instant
  /** A civil day: the whole of it, without taking the person's time. */
  readonly start: Temporal.ZonedDateTime | Temporal.PlainDate
  readonly minutes?: number | undefined
  readonly summary: string
  readonly location?: string | undefined
  readonly description?: string | undefined
  readonly url?: string | undefined
  readonly cancelled?: boolean | undefined
}

/** What a calendar to subscribe to says of itself. */
export interface CalendarFeed {
  readonly name: string
  /** How often it is worth reading again. */
  readonly refresh: Temporal.Duration
}

/** An invitation by mail, its update or its cancellation: calendars file it by themselves. */
export interface CalendarInvitation {
  readonly method: 'REQUEST' | 'CANCEL'
  readonly organizer: string
  readonly attendee: string
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

const day = (date: Temporal.PlainDate): string => date.toString().replaceAll('-', '')

function when({ start, minutes = 0 }: CalendarEvent): readonly string[] {
  if (start instanceof Temporal.PlainDate)
    return [`DTSTART;VALUE=DATE:${day(start)}`, `DTEND;VALUE=DATE:${day(start.add({ days: 1 }))}`, 'TRANSP:TRANSPARENT']
  const instant = start.toInstant()
  return [`DTSTART:${utc(instant)}`, `DTEND:${utc(instant.add({ minutes }))}`]
}

/** A calendar holds one component at least (3.6): the zone stands for events that are not there. */
const ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Paris',
  'BEGIN:DAYLIGHT',
  'DTSTART:19810329T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'DTSTART:19961027T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'END:VTIMEZONE',
]

/**
 * Events as an iCalendar file (RFC 5545). Times are in UTC: no table of time zones to carry, no doubt about the hour. `feed`: a calendar people subscribe to (RFC 7986),
 * whose events are private. `invitation`: sent to one person (RFC 5546). The same events give the same bytes.
 */
export function writeCalendar(
  events: readonly CalendarEvent[],
  { feed, invitation }: { readonly feed?: CalendarFeed; readonly invitation?: CalendarInvitation } = {},
): Uint8Array {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Amont//Amont//FR',
    'CALSCALE:GREGORIAN',
    `METHOD:${invitation?.method ?? 'PUBLISH'}`,
    ...(feed
      ? [
          `NAME:${escapeText(feed.name)}`,
          `X-WR-CALNAME:${escapeText(feed.name)}`,
          `REFRESH-INTERVAL;VALUE=DURATION:${feed.refresh}`,
          `X-PUBLISHED-TTL:${feed.refresh}`,
        ]
      : []),
    ...(events.length === 0 ? ZONE : []),
    ...events.flatMap((event) => {
      return [
        'BEGIN:VEVENT',
        `UID:${event.uid}`,
        `SEQUENCE:${event.sequence}`,
        `DTSTAMP:${utc(event.stamp)}`,
        ...when(event),
        ...(feed ? ['CLASS:PRIVATE'] : []),
        `SUMMARY:${escapeText(event.summary)}`,
        ...(event.location ? [`LOCATION:${escapeText(event.location)}`] : []),
        ...(event.description ? [`DESCRIPTION:${escapeText(event.description)}`] : []),
        ...(event.url ? [`URL:${event.url}`] : []),
        `STATUS:${event.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
        ...(invitation
          ? [
              `ORGANIZER;CN=Amont:mailto:${invitation.organizer}`,
              `ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:${invitation.attendee}`,
            ]
          : []),
        'END:VEVENT',
      ]
    }),
    'END:VCALENDAR',
  ]
  return Buffer.from(`${lines.map(fold).join('\r\n')}\r\n`, 'utf8')
}
