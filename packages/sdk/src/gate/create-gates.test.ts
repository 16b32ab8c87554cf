import type { SubjectId } from '@trueup/core'
import { expect, it } from 'vitest'
import type { AccessAnswer } from '../access/access-answer.ts'
import type { Billing } from '../billing.ts'
import { BillingError } from '../billing-error.ts'
import type { AccessChange } from '../options.ts'
import { subjectOf } from '../subject/subject-of.ts'
import type { GateOptions } from './create-gates.ts'
import { createGates } from './create-gates.ts'

const catalogue = { plans: [{ id: 'free' }, { id: 'pro', features: ['reports'], seats: 5 }] } as const
const subject: SubjectId = { type: 'organization', id: 'org_1' }
const member = { userId: 'user_1', orgId: 'org_1' }
const start = new Date('2026-11-21T12:00:00Z')

/** Gates over a billing whose answers the test gives, and a clock that it moves. */
function open(options: GateOptions = {}) {
  let now = start
  let next: () => Promise<AccessAnswer> = async () => access('pro')
  const asked: SubjectId[] = []
  const listeners = new Set<(change: AccessChange) => void>()
  const billing: Pick<Billing, 'access' | 'catalogue' | 'onChange' | 'subjectOf'> = {
    catalogue,
    subjectOf: (actor) => subjectOf(actor, 'organization'),
    access: (of) => {
      asked.push(of)
      return next()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const access = (plan: 'free' | 'pro', changes: Partial<AccessAnswer> = {}): AccessAnswer => ({
    subject,
    plan,
    paid: plan === 'pro',
    trialEndsAt: null,
    entitlements: plan === 'pro' ? ['reports'] : [],
    seats: plan === 'pro' ? 5 : null,
    reason: plan === 'pro' ? 'paid' : 'free',
    asOf: now,
    ageMs: 0,
    endsAt: null,
    changesAt: null,
    ...changes,
  })
  return {
    gates: createGates(billing, { clock: { now: () => now }, ...options }),
    asked,
    listeners,
    access,
    answer(given: AccessAnswer | (() => Promise<AccessAnswer>)) {
      next = typeof given === 'function' ? given : async () => given
    },
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    change(of: SubjectId = subject) {
      const after = access('free')
      for (const listener of listeners)
        listener({ subject: of, before: null, after, reason: 'free', version: 1 })
    },
  }
}
const away = () =>
  Promise.reject(
    new BillingError({ code: 'store-failed', message: 'It is away.', fix: 'Wait.', retryable: true }),
  )

it('asks the store once while an answer is recent, and tells how old the knowledge is', async () => {
  const { gates, asked, pass } = open()
  const gate = gates.requirePlan('pro')
  await gate(member)
  pass(4_999)
  expect(await gate(member)).toMatchObject({ open: true, access: { plan: 'pro', ageMs: 4_999 } })
  expect(asked).toHaveLength(1)
})

it('keeps no answer longer than the bound, which is five seconds', async () => {
  const { gates, answer, access, pass } = open()
  const gate = gates.requirePlan('pro')
  await gate(member)
  answer(access('free'))
  pass(5_000)
  expect(await gate(member)).toMatchObject({ open: false, status: 403 })
})

it('keeps no answer beyond the moment when it changes by itself', async () => {
  const { gates, answer, access, pass } = open()
  answer(access('pro', { changesAt: new Date(start.getTime() + 1_000) }))
  const gate = gates.requireFeature('reports')
  await gate(member)
  answer(access('free', { reason: 'inactive' }))
  pass(1_000)
  expect(await gate(member)).toMatchObject({ open: false, status: 402 })
})

it('keeps nothing where the bound is zero', async () => {
  const { gates, asked } = open({ maxAgeMs: 0 })
  const gate = gates.requirePlan('pro')
  await gate(member)
  await gate(member)
  expect(asked).toHaveLength(2)
})

it('forgets an answer as soon as this process writes a change, and that of nobody else', async () => {
  const { gates, answer, access, asked, change } = open()
  const gate = gates.requirePlan('pro')
  await gate(member)
  change({ type: 'organization', id: 'org_2' })
  await gate(member)
  expect(asked).toHaveLength(1)
  answer(access('free'))
  change()
  expect(await gate(member)).toMatchObject({ open: false })
})

it('does not keep what was read before a change and came after it', async () => {
  const { gates, answer, access, change } = open()
  const gate = gates.requirePlan('pro')
  let arrive = (_: AccessAnswer) => {}
  answer(() => new Promise((resolve) => (arrive = resolve)))
  const before = gate(member)
  change()
  answer(access('free'))
  const after = await gate(member)
  arrive(access('pro'))
  expect((await before).open).toBe(true)
  expect(after.open).toBe(false)
  expect((await gate(member)).open).toBe(false)
})

it('asks the store once for many who ask at once', async () => {
  const { gates, asked } = open()
  const gate = gates.requirePlan('pro')
  const answers = await Promise.all(Array.from({ length: 50 }, () => gate(member)))
  expect(answers.every(({ open }) => open)).toBe(true)
  expect(asked).toHaveLength(1)
})

it('holds answers of a bounded number of subjects, and drops the oldest', async () => {
  const { gates, asked } = open({ mostSubjects: 2 })
  const gate = gates.requirePlan('pro')
  for (const orgId of ['org_1', 'org_2', 'org_3', 'org_3', 'org_2', 'org_1'])
    await gate({ userId: 'user_1', orgId })
  expect(asked.map(({ id }) => id)).toEqual(['org_1', 'org_2', 'org_3', 'org_1'])
})

it('is closed while the store is away, and asks again afterwards', async () => {
  const { gates, answer, access } = open()
  const gate = gates.requirePlan('pro')
  answer(away)
  expect(await gate(member)).toMatchObject({
    open: false,
    status: 503,
    code: 'access-unreadable',
    reason: null,
  })
  answer(access('pro'))
  expect(await gate(member)).toMatchObject({ open: true })
})

it('does not take a mistake of the app for a store that is away', async () => {
  const { gates, answer } = open()
  answer(() => Promise.reject(new TypeError('A mistake.')))
  await expect(gates.requirePlan('pro')(member)).rejects.toThrow(TypeError)
})

it.each([
  ['nobody', null, 'signed-out'],
  ['a session without a user', { userId: null }, 'signed-out'],
  ['a user without an organization', { userId: 'user_1' }, 'organization-missing'],
])('answers 401 to %s', async (_, actor, code) => {
  const { gates, asked } = open()
  for (const gate of [gates.requirePlan('pro'), gates.requireFeature('reports'), gates.requireSeats(() => 3)])
    expect(await gate(actor)).toMatchObject({ open: false, status: 401, code, subject: null, current: null })
  expect(asked).toEqual([])
})

it('asks how many seats are needed for each subject anew', async () => {
  const { gates } = open()
  let members = 4
  const gate = gates.requireSeats(async ({ id }) => (id === 'org_1' ? members + 1 : 0))
  expect((await gate(member)).open).toBe(true)
  members = 5
  expect(await gate(member)).toMatchObject({
    status: 403,
    code: 'seats-exhausted',
    current: { plan: 'pro', seats: 5 },
    required: { seats: 6 },
  })
})

it('stops listening to billing when it is closed', () => {
  const { gates, listeners } = open()
  expect(listeners.size).toBe(1)
  gates.close()
  expect(listeners.size).toBe(0)
})

it.each([{ maxAgeMs: -1 }, { maxAgeMs: 60_001 }, { maxAgeMs: Number.NaN }, { mostSubjects: 0 }])(
  'refuses the bound %j',
  (options) => {
    expect(() => open(options)).toThrow(expect.objectContaining({ code: 'options-invalid' }))
  },
)
