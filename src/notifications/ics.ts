/** One event of a calendar, whole day or between two instants. Its title holds a reference at most, never what a dossier says. */
export interface EvenementCalendrier {
  /** The same for the same thing, whatever becomes of it. */
  readonly uid: string
  readonly titre: string
  readonly lien: string
  readonly quand:
    | { readonly jour: Temporal.PlainDate }
    | { readonly de: Temporal.Instant; readonly a: Temporal.Instant }
  /** Grows each time the event says something else; `modifie` is when it did. */
  readonly sequence: number
  readonly modifie: Temporal.Instant
}

const LIGNE_MAX = 75

/** A content line cut every 75 octets, never inside a character (RFC 5545, 3.1). */
export function plier(ligne: string): string {
  const morceaux: string[] = []
  let courant = ''
  let octets = 0
  for (const caractere of ligne) {
    const taille = Buffer.byteLength(caractere)
    if (octets + taille > LIGNE_MAX) {
      morceaux.push(courant)
      // The space that begins a continuation counts.
      courant = ' '
      octets = 1
    }
    courant += caractere
    octets += taille
  }
  return [...morceaux, courant].join('\r\n')
}

/** A text value (RFC 5545, 3.3.11). */
export const echapper = (texte: string): string =>
  texte.replace(/[\\;,]/g, (signe) => `\\${signe}`).replace(/\r\n|\n|\r/g, '\\n')

const jourIcs = (jour: Temporal.PlainDate): string => jour.toString().replaceAll('-', '')
const instantIcs = (instant: Temporal.Instant): string =>
  `${instant.round('second').toString().replaceAll(/[-:]/g, '').replace('Z', '')}Z`

// Also the component that a calendar without an event needs to be valid (3.6).
const FUSEAU = [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Paris',
  'BEGIN:DAYLIGHT',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'TZNAME:CEST',
  'DTSTART:19810329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'TZNAME:CET',
  'DTSTART:19961027T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'END:VTIMEZONE',
]

/** Writes a calendar to subscribe to (RFC 5545 and 7986). The same events give the same bytes. */
export function ecrireCalendrier(evenements: readonly EvenementCalendrier[]): string {
  const lignes = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Amont//Calendrier//FR',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    'NAME:Amont',
    'X-WR-CALNAME:Amont',
    'REFRESH-INTERVAL;VALUE=DURATION:PT4H',
    'X-PUBLISHED-TTL:PT4H',
    ...FUSEAU,
    ...evenements.flatMap(({ uid, titre, lien, quand, sequence, modifie }) => [
      'BEGIN:VEVENT',
      `UID:${uid}@amont`,
      `DTSTAMP:${instantIcs(modifie)}`,
      `LAST-MODIFIED:${instantIcs(modifie)}`,
      `SEQUENCE:${sequence}`,
      ...('jour' in quand
        ? [`DTSTART;VALUE=DATE:${jourIcs(quand.jour)}`, `DTEND;VALUE=DATE:${jourIcs(quand.jour.add({ days: 1 }))}`]
        : [`DTSTART:${instantIcs(quand.de)}`, `DTEND:${instantIcs(quand.a)}`]),
      `SUMMARY:${echapper(titre)}`,
      `URL:${lien}`,
      'CLASS:PRIVATE',
      'jour' in quand ? 'TRANSP:TRANSPARENT' : 'TRANSP:OPAQUE',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ]
  return `${lignes.map(plier).join('\r\n')}\r\n`
}
