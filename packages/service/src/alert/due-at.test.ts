import { describe, expect, test } from 'vitest'
import { dueAt } from './due-at.ts'
import { quietHours } from './quiet-hours.ts'

const night = quietHours.parse({ from: '22:00', to: '07:00', timeZone: 'UTC' })
const strict = { ...night, criticalPasses: false }
const noon = '2026-06-10T12:00:00Z'
const midnight = '2026-06-11T00:00:00Z'

describe('a message goes out', () => {
  test.each<
    [
      string,
      Partial<Parameters<typeof dueAt>[0]>,
      { now: string; lastAt?: string; isCritical?: boolean },
      string,
      string | null,
    ]
  >([
    ['after more of its kind were gathered', {}, { now: noon }, '2026-06-10T12:00:10Z', 'gathering'],
    ['at once where nothing is gathered', { gatherSeconds: 0 }, { now: noon }, noon, null],
    [
      'not soon after the last one',
      {},
      { now: noon, lastAt: '2026-06-10T11:50:00Z' },
      '2026-06-10T12:05:00Z',
      'gathering',
    ],
    [
      'as usual when the last one is long ago',
      {},
      { now: noon, lastAt: '2026-06-10T09:00:00Z' },
      '2026-06-10T12:00:10Z',
      'gathering',
    ],
    [
      'when the quiet hours end',
      { quietHours: night },
      { now: midnight },
      '2026-06-11T07:00:00Z',
      'quiet-hours',
    ],
    [
      'when they end, where gathering leads into them',
      { quietHours: night },
      { now: '2026-06-10T21:59:55Z' },
      '2026-06-11T07:00:00Z',
      'quiet-hours',
    ],
    [
      'in them, where it is critical',
      { quietHours: night },
      { now: midnight, isCritical: true },
      '2026-06-11T00:00:10Z',
      'gathering',
    ],
    [
      'after them, critical or not, where nothing passes',
      { quietHours: strict },
      { now: midnight, isCritical: true },
      '2026-06-11T07:00:00Z',
      'quiet-hours',
    ],
  ])('%s', (_, rule, { now, lastAt, isCritical = false }, at, heldFor) => {
    const due = dueAt(
      { quietHours: null, gatherSeconds: 10, againAfterMinutes: 15, ...rule },
      { now: new Date(now), lastAt: lastAt ? new Date(lastAt) : null, isCritical },
    )
    expect(due).toEqual({ at: new Date(at), heldFor })
  })
})
