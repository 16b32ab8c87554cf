import { expect, it } from 'vitest'
import type { AccessAnswer } from '../access/access-answer.ts'
import { accessReasons } from '../access/access-answer.ts'
import { gateCodes } from './gate-answer.ts'
import { judge, refuse } from './judge.ts'
import { featureRequirement, planRequirement, seatsRequirement } from './requirement.ts'

const catalogue = {
  plans: [
    { id: 'free', features: ['export'], seats: 2 },
    { id: 'pro', features: ['export', 'reports'], seats: 5 },
    { id: 'team', features: ['export', 'reports', 'sso'], seats: 'quantity' },
  ],
} as const
const asOf = new Date('2026-11-21T12:00:00Z')
const subject = { type: 'organization', id: 'org_1' } as const

const pro = { plan: 'pro', paid: true, entitlements: ['export', 'reports'], seats: 5 } as const
const free = { plan: 'free', paid: false, entitlements: ['export'], seats: 2 } as const
function access(given: typeof pro | typeof free, reason: AccessAnswer['reason']): AccessAnswer {
  return { ...given, reason, subject, trialEndsAt: null, asOf, ageMs: 10, endsAt: null, changesAt: null }
}

const gates = {
  'plan free': planRequirement(catalogue, ['free']),
  'plan pro': planRequirement(catalogue, ['pro']),
  'plan team': planRequirement(catalogue, ['team']),
  'plan pro or team': planRequirement(catalogue, ['team', 'pro']),
  'feature reports': featureRequirement(catalogue, ['reports']),
  'feature sso': featureRequirement(catalogue, ['sso']),
  'features export and sso': featureRequirement(catalogue, ['export', 'sso']),
  'seats 2': seatsRequirement(catalogue, 2),
  'seats 5': seatsRequirement(catalogue, 5),
  'seats 6': seatsRequirement(catalogue, 6),
}
type GateName = keyof typeof gates

/** What is had and why, the gate, what it answers. */
const table: readonly (readonly [
  typeof pro | typeof free,
  AccessAnswer['reason'],
  GateName,
  'open' | `${number} ${string}`,
])[] = [
  [pro, 'paid', 'plan free', 'open'],
  [pro, 'paid', 'plan pro', 'open'],
  [pro, 'paid', 'plan pro or team', 'open'],
  [pro, 'paid', 'plan team', '403 plan-upgrade-required'],
  [pro, 'paid', 'feature reports', 'open'],
  [pro, 'paid', 'feature sso', '403 plan-upgrade-required'],
  [pro, 'paid', 'features export and sso', '403 plan-upgrade-required'],
  [pro, 'paid', 'seats 5', 'open'],
  [pro, 'paid', 'seats 6', '403 seats-exhausted'],
  [pro, 'trial', 'plan pro', 'open'],
  [pro, 'trial', 'feature reports', 'open'],
  [pro, 'trial', 'seats 5', 'open'],
  [pro, 'trial', 'plan team', '403 plan-upgrade-required'],
  [pro, 'grace', 'plan pro', 'open'],
  [pro, 'grace', 'feature reports', 'open'],
  [pro, 'grace', 'seats 5', 'open'],
  [pro, 'grace', 'plan team', '403 plan-upgrade-required'],
  [free, 'free', 'plan free', 'open'],
  [free, 'free', 'seats 2', 'open'],
  [free, 'free', 'plan pro', '403 plan-upgrade-required'],
  [free, 'free', 'feature reports', '403 plan-upgrade-required'],
  [free, 'free', 'seats 5', '403 seats-exhausted'],
  [free, 'inactive', 'plan free', 'open'],
  [free, 'inactive', 'plan pro', '402 subscription-inactive'],
  [free, 'inactive', 'feature reports', '402 subscription-inactive'],
  [free, 'inactive', 'seats 5', '402 subscription-inactive'],
  [pro, 'unknown', 'plan pro', 'open'],
  [pro, 'unknown', 'plan team', '403 access-unknown'],
  [free, 'unknown', 'plan pro', '403 access-unknown'],
  [free, 'unknown', 'feature reports', '403 access-unknown'],
  [free, 'unknown', 'seats 5', '403 access-unknown'],
  [free, 'stale', 'plan free', 'open'],
  [free, 'stale', 'plan pro', '403 access-unknown'],
  [free, 'stale', 'feature reports', '403 access-unknown'],
  [free, 'stale', 'seats 5', '403 access-unknown'],
  [free, 'deleted', 'plan free', '404 subject-unknown'],
  [free, 'deleted', 'plan pro', '404 subject-unknown'],
  [free, 'deleted', 'feature reports', '404 subject-unknown'],
  [free, 'deleted', 'seats 2', '404 subject-unknown'],
  [free, 'unseen', 'plan free', 'open'],
  [free, 'unseen', 'plan pro', '404 subject-unknown'],
  [free, 'unseen', 'feature reports', '404 subject-unknown'],
  [free, 'unseen', 'seats 5', '404 subject-unknown'],
]

it.each(table.map(([given, reason, gate, answered]) => ({ given, reason, gate, answered })))(
  '$given.plan ($reason) at the gate "$gate": $answered',
  ({ given, reason, gate, answered }) => {
    const answer = judge(gates[gate], access(given, reason))
    expect(answer.open ? 'open' : `${answer.status} ${answer.code}`).toBe(answered)
  },
)

it('names each reason for access in the table', () => {
  expect(new Set(table.map(([, reason]) => reason))).toEqual(new Set(accessReasons))
})

it('tells the current plan, the plans that would open, why and how old that is', () => {
  expect(judge(gates['feature reports'], access(free, 'free'))).toEqual({
    open: false,
    status: 403,
    code: 'plan-upgrade-required',
    message: 'Plan upgrade required',
    subject,
    current: { plan: 'free', seats: 2 },
    required: { plans: ['pro', 'team'], features: ['reports'], seats: null },
    reason: 'free',
    ageMs: 10,
  })
  expect(judge(gates['plan pro'], access(free, 'inactive'))).toMatchObject({
    status: 402,
    message: 'Subscription inactive',
    required: { plans: ['pro', 'team'] },
  })
  expect(judge(gates['seats 6'], access(pro, 'paid'))).toMatchObject({
    current: { plan: 'pro', seats: 5 },
    required: { plans: ['team'], seats: 6 },
  })
})

it('has a plan say nothing of seats, and they play no part; everything open is everything', () => {
  const unlimited = { ...access(pro, 'paid'), seats: null }
  expect(judge(gates['seats 6'], unlimited).open).toBe(true)
  expect(judge(gates['seats 6'], { ...unlimited, seats: 'unlimited' }).open).toBe(true)
  expect(judge(gates['feature sso'], { ...unlimited, entitlements: 'every' }).open).toBe(true)
})

it.each(gateCodes)('answers %s with one status and a message for people', (code) => {
  const { status, message } = refuse(code, gates['plan pro'])
  expect([401, 402, 403, 404, 503]).toContain(status)
  expect(message).toMatch(/^[A-Z][a-z -]+$/)
})

it.each<[string, () => unknown]>([
  ['a plan that the catalogue does not have', () => planRequirement(catalogue, ['gold'])],
  ['no plan', () => planRequirement(catalogue, [])],
  ['no feature', () => featureRequirement(catalogue, [])],
  ['half a seat', () => seatsRequirement(catalogue, 1.5)],
  ['less than no seats', () => seatsRequirement(catalogue, -1)],
])('makes no gate that asks for %s', (_, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'options-invalid' }))
})
