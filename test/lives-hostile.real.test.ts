import { describe, expect, test } from 'vitest'
import { Life, price } from './support/life-account.ts'
import { storeKinds } from './support/stores.ts'

/* Names and metadata are written by people, and some of them by people who mean harm. */

const words = {
  control: 'a\u0000b\u001b[2J\u0007\u009b31m',
  direction: '\u202eorp\u202c',
  half: 'half \ud800 a pair',
  long: 'x'.repeat(500),
  emoji: '👩‍👩‍👧‍👦🦄',
  proto: '__proto__',
  constructor: 'constructor',
  dollar: '$date',
  quotes: `'"; drop table incidents; -- \\`,
  bars: 'a|b|entitlement:c',
  number: '1e999',
  nan: 'NaN',
} as const

describe.each(storeKinds)('whatever stands in names and metadata (%s store)', (kind) => {
  test('ends no check, hides no drift and accuses nobody', async () => {
    const life = await Life.begin({}, kind)
    try {
      for (const word of Object.values(words)) {
        const user = await life.app.signUpUser()
        await life.app.write(user, {
          stripe_customer_id: word,
          plan: word,
          is_premium: word,
          trial_ends_at: word,
          entitlements: { [word]: true },
        })
        // Half a pair has no way into a form body.
        const text = word.replace(/\p{Surrogate}/gu, '\ufffd')
        const customer = await life.customer({
          clock: false,
          params: { name: text, description: text, metadata: { user_id: text, organization_id: text } },
        })
        await life.subscribe(customer, price.pro, { metadata: { user_id: text } })
      }
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      const { incidents, complete, check } = await life.check()
      expect(complete).toBe(true)
      const kinds = incidents.map(({ kind }) => kind)
      const count = Object.keys(words).length
      expect(
        incidents.filter(({ kind }) => kind === 'paid-without-access').map(({ subject }) => subject),
      ).toEqual([user])
      expect(kinds.filter((each) => each === 'payer-unmatched')).toHaveLength(count)
      expect(kinds.filter((each) => each === 'plan-unknown')).toHaveLength(count)
      expect(new Set(kinds)).toEqual(new Set(['paid-without-access', 'payer-unmatched', 'plan-unknown']))
      expect(check.counts).toMatchObject({ drifts: count + 1, cannotTell: count })
    } finally {
      await life.end()
    }
  })

  test('as the name of a feature is a feature like any other, and shows no control character', async () => {
    const life = await Life.begin({}, kind)
    try {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      const features = Object.fromEntries(Object.values(words).map((word) => [word, true]))
      await life.app.write(user, { entitlements: features })
      const first = await life.check()
      expect(first.complete).toBe(true)
      const extra = first.incidents.filter(({ kind }) => kind === 'entitlement-extra')
      expect(extra).toHaveLength(Object.keys(words).length)
      expect(first.incidents).toHaveLength(extra.length)
      for (const { sentence } of extra) expect(sentence).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      const second = await life.check()
      expect(second.incidents.map(({ id, openings }) => `${id} ${openings}`).toSorted()).toEqual(
        first.incidents.map(({ id }) => `${id} 1`).toSorted(),
      )
    } finally {
      await life.end()
    }
  })
})
