import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeCalendar } from './write.ts'

const event = {
  uid: 'reunion-1@amont',
  sequence: 2,
  stamp: Temporal.Instant.from('2026-11-16T08:00:00Z'),
  start: Temporal.ZonedDateTime.from('2026-11-18T14:30[Europe/Paris]'),
  minutes: 45,
  summary: 'Réunion, urgente ; salle B',
}

test('a meeting is a calendar event: hours in UTC, texts escaped, lines folded at 75 bytes without cutting a character', () => {
  const file = Buffer.from(writeCalendar([{ ...event, description: 'é'.repeat(80) }])).toString('utf8')
  assert.match(file, /DTSTART:20261118T133000Z\r\nDTEND:20261118T141500Z\r\n/)
  assert.match(file, /SUMMARY:Réunion\\, urgente \\; salle B\r\n/)
  assert.match(file, /SEQUENCE:2\r\n/)
  for (const line of file.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line)
  assert.match(file.replace(/\r\n /g, ''), /DESCRIPTION:é{80}\r\n/)
})

test('an event that is called off replaces the one the calendar has', () => {
  const file = Buffer.from(writeCalendar([{ ...event, sequence: 3, cancelled: true }])).toString('utf8')
  assert.match(file, /UID:reunion-1@amont\r\nSEQUENCE:3\r\n/)
  assert.match(file, /STATUS:CANCELLED\r\n/)
})

test('a calendar to subscribe to: whole days end the day after, events are private, the same events give the same bytes', () => {
  const jour = { ...event, start: Temporal.PlainDate.from('2026-12-31') }
  const feed = { name: 'Amont, essai', refresh: Temporal.Duration.from({ hours: 4 }) }
  const write = () => Buffer.from(writeCalendar([jour], { feed })).toString('utf8')
  assert.match(
    write(),
    /DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\nTRANSP:TRANSPARENT\r\nCLASS:PRIVATE\r\n/,
  )
  assert.match(write(), /NAME:Amont\\, essai\r\n/)
  assert.match(write(), /REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n/)
  assert.equal(write(), write())
  assert.doesNotMatch(write(), /VTIMEZONE/)
})

test('a calendar without an event still holds a component', () => {
  const file = Buffer.from(writeCalendar([])).toString('utf8')
  assert.match(file, /BEGIN:VTIMEZONE\r\nTZID:Europe\/Paris/)
  assert.match(file, /^BEGIN:VCALENDAR\r\n.*END:VCALENDAR\r\n$/s)
})
