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
