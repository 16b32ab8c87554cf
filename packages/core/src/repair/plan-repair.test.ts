import { describe, expect, test } from 'vitest'
import {
  catalogue,
  customer,
  daysFromNow,
  granted,
  nothingGranted,
  now,
  pair,
  payer,
  payerAlone,
  reading,
  rules,
  subscription,
} from '../check/recorded-pairs.ts'
import type { ClerkMapping, MetadataPath } from '../grant/clerk-mapping.ts'
import { goRound } from '../loop.ts'
import type { Pair } from '../match/pair.ts'
import type { RepairContext } from './plan-repair.ts'

const path = (text: string): MetadataPath => {
  const [container, ...keys] = text.split('.')
  const [first = '', ...rest] = keys
  return {
    container: container === 'private_metadata' ? 'private_metadata' : 'public_metadata',
    keys: [first, ...rest],
    text,
  }
}

const mapping: ClerkMapping = {
  customerId: path('private_metadata.billing.customer'),
  plan: path('public_metadata.plan'),
  premium: path('public_metadata.is_premium'),
  trialEndsAt: path('public_metadata.trial_ends_at'),
  entitlements: path('public_metadata.entitlements'),
  seats: null,
}
const context: RepairContext = { catalogue, clerk: { user: mapping }, clerkApiUrl: 'https://api.clerk.com' }

function plansFor(of: Pair) {
  const act = { by: 'check:1', at: now }
  return goRound(of, rules, new Map(), (key) => key, act, context).incidents.map(({ repair }) => repair)
}

const withFields = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).map(([field, found]) => ({ path: `public_metadata.${field}`, found }))

describe('a guided repair', () => {
  test('gives paid access back with one patch of the mapped keys, in the words that the app uses', () => {
    const [plan] = plansFor(pair({ readings: [reading({ granted: nothingGranted })] }))
    expect(plan?.act).toBe('grant')
    expect(plan?.request).toEqual({
      method: 'PATCH',
      url: 'https://api.clerk.com/v1/users/user_1/metadata',
      body: '{"public_metadata":{"plan":"premium","is_premium":true,"entitlements":{"reports":true}}}',
    })
    expect(plan?.link).toBe('https://dashboard.clerk.com/last-active?path=users/user_1')
  })

  test('takes unpaid access down to what is allowed, feature by feature', () => {
    const [plan] = plansFor(pair({ payers: [], pointed: null }))
    expect(plan?.act).toBe('revoke')
    expect(plan?.request?.body).toBe(
      '{"public_metadata":{"plan":"free","is_premium":false,"entitlements":{"reports":false}}}',
    )
  })

  test('sets the plan alone where the plan alone is wrong', () => {
    const [plan] = plansFor(pair({ payers: [payer([subscription(['price_enterprise'])])] }))
    expect(plan?.act).toBe('set-plan')
    expect(plan?.changes.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['public_metadata.plan', '"pro"', 'enterprise'],
    ])
  })

  test('sets the end of a trial to that of billing', () => {
    const trial = subscription(['price_pro'], { status: 'trialing', trialEndsAt: daysFromNow(9) })
    const [plan] = plansFor(pair({ payers: [payer([trial])] }))
    expect(plan?.act).toBe('set-trial-end')
    expect(plan?.changes[0]?.after).toBe(daysFromNow(9).toISOString())
  })

  test('switches one feature on where features are kept as an object', () => {
    const [plan] = plansFor(pair({ payers: [payer([subscription(['price_pro', 'price_api'])])] }))
    expect(plan?.act).toBe('set-features')
    expect(plan?.request?.body).toBe('{"public_metadata":{"entitlements":{"api":true}}}')
  })

  test('writes the whole list where features are kept as a list, since a patch replaces lists', () => {
    const listed = reading({ fields: withFields({ entitlements: '["reports"]' }) })
    const [plan] = plansFor(
      pair({ readings: [listed], payers: [payer([subscription(['price_pro', 'price_api'])])] }),
    )
    expect(plan?.request?.body).toBe('{"public_metadata":{"entitlements":["api","reports"]}}')
  })

  test('points a subject to the customer that pays', () => {
    const [plan] = plansFor(
      pair({
        payers: [
          payer([]),
          payer([subscription(['price_pro'], { customerId: 'cus_2' })], {
            customer: customer('cus_2'),
            rule: 1,
          }),
        ],
      }),
    )
    expect(plan?.act).toBe('relink')
    expect(plan?.request?.body).toBe('{"private_metadata":{"billing":{"customer":"cus_2"}}}')
  })

  test('is steps for a person where there is no one safe answer', () => {
    const plans = [
      ...plansFor(payerAlone()),
      ...plansFor(pair({ sharedWith: [{ type: 'user', id: 'user_2' }] })),
      ...plansFor(pair({ payers: [payer([subscription(), subscription(['price_pro'], { id: 'sub_2' })])] })),
    ]
    expect(plans.map(({ act, request }) => [act, request])).toEqual([
      ['link', null],
      ['steps', null],
      ['steps', null],
    ])
    for (const { steps } of plans) expect(steps.length).toBeGreaterThan(1)
  })

  test('never writes a value where access could not be read', () => {
    const unreadable = { state: 'unreadable', found: '7', needed: 'a word' } as const
    expect(plansFor(pair({ readings: [reading({ granted: granted({ paid: unreadable }) })] }))).toEqual([])
  })
})
