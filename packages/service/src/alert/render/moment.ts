/**
 * A moment for people where the reader's own time zone is not known: in the project's.
 *
 * @example
 * momentWords(new Date('2026-07-01T03:05:00Z'), 'Europe/Berlin') // '1 Jul 2026, 05:05 (Europe/Berlin)'
 */
export function momentWords(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return `${format.format(at)} (${timeZone})`
}

/** Seconds since 1970, as Slack and Discord want them, to show them in the reader's own time zone. */
export function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}
