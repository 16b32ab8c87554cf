import { describe, expect, test } from 'vitest'
import { dayOf, midnightsBefore, weekdayOf } from './week.ts'

describe('the week of a digest', () => {
  test.each<[string, string, string, string, string]>([
    [
      'ends with the midnight of the day',
      '2026-11-16T07:00:00Z',
      'Europe/Berlin',
      '2026-11-01T23:00:00Z',
      '2026-11-15T23:00:00Z',
    ],
    [
      'at midnight itself ends with it',
      '2026-11-15T23:00:00Z',
      'Europe/Berlin',
      '2026-11-01T23:00:00Z',
      '2026-11-15T23:00:00Z',
    ],
    [
      'a second before is that of the day before',
      '2026-11-15T22:59:59Z',
      'Europe/Berlin',
      '2026-10-31T23:00:00Z',
      '2026-11-14T23:00:00Z',
    ],
    [
      'over the beginning of summer time',
      '2026-03-30T06:00:00Z',
      'Europe/Berlin',
      '2026-03-15T23:00:00Z',
      '2026-03-29T22:00:00Z',
    ],
    ['over its end', '2026-10-26T07:00:00Z', 'Europe/Berlin', '2026-10-11T22:00:00Z', '2026-10-25T23:00:00Z'],
    [
      'west of UTC',
      '2026-11-16T13:00:00Z',
      'America/Los_Angeles',
      '2026-11-02T08:00:00Z',
      '2026-11-16T08:00:00Z',
    ],
    [
      'beyond the date line',
      '2026-11-15T19:00:00Z',
      'Pacific/Kiritimati',
      '2026-11-01T10:00:00Z',
      '2026-11-15T10:00:00Z',
    ],
    // In Beirut the clock goes from 00:00 to 01:00: the day begins at 01:00.
    [
      'where midnight is skipped',
      '2026-03-29T06:00:00Z',
      'Asia/Beirut',
      '2026-03-14T22:00:00Z',
      '2026-03-28T22:00:00Z',
    ],
  ])('%s', (_, at, timeZone, first, last) => {
    const midnights = midnightsBefore(new Date(at), timeZone)
    expect(midnights).toHaveLength(15)
    expect(midnights[0]?.toISOString()).toBe(new Date(first).toISOString())
    expect(midnights.at(-1)?.toISOString()).toBe(new Date(last).toISOString())
  })

  test('has days of 23 and 25 hours where the clock is changed, and the rest of 24', () => {
    const hoursOf = (at: string) => {
      const midnights = midnightsBefore(new Date(at), 'Europe/Berlin')
      return midnights
        .slice(1)
        .map((midnight, day) => (midnight.getTime() - (midnights[day]?.getTime() ?? 0)) / 3_600_000)
    }
    expect(hoursOf('2026-03-30T06:00:00Z').slice(7)).toEqual([24, 24, 24, 24, 24, 24, 23])
    expect(hoursOf('2026-10-26T07:00:00Z').slice(7)).toEqual([24, 24, 24, 24, 24, 24, 25])
  })

  test('calls its days by the names that they have there', () => {
    const midnights = midnightsBefore(new Date('2026-03-30T06:00:00Z'), 'Europe/Berlin').slice(7, -1)
    expect(midnights.map((midnight) => weekdayOf(midnight, 'Europe/Berlin')).join(' ')).toBe(
      'Mon Tue Wed Thu Fri Sat Sun',
    )
    expect(midnights.map((midnight) => dayOf(midnight, 'Europe/Berlin')).at(-1)).toBe('29 Mar')
  })
})
