import { describe, expect, test } from 'vitest'
import { type QuietHours, quietHours, quietUntil } from './quiet-hours.ts'

const berlin = (change: Partial<QuietHours> = {}): QuietHours =>
  quietHours.parse({ from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', ...change })

describe('quiet hours', () => {
  test.each<[string, Partial<QuietHours>, string, string | null]>([
    ['at noon nothing is quiet', {}, '2026-06-10T10:00:00Z', null],
    ['a minute before they begin', {}, '2026-06-10T19:59:59Z', null],
    ['they begin with their first second', {}, '2026-06-10T20:00:00Z', '2026-06-11T05:00:00Z'],
    [
      'after midnight it is still the night that began before',
      {},
      '2026-06-11T02:30:00Z',
      '2026-06-11T05:00:00Z',
    ],
    ['they end with the minute that is named', {}, '2026-06-11T05:00:00Z', null],
    ['within one day', { from: '12:00', to: '13:30' }, '2026-06-10T10:15:00Z', '2026-06-10T11:30:00Z'],
    ['up to midnight', { from: '18:00', to: '00:00' }, '2026-06-10T20:00:00Z', '2026-06-10T22:00:00Z'],
    // In the night to 29 March 2026 Berlin goes from 02:00 to 03:00, to 25 October back from 03:00 to 02:00.
    ['a night that is an hour shorter', {}, '2026-03-28T23:30:00Z', '2026-03-29T05:00:00Z'],
    ['a night that is an hour longer', {}, '2026-10-24T22:30:00Z', '2026-10-25T06:00:00Z'],
    [
      'an end that is skipped: when the clock goes on',
      { to: '02:30' },
      '2026-03-28T23:30:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'an end that comes twice: the first time',
      { to: '02:30' },
      '2026-10-24T23:30:00Z',
      '2026-10-25T00:30:00Z',
    ],
    [
      'and what begins again with it is quiet again',
      { to: '02:30' },
      '2026-10-25T01:10:00Z',
      '2026-10-25T01:30:00Z',
    ],
    [
      'a beginning that is skipped',
      { from: '02:15', to: '04:00' },
      '2026-03-29T01:00:00Z',
      '2026-03-29T02:00:00Z',
    ],
    ['half an hour beside UTC', { timeZone: 'Asia/Kolkata' }, '2026-06-10T17:00:00Z', '2026-06-11T01:30:00Z'],
    [
      'half an hour of summer time',
      { timeZone: 'Australia/Lord_Howe' },
      '2026-10-03T14:00:00Z',
      '2026-10-03T20:00:00Z',
    ],
    ['a day that is not one of them', { days: ['saturday'] }, '2026-06-10T20:00:00Z', null],
    [
      'the night belongs to the day on which it begins',
      { days: ['saturday'] },
      '2026-06-14T02:00:00Z',
      '2026-06-14T05:00:00Z',
    ],
    ['and not to the one on which it ends', { days: ['sunday'] }, '2026-06-14T02:00:00Z', null],
  ])('%s', (_, change, at, until) => {
    expect(quietUntil(berlin(change), new Date(at))).toEqual(until === null ? null : new Date(until))
  })

  test.each<[string, object]>([
    ['no length', { from: '07:00', to: '07:00' }],
    ['a time that no clock shows', { from: '24:00' }],
    ['a zone that is none', { timeZone: 'Europe/Atlantis' }],
    ['an offset, which knows no summer time', { timeZone: '+02:00' }],
    ['no day', { days: [] }],
  ])('are refused with %s', (_, change) => {
    const hours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', ...change }
    expect(quietHours.safeParse(hours).success).toBe(false)
  })
})
