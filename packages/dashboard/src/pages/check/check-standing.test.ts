import { describe, expect, it } from 'vitest'
import type { Check } from '../../api/follow-check.ts'
import { standingOf, tookText } from './check-standing.ts'

const at = '2026-01-01T10:00:00.000Z'

describe('a check', () => {
  it.each([
    ['under way', { finishedAt: null }, 'reading both sides'],
    ['finished', {}, 'complete'],
    ['finished with something unread', { complete: false }, 'incomplete'],
    ['that was a dry run', { dryRun: true }, 'dry run'],
    ['of one customer', { kind: 'single', complete: false }, 'finished'],
  ] as const)('%s', (_, part, words) => {
    const check: Check = {
      ...{ id: 'chk_1', kind: 'full', dryRun: false, asOf: at, startedAt: at, finishedAt: at },
      ...{ phase: 'read', complete: true, parts: {}, requests: {}, counts: null },
      ...part,
    }
    expect(standingOf(check).words).toBe(words)
  })

  it.each([
    ['2026-01-01T10:00:09.400Z', '9s'],
    ['2026-01-01T10:01:05.000Z', '1m 5s'],
    ['2026-01-01T12:03:00.000Z', '2h 3m'],
    [null, '–'],
  ])('that ended at %s took %s', (finishedAt, text) =>
    expect(tookText({ startedAt: at, finishedAt })).toBe(text),
  )
})
