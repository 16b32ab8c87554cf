import { describe, expect, it } from 'vitest'
import { parseMetadataPath } from './parse-mapping.ts'
import { proposeMapping } from './propose-mapping.ts'
import { sampleMetadata } from './sample-metadata.ts'

describe('a sample of metadata', () => {
  it('shows every value with how many have it and the most frequent first', () => {
    const users = [
      { public_metadata: { plan: 'pro', billing: { since: 2025 } }, private_metadata: { stripe: 'cus_1' } },
      { public_metadata: { plan: 'pro' }, private_metadata: null },
      { public_metadata: { plan: 'free' }, unsafe_metadata: { theme: '' } },
      { public_metadata: {} },
    ]
    expect(sampleMetadata(users)).toEqual([
      { path: 'public_metadata.plan', seen: 3, sampled: 4, examples: ['"pro"', '"free"'] },
      { path: 'private_metadata.stripe', seen: 1, sampled: 4, examples: ['"cus_1"'] },
      { path: 'public_metadata.billing.since', seen: 1, sampled: 4, examples: ['2025'] },
    ])
  })

  it.each([
    ['lists are one value', { roles: ['a', 'b'] }, ['public_metadata.roles']],
    [
      'what lies deeper than three keys is one value',
      { a: { b: { c: { d: 1 } } } },
      ['public_metadata.a.b.c'],
    ],
    ['an empty object is a value', { entitlements: {} }, ['public_metadata.entitlements']],
    ['keys with a dot cannot be mapped', { 'a.b': 1, '': 2 }, []],
    ['blanks are no value', { a: ' ', b: null }, []],
    ['false is a value', { paid: false }, ['public_metadata.paid']],
  ])('%s', (_rule, metadata, paths) => {
    expect(sampleMetadata([{ public_metadata: metadata }]).map(({ path }) => path)).toEqual(paths)
  })

  it('shows at most five values of a field', () => {
    const users = Array.from({ length: 9 }, (_, number) => ({ public_metadata: { plan: `plan ${number}` } }))
    expect(sampleMetadata(users)[0]).toMatchObject({ seen: 9, examples: { length: 5 } })
  })

  it.each([[[]], [[null, 'text', 7, {}]], [[{ public_metadata: 'pro' }]]])('of %j finds nothing', (jsons) => {
    expect(sampleMetadata(jsons)).toEqual([])
  })
})

describe('a proposed mapping', () => {
  const proposed = (...users: readonly object[]) =>
    Object.fromEntries(proposeMapping(sampleMetadata(users)).map(({ field, path }) => [field, path]))

  it('finds each part by name and values', () => {
    const user = {
      private_metadata: { stripeCustomerId: 'cus_1' },
      public_metadata: {
        plan: 'pro',
        isPremium: true,
        trial_ends_at: '2027-01-31',
        entitlements: { reports: true, sso: false },
        theme: 'dark',
        onboarded: true,
      },
    }
    expect(proposed(user)).toEqual({
      customerId: 'private_metadata.stripeCustomerId',
      plan: 'public_metadata.plan',
      premium: 'public_metadata.isPremium',
      trialEndsAt: 'public_metadata.trial_ends_at',
      entitlements: 'public_metadata.entitlements',
    })
  })

  it.each<readonly [string, object, object]>([
    [
      'a customer id of any name by its values',
      { public_metadata: { payer: 'cus_1' } },
      { customerId: 'public_metadata.payer' },
    ],
    ['nothing named like a customer id with other values', { public_metadata: { customer_id: 'c-17' } }, {}],
    ['no customer id that a browser can write', { unsafe_metadata: { stripe_customer_id: 'cus_1' } }, {}],
    [
      'the customer id that the browser cannot see before the one that it can',
      { public_metadata: { customer: 'cus_1' }, private_metadata: { customer: 'cus_1' } },
      { customerId: 'private_metadata.customer' },
    ],
    [
      'the well-named customer id before the other',
      { public_metadata: { customer_id: 'cus_1' }, private_metadata: { referrer: 'cus_2' } },
      { customerId: 'public_metadata.customer_id' },
    ],
    ['no plan that is a number', { public_metadata: { plan: 3 } }, {}],
    ['no premium flag that is a word of its own', { public_metadata: { premium: 'gold' } }, {}],
    ['no flag of another name', { public_metadata: { verified: true } }, {}],
    ['no date of another name', { public_metadata: { born: '1999-01-01' } }, {}],
    ['no trial that is a flag', { public_metadata: { trial: true } }, {}],
    [
      'a list of features',
      { public_metadata: { features: ['a', 'b'] } },
      { entitlements: 'public_metadata.features' },
    ],
    [
      'a plan within a group',
      { public_metadata: { billing: { tier: 'pro' } } },
      { plan: 'public_metadata.billing.tier' },
    ],
    [
      'a plan that a browser can write where there is no other',
      { unsafe_metadata: { plan: 'pro' } },
      { plan: 'unsafe_metadata.plan' },
    ],
    [
      'a plan that a browser cannot write before one that it can',
      { unsafe_metadata: { plan: 'pro' }, public_metadata: { subscription_tier: 'pro' } },
      { plan: 'public_metadata.subscription_tier' },
    ],
  ])('has %s', (_rule, user, expected) => {
    expect(proposed(user)).toEqual(expected)
  })

  it('has a long list of features although the sample shows only its beginning', () => {
    const features = Array.from({ length: 40 }, (_, number) => `feature-${number}`)
    expect(proposed({ public_metadata: { features } })).toEqual({ entitlements: 'public_metadata.features' })
  })

  it('is left open where one value does not fit', () => {
    expect(
      proposed({ public_metadata: { customer: 'cus_1' } }, { public_metadata: { customer: 'acct_1' } }),
    ).toEqual({})
  })

  it('gives its reason', () => {
    const [proposal] = proposeMapping(sampleMetadata([{ private_metadata: { customer: 'cus_1' } }, {}]))
    expect(proposal?.reason).toBe(
      '1 of 2 sampled have it, and every value seen looks like a Stripe customer id (cus_…): "cus_1".',
    )
    const [unsafe] = proposeMapping(sampleMetadata([{ unsafe_metadata: { plan: 'pro' } }]))
    expect(unsafe?.reason).toContain('a browser can write it')
  })

  it('can be written into a configuration as it is', () => {
    const samples = sampleMetadata([
      { public_metadata: { plan: 'pro', 'odd key': { plan: 'x' } }, private_metadata: { c: 'cus_1' } },
    ])
    for (const { field, path } of proposeMapping(samples)) {
      expect(parseMetadataPath(path, 'user', field).ok).toBe(true)
    }
  })
})
