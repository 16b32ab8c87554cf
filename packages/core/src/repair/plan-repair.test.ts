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
import type { Rules } from '../check/rules.ts'
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
const context: RepairContext = {
  catalogue,
  access: [{ kind: 'clerk', name: 'clerk', mappings: { user: mapping } }],
  clerkApiUrl: 'https://api.clerk.com',
}

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

  describe('keeps the features that may stay', () => {
    const free = { ...catalogue.plans[0], entitlements: ['community'] }
    const withCommunity = { ...catalogue, plans: [free, ...catalogue.plans.slice(1)] } as const
    const featuresAfter = (of: Pair, found: string, exceptions: Rules['exceptions'] = []) => {
      const act = { by: 'check:1', at: now }
      const oddRules = { ...rules, catalogue: withCommunity, exceptions }
      const [incident] = goRound(of, oddRules, new Map(), (key) => key, act, context).incidents
      expect(found).toBe(
        incident?.evidence.find(({ field }) => field === 'public_metadata.entitlements')?.value,
      )
      return incident?.repair.changes.find(({ field }) => field === 'public_metadata.entitlements')?.after
    }
    const readingOf = (found: string, entitlements: readonly string[], isPaid: boolean) =>
      reading({
        granted: granted({
          plan: { state: 'value', value: isPaid ? 'pro' : 'free' },
          paid: { state: 'value', value: isPaid },
          entitlements: { state: 'value', value: entitlements },
        }),
        fields: withFields({ entitlements: found }),
      })

    test('those of the free plan, when paid access is given', () => {
      const found = '{"community":true}'
      const of = pair({ readings: [readingOf(found, ['community'], false)] })
      expect(featuresAfter(of, found)).toEqual({ community: true, reports: true })
    })

    test('those of the free plan, where features are kept as a list', () => {
      const found = '["community"]'
      const of = pair({ readings: [readingOf(found, ['community'], false)] })
      expect(featuresAfter(of, found)).toEqual(['community', 'reports'])
    })

    test('those of the free plan, when unpaid access is taken; one that was closed stays closed', () => {
      const open = '{"community":true,"reports":true}'
      const unpaid = { payers: [], pointed: null }
      expect(
        featuresAfter(pair({ ...unpaid, readings: [readingOf(open, ['community', 'reports'], true)] }), open),
      ).toEqual({ community: true, reports: false })
      const closed = '{"community":false,"reports":true}'
      expect(
        featuresAfter(pair({ ...unpaid, readings: [readingOf(closed, ['reports'], true)] }), closed),
      ).toEqual({
        reports: false,
      })
    })

    test('all of them, where an exception allows every feature', () => {
      const found = '{"reports":true}'
      const exception = {
        subject: 'user_1',
        allowed: { entitlements: 'every' },
        reason: 'partner',
        author: null,
        until: null,
      } as const
      const of = pair({ payers: [], pointed: null, readings: [readingOf(found, ['reports'], true)] })
      expect(featuresAfter(of, found, [exception])).toEqual({ reports: true })
    })

    test('whatever they are, where they cannot be read', () => {
      const unread = { state: 'unreadable', found: '7', needed: 'a list' } as const
      const of = pair({
        readings: [
          reading({
            granted: granted({ paid: { state: 'value', value: false }, entitlements: unread }),
            fields: withFields({ entitlements: '7' }),
          }),
        ],
      })
      expect(featuresAfter(of, '7')).toBeUndefined()
    })
  })

  test('never writes a value where access could not be read', () => {
    const unreadable = { state: 'unreadable', found: '7', needed: 'a word' } as const
    expect(plansFor(pair({ readings: [reading({ granted: granted({ paid: unreadable }) })] }))).toEqual([])
  })
})
