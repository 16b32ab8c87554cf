import { describe, expect, test } from 'vitest'
import { day, type Life, lives, price, seconds } from './support/life-account.ts'

/* Who pays for whom: lives in which the link between a customer and a subject is made, lost, doubled or mistaken. */

describe('a customer that is deleted', () => {
  test(
    'ends what it paid for, and whoever points to it is told so',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.stripe.customers.del(customer)
      await life.finds('access-without-payment', 'customer-not-found')
      await life.app.give(user, { plan: 'free' })
      await life.finds('customer-not-found')
      await life.app.pointTo(user, null)
      await life.agrees()
    }),
  )

  test(
    'is told just the same where its ended subscriptions are still listed',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ clock: false })
      await life.subscribe(customer, price.pro)
      await life.stripe.customers.del(customer)
      await life.app.give(user, { plan: 'free' })
      await life.finds('customer-not-found')
    }),
  )
})

describe('a user who is deleted', () => {
  test(
    'and is still billed pays for nothing; it is known by the metadata of the customer',
    lives(async (life) => {
      await life.app.signUpUser()
      const user = await life.app.signUpUser()
      const customer = await life.customer({ clock: false, params: { metadata: { user_id: user.id } } })
      const { id } = await life.subscribe(customer, price.pro)
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
      await life.app.deleteUser(user)
      await life.finds('payer-deleted-subject')
      await life.stripe.subscriptions.cancel(id)
      await life.agrees()
    }),
  )

  test(
    'and is still billed is known by the customer id that it had when it was last seen',
    lives(async (life) => {
      await life.app.signUpUser()
      const { user, customer } = await life.payingUser({ clock: false })
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
      await life.app.deleteUser(user)
      await life.finds('payer-deleted-subject')
    }),
  )

  test(
    'and was the only one is not taken for deleted until a person says that nobody is left',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ clock: false })
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
      await life.app.deleteUser(user)
      const { complete, check, incidents } = await life.check()
      expect(complete).toBe(false)
      expect(check.parts['clerk/users']).toMatchObject({ state: 'failed', code: 'count-moved' })
      expect(incidents.map(({ kind }) => kind)).toEqual(['source-unreadable'])
      const accepted = await life.check({ acceptChanges: true })
      expect(accepted.complete).toBe(true)
      expect(accepted.incidents.map(({ kind }) => kind)).toEqual(['payer-deleted-subject'])
      await life.finds('payer-deleted-subject')
    }),
  )
})

describe('a payer whom nobody knows', () => {
  test(
    'is found once, and no more once the app points to it',
    lives(async (life) => {
      const customer = await life.customer({ clock: false })
      await life.subscribe(customer, price.pro)
      await life.finds('payer-unmatched')
      const user = await life.app.signUpUser()
      await life.app.pointTo(user, customer)
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  test(
    'is nobody’s drift while the first payment has not been made',
    lives(async (life) => {
      const customer = await life.customer({ clock: false, card: null })
      await life.subscribe(customer, price.pro, { payment_behavior: 'default_incomplete' })
      await life.agrees()
    }),
  )
})

describe('one user with several customers', () => {
  /** The app points to the first; the second is known by its metadata. */
  const twoCustomers = async (life: Life) => {
    const user = await life.app.signUpUser()
    const first = await life.customer({ clock: false })
    const second = await life.customer({ clock: false, params: { metadata: { user_id: user.id } } })
    await life.app.pointTo(user, first)
    return { user, first, second }
  }

  test(
    'of which the one that the app points to pays nothing is a duplicate',
    lives(async (life) => {
      const { user, second } = await twoCustomers(life)
      await life.subscribe(second, price.pro)
      await life.finds('customer-duplicate', 'paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.finds('customer-duplicate')
      await life.app.pointTo(user, second)
      await life.agrees()
    }),
  )

  test(
    'that pay for different plans has the higher one',
    lives(async (life) => {
      const { user, first, second } = await twoCustomers(life)
      await life.subscribe(first, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
      await life.subscribe(second, price.enterprise)
      await life.finds('plan-too-low')
      await life.app.give(user, { plan: 'enterprise' })
      await life.agrees()
    }),
  )

  test(
    'that pay for the same plan is billed twice',
    lives(async (life) => {
      const { user, first, second } = await twoCustomers(life)
      await life.subscribe(first, price.pro)
      await life.subscribe(second, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.finds('double-billing')
    }),
  )
})

describe('one customer of several', () => {
  test(
    'users is shared, one incident for all of them',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const other = await life.app.signUpUser()
      await life.app.pointTo(other, customer)
      await life.subscribe(customer, price.pro)
      for (const each of [user, other]) await life.app.give(each, { plan: 'pro' })
      await life.finds('customer-shared')
      await life.app.pointTo(other, null)
      await life.finds('access-without-payment')
      await life.app.give(other, { plan: 'free' })
      await life.agrees()
    }),
  )

  test(
    'that its subscriptions name differently is nobody’s for sure, and neither of them is accused',
    lives(
      async (life) => {
        const [one, other] = [await life.app.signUpUser(), await life.app.signUpUser()]
        const customer = await life.customer({ clock: false })
        await life.subscribe(customer, price.pro, { metadata: { user_id: one.id } })
        await life.subscribe(customer, price.enterprise, { metadata: { user_id: other.id } })
        await life.app.give(one, { plan: 'pro' })
        await life.app.give(other, { plan: 'enterprise' })
        await life.finds('cannot-tell')
        expect((await life.check()).check.counts).toMatchObject({ drifts: 0, cannotTell: 3 })
      },
      { match: ['customer.id', 'subscription.metadata.user_id'] },
    ),
  )
})

describe('a customer found by its address', () => {
  test(
    'pays for whoever has verified that address, in whatever case',
    lives(
      async (life) => {
        const user = await life.app.signUpUser()
        await life.app.addEmail(user, 'ada@example.com')
        const customer = await life.customer({ clock: false, params: { email: 'ADA@example.com' } })
        await life.subscribe(customer, price.pro)
        await life.finds('paid-without-access')
        await life.app.give(user, { plan: 'pro' })
        await life.agrees()
      },
      { match: ['customer.id', 'customer.email'] },
    ),
  )
})

describe('several match rules', () => {
  test(
    'are asked in their order, and the first that answers wins',
    lives(async (life) => {
      const [one, other] = [await life.app.signUpUser(), await life.app.signUpUser()]
      const customer = await life.customer({ clock: false, params: { metadata: { user_id: other.id } } })
      await life.subscribe(customer, price.pro)
      await life.app.pointTo(one, customer)
      await life.app.give(one, { plan: 'pro' })
      await life.agrees()
      await life.app.give(other, { plan: 'pro' })
      await life.finds('access-without-payment')
      await life.app.pointTo(one, null)
      // Now the second rule answers: it is the other one who pays.
      expect((await life.check()).incidents).toMatchObject([{ kind: 'access-without-payment', subject: one }])
    }),
  )

  test(
    'may go by the id that the app has for its users elsewhere',
    lives(
      async (life) => {
        const user = await life.app.signUpUser('account-7')
        const customer = await life.customer({ clock: false, params: { metadata: { account: 'account-7' } } })
        await life.subscribe(customer, price.pro)
        await life.finds('paid-without-access')
        await life.app.give(user, { plan: 'pro' })
        await life.agrees()
      },
      { match: ['customer.id', 'customer.metadata.account -> externalId'] },
    ),
  )
})

describe('a checkout that carries a reference', () => {
  for (const [sold, lifetime] of [
    ['something is', undefined],
    ['nothing is', false],
  ] as const) {
    test(
      `names who pays for its subscription, where ${sold} sold for good beside`,
      lives(
        async (life) => {
          const user = await life.app.signUpUser()
          const session = await life.stripe.checkout.sessions.create({
            mode: 'subscription',
            line_items: [{ price: price.pro, quantity: 1 }],
            success_url: 'https://app.example.com/done',
            client_reference_id: user.id,
          })
          await life.control(`checkout_sessions/${session.id}/complete`, { email: 'ada@example.com' })
          await life.finds('paid-without-access')
          await life.app.give(user, { plan: 'pro' })
          await life.agrees()
        },
        {
          match: ['customer.id', 'checkout.client_reference_id'],
          ...(lifetime === false ? { lifetime } : {}),
        },
      ),
    )
  }
})

describe('an organization and a user', () => {
  test(
    'have each what each pays for',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const organization = await life.app.signUpOrganization(user)
      const ofOrganization = await life.customer()
      await life.app.pointTo(organization, ofOrganization)
      await life.subscribe(customer, price.pro)
      await life.subscribe(ofOrganization, price.team, { items: [{ price: price.team, quantity: 4 }] })
      await life.app.give(user, { plan: 'pro' })
      await life.app.give(organization, { plan: 'pro', seats: 4 })
      await life.finds('plan-too-low')
      await life.app.give(organization, { plan: 'team', seats: 4 })
      await life.agrees()
    }),
  )
})

describe('a customer id', () => {
  test(
    'of the other mode says so, and access is not judged by it',
    lives(async (life) => {
      const user = await life.app.signUpUser()
      life.sandbox.world.stripe.idsOfOtherMode.add('cus_live')
      await life.app.pointTo(user, 'cus_live')
      await life.app.give(user, { plan: 'pro' })
      await life.finds('mode-mismatch')
    }),
  )

  test(
    'that billing does not know is not found, and access is not judged by it',
    lives(async (life) => {
      const user = await life.app.signUpUser()
      await life.app.pointTo(user, 'cus_nobody')
      await life.app.give(user, { plan: 'pro' })
      await life.finds('customer-not-found')
    }),
  )

  test(
    'that is the id of something else cannot be told, and accuses nobody',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.app.pointTo(user, id)
      await life.finds('cannot-tell')
    }),
  )
})

describe('access on purpose', () => {
  test(
    'by an exception agrees until the exception ends, and for nobody else',
    lives(async (life) => {
      const { user } = await life.payingUser()
      await life.app.give(user, { plan: 'pro' })
      await life.finds('access-without-payment')
      const exception = { subject: user.id, allowed: { plan: 'pro' }, reason: 'partner' }
      life.config = { exceptions: [{ ...exception, until: day(10).toISOString() }] }
      await life.agrees()
      await life.app.give(user, { plan: 'enterprise' })
      await life.finds('plan-too-high')
      await life.app.give(user, { plan: 'pro' })
      const other = await life.app.signUpUser()
      await life.app.give(other, { plan: 'pro' })
      await life.finds('access-without-payment')
      await life.app.give(other, { plan: 'free' })
      await life.until(day(10))
      await life.finds('access-without-payment')
    }),
  )
})

describe('a word that the catalogue does not have', () => {
  test(
    'as the plan of an app is one incident for all who have it, and nobody is accused by it',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const other = await life.app.signUpUser()
      await life.subscribe(customer, price.pro)
      await life.app.write(user, { plan: 'Growth', entitlements: { reports: true } })
      await life.app.write(other, { plan: ' growth ' })
      await life.finds('plan-unknown', 'cannot-tell')
      await life.app.give(user, { plan: 'pro' })
      await life.app.give(other, { plan: 'free' })
      await life.agrees()
    }),
  )

  test(
    'as the paid flag is neither yes nor no',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.app.write(user, { is_premium: 'perhaps' })
      await life.finds('cannot-tell')
    }),
  )
})

describe('an invoice that is sent', () => {
  test(
    'and not paid by its date is past due, with days of grace from when it was made final',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ card: null })
      const { id, status } = await life.subscribe(customer, price.pro, {
        collection_method: 'send_invoice',
        days_until_due: 7,
      })
      expect(status).toBe('active')
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.until(day(9))
      expect((await life.stripe.subscriptions.retrieve(id)).status).toBe('past_due')
      await life.agrees()
      await life.until(day(16))
      await life.finds('access-without-payment')
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
      expect(seconds(life.now)).toBe(seconds(day(16)))
    }),
  )
})
