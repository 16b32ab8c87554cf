import { foundText } from './found-text.ts'
import type { Read } from './granted.ts'
import { isAbsent } from './read-path.ts'

/**
 * Epochs are told apart by size: seconds from 1973 to 5138, milliseconds for the same years. What is smaller is a
 * count of something (`14` days), what is larger is a finer unit; neither is guessed.
 */
const leastSeconds = 1e8
const leastMilliseconds = 1e11
const endOfMilliseconds = 1e14

const isoDate =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/

/**
 * Reads the end of a trial: an ISO 8601 date or date-time, or an epoch in seconds or milliseconds as a number or as
 * digits. A date is its first moment in UTC, and so is a date-time without an offset read as UTC, so that the answer
 * does not depend on the machine.
 *
 * @example
 * readTrialEnd('2027-01-31') // { state: 'value', value: new Date('2027-01-31T00:00:00Z') }
 * readTrialEnd(1801353600)   // { state: 'value', value: new Date('2027-01-31T00:00:00Z') }
 */
export function readTrialEnd(value: unknown): Read<Date> {
  if (isAbsent(value)) return { state: 'absent' }
  const date = dateOf(value)
  if (date) return { state: 'value', value: date }
  return {
    state: 'unreadable',
    found: foundText(value),
    needed: 'an ISO 8601 date or date-time, or an epoch in seconds or milliseconds',
  }
}

function dateOf(value: unknown): Date | null {
  if (typeof value === 'number') return epochDate(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  return /^\d+$/.test(text) ? epochDate(Number(text)) : isoDateOf(text)
}

function epochDate(epoch: number): Date | null {
  if (epoch >= leastSeconds && epoch < leastMilliseconds) return new Date(Math.round(epoch * 1000))
  if (epoch >= leastMilliseconds && epoch < endOfMilliseconds) return new Date(Math.round(epoch))
  return null
}

function isoDateOf(text: string): Date | null {
  const match = isoDate.exec(text)
  if (!match) return null
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset = 'Z'] = match
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
  const [years, months, days] = [Number(year), Number(month), Number(day)]
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)]
  if (hours > 23 || minutes > 59 || seconds > 59) return null
  const local = new Date(Date.UTC(years, months - 1, days, hours, minutes, seconds, milliseconds))
  // `Date` rolls 30 February over to March and the year 1 to 1901; both are mistakes of the writer.
  const isCalendarDay =
    local.getUTCFullYear() === years && local.getUTCMonth() === months - 1 && local.getUTCDate() === days
  const offsetMinutes = offsetMinutesOf(offset)
  if (!isCalendarDay || offsetMinutes === null) return null
  return new Date(local.getTime() - offsetMinutes * 60_000)
}

function offsetMinutesOf(offset: string): number | null {
  if (offset === 'Z' || offset === 'z') return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(3).replace(':', '') || '0')
  if (hours > 23 || minutes > 59) return null
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
