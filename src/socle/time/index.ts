const PARIS = 'Europe/Paris'

/** The clock is injected: rules receive a day, only the edges read the hour. */
export interface Clock {
  now(): Temporal.Instant
}

/** The real clock. `AMONT_HORLOGE` (ISO instant) freezes it, for demonstrations and tests. */
export const systemClock: Clock = {
  now: () => {
    const frozen = process.env.AMONT_HORLOGE
    return frozen ? Temporal.Instant.from(frozen) : Temporal.Now.instant()
  },
}

/** A clock that always answers the same instant. */
export function frozenClock(instant: string): Clock {
  const fixed = Temporal.Instant.from(instant)
  return { now: () => fixed }
}

/** The civil day in Paris at an instant: legal dates never depend on the server's time zone. */
export function parisDay(instant: Temporal.Instant): Temporal.PlainDate {
  return instant.toZonedDateTimeISO(PARIS).toPlainDate()
}

/** The instant a civil day begins in Paris. */
export function startOfParisDay(day: Temporal.PlainDate): Temporal.Instant {
  return day.toZonedDateTime(PARIS).toInstant()
}

/** Civil date and time in Paris, for display. */
export function parisDateTime(instant: Temporal.Instant): Temporal.PlainDateTime {
  return instant.toZonedDateTimeISO(PARIS).toPlainDateTime()
}
