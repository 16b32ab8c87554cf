/** The days of a week that a digest tells of, and of the week before it, as moments: 15 midnights of the project's. */
export type Midnights = readonly Date[]

export const daysTold = 7

const dayMs = 86_400_000

/**
 * The midnights of the 14 whole days before `at`, by the clock on the wall in the time zone: the last one is the midnight
 * with which the day of `at` begins. A day on which the clock is changed has 23 or 25 hours.
 */
export function midnightsBefore(at: Date, timeZone: string): Midnights {
  return lastMidnights(at, timeZone, 2 * daysTold + 1)
}

/** The last so many midnights at or before a moment, by the clock on the wall in the time zone, the oldest first. */
export function lastMidnights(at: Date, timeZone: string, count: number): readonly Date[] {
  const offset = offsets(timeZone)
  const wall = new Date(at.getTime() + offset(at))
  const today = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate())
  return Array.from({ length: count }, (_, place) => midnight(today - (count - 1 - place) * dayMs, offset))
}

/** The weekday of a day that begins at this midnight, as `Mon`. */
export function weekdayOf(start: Date, timeZone: string): string {
  // Noon is the same day whatever the clock does at night.
  return new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' }).format(start.getTime() + dayMs / 2)
}

/**
 * A day as `9 Nov`.
 *
 * @param start the midnight with which it begins
 */
export function dayOf(start: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short' })
  return format.format(start.getTime() + dayMs / 2)
}

/** The first moment at which the wall shows this day, given as if the wall showed UTC. */
function midnight(wallDay: number, offset: (at: Date) => number): Date {
  const guess = new Date(wallDay - offset(new Date(wallDay)))
  const better = new Date(wallDay - offset(guess))
  // Where midnight is skipped, the day begins when the clock goes on.
  return better.getTime() + offset(better) < wallDay ? guess : better
}

/** How far the clock on the wall is ahead of UTC, in milliseconds. */
function offsets(timeZone: string): (at: Date) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  })
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const of = (name: string) => parts.get(name as Intl.DateTimeFormatPartTypes) ?? 0
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
    return wall - Math.floor(at.getTime() / 1000) * 1000
  }
}
