import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addIntervals, type Interval, periodAround } from './calendar.ts'

const at = (text: string) => Date.parse(text.includes('T') ? text : `${text}T00:00:00Z`) / 1000
const monthly: Interval = { interval: 'month', interval_count: 1 }

test.each<[string, string, Interval, number, string]>([
  ['a month after the 31st is the last day of a short month', '2026-01-31', monthly, 1, '2026-02-28'],
  ['the anchor day comes back after a short month', '2026-01-31', monthly, 2, '2026-03-31'],
  ['the last day of April follows the 31st of March', '2026-03-31', monthly, 1, '2026-04-30'],
  ['a leap February has 29 days', '2028-01-31', monthly, 1, '2028-02-29'],
  [
    'a year after February 29 is February 28',
    '2028-02-29',
    { interval: 'year', interval_count: 1 },
    1,
    '2029-02-28',
  ],
  [
    'four years after February 29 is February 29',
    '2028-02-29',
    { interval: 'year', interval_count: 1 },
    4,
    '2032-02-29',
  ],
  ['a quarter is three months', '2026-11-30', { interval: 'month', interval_count: 3 }, 1, '2027-02-28'],
  ['two weeks are fourteen days', '2026-02-20', { interval: 'week', interval_count: 2 }, 1, '2026-03-06'],
  ['days are plain days', '2026-02-20', { interval: 'day', interval_count: 10 }, 1, '2026-03-02'],
  ['the time of day stays', '2026-01-31T17:45:12Z', monthly, 1, '2026-02-28T17:45:12Z'],
  ['intervals are counted back as well', '2026-03-31', monthly, -1, '2026-02-28'],
])('%s', (_rule, anchor, interval, count, expected) => {
  expect(addIntervals(at(anchor), interval, count)).toBe(at(expected))
})

test('a period before a future anchor is counted back from the anchor', () => {
  expect(periodAround(at('2026-03-10'), at('2026-03-31'), monthly)).toEqual({
    start: at('2026-02-28'),
    end: at('2026-03-31'),
  })
})

test('every moment lies in exactly one period of a cycle, and periods touch', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
      fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }),
      fc.constantFrom<Interval['interval']>('day', 'week', 'month', 'year'),
      fc.integer({ min: 1, max: 4 }),
      (anchor, time, interval, interval_count) => {
        const cycle = { interval, interval_count }
        const period = periodAround(time, anchor, cycle)
        expect(period.start).toBeLessThanOrEqual(time)
        expect(period.end).toBeGreaterThan(time)
        expect(periodAround(period.end, anchor, cycle).start).toBe(period.end)
      },
    ),
  )
})
