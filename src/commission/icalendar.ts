/** One event of a calendar. */
export interface Evenement {
  readonly uid: string
  /** Grows at each change: calendars keep the highest. */
  readonly sequence: number
  readonly annule: boolean
  readonly debut: Temporal.Instant
  readonly fin: Temporal.Instant
  readonly titre: string
  readonly lieu: string
  readonly adresse: string
  readonly emis: Temporal.Instant
}

const echapper = (texte: string): string => texte.replace(/[\\;,]/g, (signe) => `\\${signe}`).replace(/\r?\n/g, '\\n')

/** `20260115T080000Z`. */
const enUtc = (instant: Temporal.Instant): string => instant.round('second').toString().replace(/[-:]/g, '')

/** Lines of at most 75 bytes, cut between characters (RFC 5545, 3.1). */
function plier(ligne: string): string {
  const morceaux: string[] = []
  let courant = ''
  for (const signe of ligne) {
    if (Buffer.byteLength(courant + signe) > (morceaux.length === 0 ? 75 : 74)) {
      morceaux.push(courant)
      courant = ''
    }
    courant += signe
  }
  return [...morceaux, courant].join('\r\n ')
}

/** An event as an iCalendar file (RFC 5545, 5546). Addressed to one person for a REQUEST or a CANCEL: calendars then file it by themselves. */
export function ecrireEvenement(
  evenement: Evenement,
  methode: 'REQUEST' | 'CANCEL' | 'PUBLISH',
  convie: string | null,
): string {
  const hote = evenement.uid.split('@').at(-1) ?? 'amont'
  const lignes = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Amont//CCAPEX//FR',
    `METHOD:${methode}`,
    'BEGIN:VEVENT',
    `UID:${evenement.uid}`,
    `SEQUENCE:${evenement.sequence}`,
    `DTSTAMP:${enUtc(evenement.emis)}`,
    `DTSTART:${enUtc(evenement.debut)}`,
    `DTEND:${enUtc(evenement.fin)}`,
    `SUMMARY:${echapper(evenement.titre)}`,
    ...(evenement.lieu === '' ? [] : [`LOCATION:${echapper(evenement.lieu)}`]),
    `URL:${evenement.adresse}`,
    `STATUS:${evenement.annule ? 'CANCELLED' : 'CONFIRMED'}`,
    `ORGANIZER;CN=Amont:mailto:amont@${hote}`,
    ...(convie === null ? [] : [`ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:${convie}`]),
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return `${lignes.map(plier).join('\r\n')}\r\n`
}
