import { expect, it } from 'vitest'
import { BillingError } from '../billing-error.ts'
import type { LeasedWork } from '../store/store.ts'
import { postponement } from './postponement.ts'

const now = new Date('2026-11-21T12:00:00Z')
const work = (attempts: number): LeasedWork => ({
  key: 'read:organization:org_1',
  kind: 'read',
  subject: null,
  detail: null,
  dueAt: now,
  generation: 1,
  attempts,
  setAside: false,
  lastError: null,
  lease: '1',
})
const put = (attempts: number, error: unknown, chance = 1) => {
  const to = postponement(work(attempts), error, { now, rng: { next: () => chance } })
  return { ...to, seconds: (to.dueAt.getTime() - now.getTime()) / 1000 }
}
const passing = new BillingError({ code: 'vendor-failed', message: 'm', fix: 'f', retryable: true })
const lasting = new BillingError({ code: 'vendor-refused', message: 'm', fix: 'f' })

it.each([
  [0, 1],
  [1, 2],
  [2, 4],
  [8, 256],
  [9, 512],
  [10, 600],
  [500, 600],
])('after %d failures work waits %d seconds', (attempts, seconds) => {
  expect(put(attempts, passing).seconds).toBe(seconds)
  expect(put(attempts, passing, 0).seconds).toBe(seconds / 2)
})

it('a vendor that says how long is left alone for so long', () => {
  const error = new BillingError({
    code: 'rate-limited',
    message: 'm',
    fix: 'f',
    retryable: true,
    retryAfterMs: 42_000,
  })
  expect(put(0, error).seconds).toBe(42)
})

it('trouble that passes never sets work aside; what lasts does, after twelve tries', () => {
  expect(put(1_000, passing).setAside).toBe(false)
  expect(put(10, lasting).setAside).toBe(false)
  expect(put(11, lasting).setAside).toBe(true)
  expect(put(11, new Error('a hook')).setAside).toBe(true)
})

it('a row that is missing is waited for', () => {
  expect(put(1_000, new BillingError({ code: 'row-missing', message: 'm', fix: 'f' })).setAside).toBe(false)
})

it('work says what it failed for, in few words', () => {
  expect(put(0, lasting).error).toBe('vendor-refused: m')
  expect(put(0, new RangeError('too far')).error).toBe('RangeError: too far')
  expect(put(0, new Error('x'.repeat(9_000))).error).toHaveLength(500)
})
