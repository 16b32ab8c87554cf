import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Component, components } from '../access/access.ts'
import { agreementKey, readAgreementKey } from '../access/agreement-key.ts'
import { accessState, readAccessState } from './access-state.ts'
import {
  daysFromNow,
  granted,
  nothingGranted,
  now,
  pair,
  payerAlone,
  reading,
  rules,
  subscription,
} from './recorded-pairs.ts'

describe('an agreement key', () => {
  const access = fc.record({
    plan: fc.constantFrom('free', 'pro', 'team plus', 'größe'),
    paid: fc.boolean(),
    trialEndsAt: fc.option(fc.integer({ min: 1, max: 3_000 }).map(daysFromNow)),
    entitlements: fc.oneof(fc.constant('every' as const), fc.array(fc.string({ unit: 'binary' }))),
    seats: fc.option(fc.oneof(fc.nat(), fc.constant('unlimited' as const))),
  })

  test('reads back as the access that it was written of, of the mapped components alone', () => {
    fc.assert(
      fc.property(access, fc.subarray([...components], { minLength: 1 }), (written, mapped) => {
        const isSaid = (component: Component) => component !== 'seats' || written.paid
        const expected = Object.fromEntries(
          mapped.filter(isSaid).map((component) => [component, written[component]]),
        )
        expect(readAgreementKey(agreementKey(written, mapped, now))).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the state of a pair', () => {
  test('is the one key of both sides where they agree exactly', () => {
    const state = accessState(pair(), rules)
    expect(state).not.toMatch(/^\[/)
    const said = readAccessState(state)
    expect(said?.owed).toMatchObject({ plan: 'pro', paid: true, entitlements: ['reports'] })
    expect(said?.granted).toEqual([{ source: null, record: 'live', least: said?.owed, most: said?.owed }])
  })

  const cases = [
    [
      'past due, where it may be had or not',
      pair({
        payers: [
          { ...pair().payers[0], facts: [subscription(['price_pro'], { status: 'past_due' })] } as never,
        ],
      }),
      'free',
      'pro',
      'pro',
    ],
    [
      'nothing granted of what is paid for',
      pair({ readings: [reading({ granted: nothingGranted })] }),
      'pro',
      'pro',
      'free',
    ],
    [
      'a higher plan than is paid for',
      pair({ readings: [reading({ granted: granted({ plan: { state: 'value', value: 'enterprise' } }) })] }),
      'pro',
      'pro',
      'enterprise',
    ],
  ] as const
  for (const [what, given, owed, allowed, has] of cases) {
    test(`says the bounds and the grant apart: ${what}`, () => {
      const said = readAccessState(accessState(given, rules))
      expect([said?.owed.plan, said?.allowed.plan, said?.granted[0]?.least.plan]).toEqual([
        owed,
        allowed,
        has,
      ])
    })
  }

  test('of a payer without a subject has no grant', () => {
    expect(readAccessState(accessState(payerAlone(), rules))).toMatchObject({
      owed: { plan: 'pro' },
      granted: [],
    })
  })

  test('is the same for the same pair, and says no exception, which has times of its own', () => {
    const exception = {
      subject: 'user_1',
      allowed: { plan: 'enterprise' },
      reason: 'partner',
      author: null,
      until: null,
    }
    expect(accessState(pair(), { ...rules, exceptions: [exception] })).toBe(accessState(pair(), rules))
  })

  test('that was written by nobody is none', () => {
    expect(readAccessState('nonsense')).toBeNull()
  })
})
