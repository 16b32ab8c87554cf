import { z } from '@hono/zod-openapi'

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time is written as 22:00')

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
type Weekday = (typeof weekdays)[number]

/**
 * Hours in which a rule keeps still. Times are those of the clock on the wall in the time zone, also when it changes.
 * From later to earlier is a night; it belongs to the day on which it begins.
 */
export const quietHours = z
  .strictObject({
    from: wallTime,
    to: wallTime,
    timeZone: z.string().refine(isTimeZone, 'a time zone is written as Europe/Berlin'),
    /** The days on which it begins. */
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .max(7)
      .default([...weekdays]),
    /** Whether what is critical is told all the same. */
    criticalPasses: z.boolean().default(true),
  })
  .refine(({ from, to }) => from !== to, 'quiet hours that begin and end at the same time have no length')
export type QuietHours = z.output<typeof quietHours>

const minuteMs = 60_000
/** Longer than any chain of quiet hours with one end in it. */
const mostMinutes = 3 * 24 * 60

/**
 * The end of the quiet hours that `at` lies in; `null`: it lies in none. It is the first minute at which the clock on
 * the wall is outside of them, so an hour that is skipped or comes twice needs no rule of its own.
 *
 * @example
 * quietUntil(hours, new Date('2026-03-28T23:30:00Z')) // 2026-03-29T05:00:00Z: 07:00 in Berlin, where the night had one hour less
 */
export function quietUntil(hours: QuietHours, at: Date): Date | null {
  const wall = wallClock(hours.timeZone)
  if (!isQuiet(hours, wall(at))) return null
  const first = Math.floor(at.getTime() / minuteMs)
  for (let minute = 1; minute <= mostMinutes; minute++) {
    const moment = new Date((first + minute) * minuteMs)
    if (!isQuiet(hours, wall(moment))) return moment
  }
  throw new Error(`The quiet hours from ${hours.from} to ${hours.to} have no end.`)
}

interface Wall {
  readonly day: Weekday
  readonly minutes: number
}

function isQuiet({ from, to, days }: QuietHours, { day, minutes }: Wall): boolean {
  const begins = minutesOf(from)
  const ends = minutesOf(to)
  if (begins < ends) return days.includes(day) && minutes >= begins && minutes < ends
  if (minutes >= begins) return days.includes(day)
  return minutes < ends && days.includes(dayBefore(day))
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

function dayBefore(day: Weekday): Weekday {
  return weekdays[(weekdays.indexOf(day) + 6) % 7] ?? day
}

function wallClock(timeZone: string): (at: Date) => Wall {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
    const named = parts.get('weekday')?.toLowerCase()
    const day = weekdays.find((one) => one === named)
    if (!day) throw new Error(`The weekday ${named} is none.`)
    return { day, minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) }
  }
}

function isTimeZone(name: string): boolean {
  try {
    // An offset such as +02:00 knows no summer time, so a name is asked for.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en-US', { timeZone: name }) !== null
  } catch {
    return false
  }
}
