import { describe, expect, test } from 'vitest'
import { outcomeOf } from './outcome.ts'
import { mostTries, retryDelaySeconds } from './retry-delay.ts'

const now = new Date('2026-11-21T10:00:00Z')
const answer = (status: number, headers: Record<string, string> = {}, body = '') => ({
  status,
  headers,
  body,
})

describe('an answer', () => {
  test.each<[number, 'sent' | 'failed', boolean]>([
    [200, 'sent', false],
    [202, 'sent', false],
    [299, 'sent', false],
    [301, 'failed', true],
    [304, 'failed', true],
    [400, 'failed', true],
    [404, 'failed', true],
    [410, 'failed', false],
    [429, 'failed', true],
    [500, 'failed', true],
  ])('%i is %s; the same may be taken later: %s', (status, kind, isRetryable) => {
    const outcome = outcomeOf(answer(status), now)
    expect(outcome.kind).toBe(kind)
    if (outcome.kind === 'failed') expect(outcome.isRetryable).toBe(isRetryable)
  })

  test('that a vendor gives for good is not asked for again', () => {
    expect(outcomeOf(answer(404), now, [404])).toMatchObject({ isRetryable: false, isGone: false })
  })

  test.each<[string, number | null]>([
    ['120', 120],
    ['0.5', 1],
    ['Sat, 21 Nov 2026 10:05:00 GMT', 300],
    ['Sat, 21 Nov 2026 09:00:00 GMT', null],
    ['soon', null],
    ['-5', null],
    ['999999', 21_600],
  ])('that asks for %s is given %s seconds', (value, seconds) => {
    expect(outcomeOf(answer(429, { 'retry-after': value }), now)).toMatchObject({
      retryAfterSeconds: seconds,
    })
  })

  test('stands in the log as one short line without keys', () => {
    const outcome = outcomeOf(answer(500, {}, `bad\n\u001b[31mkey whsec_abc123= ${'x'.repeat(9_999)}`), now)
    expect(outcome.detail).toMatch(/^HTTP 500: bad \[31mkey \[secret\] x+…$/)
    expect(outcome.detail).toHaveLength(300)
  })

  test('is told by its status alone where nothing came with it', () => {
    expect(outcomeOf(answer(503), now)).toMatchObject({ detail: 'HTTP 503' })
  })
})

describe('the pause after a failed try', () => {
  const delays = (audience: 'alert' | 'webhook', chance: number) =>
    Array.from({ length: mostTries }, (_, tried) =>
      retryDelaySeconds(audience, { tries: tried + 1, retryAfterSeconds: null }, { next: () => chance }),
    )

  test('grows, and ends with the last try', () => {
    for (const audience of ['alert', 'webhook'] as const) {
      const seconds = delays(audience, 0.5)
      expect(seconds.at(-1)).toBeNull()
      const pauses = seconds.flatMap((one) => one ?? [])
      expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
      expect(pauses).toHaveLength(mostTries - 1)
    }
  })

  test('is a fifth shorter or longer by chance', () => {
    expect([delays('webhook', 0)[1], delays('webhook', 0.9999999)[1]]).toEqual([240, expect.closeTo(360, 2)])
  })

  test('is never shorter than the receiver asked for', () => {
    const seconds = retryDelaySeconds('alert', { tries: 1, retryAfterSeconds: 90 }, { next: () => 0.5 })
    expect(seconds).toBe(90)
  })
})
