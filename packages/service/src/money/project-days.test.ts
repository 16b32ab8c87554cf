import { expect, test } from 'vitest'
import { daysBefore } from './project-days.ts'

test('days begin at the midnights of the time zone, and today ends now', () => {
  const now = new Date('2026-11-21T01:30:00Z')
  expect(daysBefore(now, 'America/New_York', 2)).toEqual([
    { day: '2026-11-19', from: new Date('2026-11-19T05:00:00Z'), until: new Date('2026-11-20T05:00:00Z') },
    { day: '2026-11-20', from: new Date('2026-11-20T05:00:00Z'), until: now },
  ])
})

test('a day on which the clock is changed has 25 hours, and keeps its name', () => {
  const days = daysBefore(new Date('2026-10-26T12:00:00Z'), 'Europe/Berlin', 3)
  expect(days.map(({ day }) => day)).toEqual(['2026-10-24', '2026-10-25', '2026-10-26'])
  const [, long] = days
  expect(long && (long.until.getTime() - long.from.getTime()) / 3_600_000).toBe(25)
})

test('a year of days leaves none out, and none overlaps', () => {
  const days = daysBefore(new Date('2026-11-21T12:00:00Z'), 'Australia/Lord_Howe', 366)
  expect(new Set(days.map(({ day }) => day)).size).toBe(366)
  for (const [place, day] of days.entries()) {
    expect(day.until.getTime()).toBeGreaterThan(day.from.getTime())
    if (place > 0) expect(day.from).toEqual(days[place - 1]?.until)
  }
})

test('at midnight itself today has just begun', () => {
  const now = new Date('2026-11-21T00:00:00Z')
  expect(daysBefore(now, 'UTC', 1)).toEqual([{ day: '2026-11-21', from: now, until: now }])
})
