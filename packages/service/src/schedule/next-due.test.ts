import { describe, expect, it } from 'vitest'
import { nextDue, previewOf } from './next-due.ts'
import { tasks } from './tasks.ts'

const day = '0 3 * * *'
const later = (from: string, moment: Date) => (moment.getTime() - new Date(from).getTime()) / 60_000

describe('when a task is next due', () => {
  it.each([
    ['in its time zone', day, 'Europe/Berlin', '2026-11-21T12:00:00Z', '2026-11-22T02:00:00Z'],
    [
      'in summer as in winter at the same time of day',
      day,
      'Europe/Berlin',
      '2026-07-01T12:00:00Z',
      '2026-07-02T01:00:00Z',
    ],
    [
      'right after the gap when the clock skips its time',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'once when the clock has its time twice',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      '2026-10-25T00:30:00Z',
    ],
    [
      'at the next day after the doubled hour',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-25T02:00:00Z',
      '2026-10-26T01:30:00Z',
    ],
    ['on Mondays', '0 8 * * 1', 'UTC', '2026-11-21T12:00:00Z', '2026-11-23T08:00:00Z'],
  ])('is %s', (_, cron, timeZone, after, expected) => {
    const minutes = later(expected, nextDue('full-check', cron, timeZone, 'prj_1', new Date(after)))
    expect(minutes).toBeGreaterThanOrEqual(0)
    expect(minutes).toBeLessThan(tasks['full-check'].jitterMinutes)
  })

  it('is always after the moment that is asked about, and moves on from each to the next', () => {
    let moment = new Date('2026-01-01T00:00:00Z')
    for (let n = 0; n < 400; n++) {
      const next = nextDue('recent-check', '0 * * * *', 'America/New_York', 'prj_1', moment)
      expect(later(moment.toISOString(), next)).toBeCloseTo(n === 0 ? later(moment.toISOString(), next) : 60)
      moment = next
    }
  })

  it('is spread over projects, and for one of them the same every time', () => {
    const of = (project: string) =>
      nextDue('full-check', day, 'UTC', project, new Date('2026-11-21T12:00:00Z')).getTime()
    const moments = Array.from({ length: 50 }, (_, n) => of(`prj_${n}`))
    expect(new Set(moments).size).toBeGreaterThan(40)
    expect(of('prj_7')).toBe(moments[7])
  })

  it.each([
    ['0 3 * *', 'UTC', 'cron-malformed'],
    ['0 25 * * *', 'UTC', 'cron-malformed'],
    ['* * * * * *', 'UTC', 'cron-malformed'],
    ['every day', 'UTC', 'cron-malformed'],
    ['0 0 30 2 *', 'UTC', 'cron-never'],
    ['0 3 * * *', 'Europe/Atlantis', 'time-zone-unknown'],
  ])('refuses %j in %s as %s', (cron, timeZone, code) => {
    expect(() => nextDue('full-check', cron, timeZone, 'prj_1', new Date('2026-11-21T12:00:00Z'))).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('can be shown before it is saved', () => {
    const [first, second] = previewOf('0 8 * * 1', 'Europe/Berlin', new Date('2026-11-21T12:00:00Z'), 2)
    expect(first?.toISOString()).toBe('2026-11-23T07:00:00.000Z')
    expect(second?.toISOString()).toBe('2026-11-30T07:00:00.000Z')
  })
})
