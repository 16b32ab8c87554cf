import { describe, expect, test } from 'vitest'
import { day, type Life, lives, price, seconds } from './support/life-account.ts'

/* The request that a repair proposes is sent as it stands; then the check agrees. */

interface Repaired {
  readonly rule: string
  /** Brings the drift about. */
  readonly drift: (life: Life) => Promise<unknown>
  readonly kinds: readonly string[]
}

const lived: readonly Repaired[] = [
  {
    rule: 'paid access that is missing is given, with the features of the plan and of the add-on',
    drift: async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro, {
        items: [{ price: price.pro }, { price: price.reportsPlus }],
      })
      await life.app.give(user, { plan: 'free' })
    },
    kinds: ['paid-without-access'],
  },
  {
    rule: 'paid access that was never written is given',
    drift: async (life) => {
      const { customer } = await life.payingUser()
      await life.subscribe(customer, price.enterprise)
    },
    kinds: ['paid-without-access'],
  },
  {
    rule: 'a trial that is missing is given with its end',
    drift: async (life) => {
      const { customer } = await life.payingUser()
      await life.subscribe(customer, price.pro, { trial_end: seconds(day(14)) })
    },
    kinds: ['paid-without-access'],
  },
  {
    rule: 'access without payment is taken, feature by feature',
    drift: async (life) => {
      const user = await life.app.signUpUser()
      await life.app.give(user, { plan: 'enterprise', addOns: ['reports-plus'] })
    },
    kinds: ['access-without-payment'],
  },
  {
    rule: 'access without payment is taken with a trial that never was',
    drift: async (life) => {
      const user = await life.app.signUpUser()
      await life.app.give(user, { plan: 'pro', trialEndsAt: day(90) })
    },
    kinds: ['access-without-payment'],
  },
  {
    rule: 'features that the app keeps as a list are written as a list',
    drift: async (life) => {
      const user = await life.app.signUpUser()
      await life.app.give(user, { plan: 'pro' })
      await life.app.write(user, { entitlements: null })
      await life.app.write(user, { entitlements: ['reports', 'sso'] })
    },
    kinds: ['access-without-payment'],
  },
  {
    rule: 'a plan too low is raised',
    drift: async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.enterprise)
      await life.app.give(user, { plan: 'pro' })
    },
    kinds: ['plan-too-low'],
  },
  {
    rule: 'a plan too high is lowered',
    drift: async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'enterprise' })
    },
    kinds: ['plan-too-high'],
  },
  {
    rule: 'the end of a trial is set to that of billing, earlier or later',
    drift: async (life) => {
      for (const days of [7, 21]) {
        const { user, customer } = await life.payingUser()
        await life.subscribe(customer, price.pro, { trial_end: seconds(day(14)) })
        await life.app.give(user, { plan: 'pro', trialEndsAt: day(days) })
      }
    },
    kinds: ['trial-cut-short', 'trial-overstayed'],
  },
  {
    rule: 'single features are opened and closed',
    drift: async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro', addOns: ['reports-plus', 'sso'] })
      await life.app.write(user, { entitlements: { reports: false } })
    },
    kinds: ['entitlement-extra', 'entitlement-extra', 'entitlement-missing'],
  },
  {
    rule: 'the seats of an organization are set to those that are paid for',
    drift: async (life) => {
      for (const seats of [2, 9]) {
        const organization = await life.app.signUpOrganization(await life.app.signUpUser())
        const customer = await life.customer()
        await life.app.pointTo(organization, customer)
        await life.subscribe(customer, price.team, { items: [{ price: price.team, quantity: 4 }] })
        await life.app.give(organization, { plan: 'team', seats })
      }
    },
    kinds: ['seats-over', 'seats-short'],
  },
  {
    rule: 'an organization that was never given its plan has plan, features and seats',
    drift: async (life) => {
      const organization = await life.app.signUpOrganization(await life.app.signUpUser())
      const customer = await life.customer()
      await life.app.pointTo(organization, customer)
      await life.subscribe(customer, price.team, { items: [{ price: price.team, quantity: 9 }] })
    },
    kinds: ['paid-without-access'],
  },
  {
    rule: 'the customer that pays takes the place of the one that does not',
    drift: async (life) => {
      const user = await life.app.signUpUser()
      await life.app.pointTo(user, await life.customer({ clock: false }))
      const paying = await life.customer({ clock: false, params: { metadata: { user_id: user.id } } })
      await life.subscribe(paying, price.pro)
      await life.app.give(user, { plan: 'pro' })
    },
    kinds: ['customer-duplicate'],
  },
]

describe('a repair', () => {
  for (const { rule, drift, kinds } of lived) {
    test(
      rule,
      lives(async (life) => {
        await drift(life)
        const { incidents } = await life.check()
        expect(incidents.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted())
        // What a repair leaves is said by the check after it, and repaired in its turn.
        await life.repair(incidents)
        await life.repair((await life.check()).incidents)
        await life.agrees()
      }),
    )
  }
})
