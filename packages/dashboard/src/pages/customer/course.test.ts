import { describe, expect, it } from 'vitest'
import { courseOf, type History, type Level, scaleOf, surely } from './course.ts'

const day = (number: number) => new Date(Date.UTC(2026, 0, number)).toISOString()
const level = (plan: string, rest: Partial<Level> = {}): Level => ({
  plan,
  rank: null,
  paid: plan !== 'free',
  trialEndsAt: null,
  entitlements: [],
  seats: null,
  ...rest,
})
const known = (from: number, to: number, owed: Level, granted: Level) => ({
  known: true as const,
  from: day(from),
  to: day(to),
  checkId: 'chk_1',
  there: true,
  owed,
  allowed: owed,
  granted: [{ source: 'postgres', record: 'live' as const, least: granted, most: granted }],
})
const history = (stretches: History['pairs'][number]['stretches']): History => ({
  from: day(1),
  to: day(91),
  levels: [
    { plan: 'pro', rank: 1 },
    { plan: 'free', rank: 0 },
  ],
  pairs: [{ key: 'user:user_1', subject: { type: 'user', id: 'user_1' }, stretches }],
  marks: [],
  marksCut: false,
})
const before = { known: false as const, from: day(1), to: day(82), because: 'before-first-look' as const }

describe('the course of a customer’s access', () => {
  it('gives the time before anything is known a tenth of the picture', () => {
    const course = courseOf(history([before, known(82, 91, level('pro'), level('free'))]), undefined)
    expect(new Date(course?.from ?? 0).toISOString()).toBe(day(81))
    expect(new Date(course?.until ?? 0).toISOString()).toBe(day(91))
  })
  it('is none where nothing is known and nothing happened', () => {
    expect(courseOf(history([before]), undefined)).toBeNull()
  })
  it('has plans in their order, and those that no catalogue has on top', () => {
    const course = courseOf(history([known(2, 91, level('pro'), level('growth'))]), 'user:user_1')
    expect(course).not.toBeNull()
    if (!course) return
    const { levels, levelOf } = scaleOf('plan', history([]).levels, course)
    expect(levels).toEqual(['free', 'pro', 'growth'])
    expect([level('free'), level('growth')].map(levelOf)).toEqual([0, 2])
  })
  it('draws no line where what is granted could be more than it seems, or is not compared', () => {
    const course = courseOf(history([known(2, 91, level('pro', { seats: 5 }), level('pro'))]), undefined)
    if (!course) throw new Error('Something is known.')
    const seats = scaleOf('seats', [], course)
    expect(seats.levels).toEqual(['0', '5'])
    expect(surely({ least: level('pro'), most: level('pro') }, seats)).toBeNull()
    expect(surely({ least: level('pro', { seats: 0 }), most: level('pro', { seats: 5 }) }, seats)).toBeNull()
    expect(surely({ least: level('pro', { seats: 5 }), most: level('pro', { seats: 5 }) }, seats)).toBe(1)
  })
})
