import { describe, expect, test } from 'vitest'
import { day, type Life, lives, price, seconds } from './support/life-account.ts'

/*
 * Each life goes step by step. After a step the app has not followed yet, as after a lost webhook, and the check finds
 * exactly what that does to whom; then the app follows, and the check agrees.
 */

const failingCard = 'pm_card_chargeCustomerFail'

describe('an active subscription', () => {
  test(
    'is owed from its first payment on, through every renewal',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.agrees()
      await life.subscribe(customer, price.pro)
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
      for (const renewal of [31, 62, 93]) {
        await life.until(day(renewal))
        await life.agrees()
      }
    }),
  )

  test(
    'upgraded owes the higher plan at once',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.until(day(10))
      await life.stripe.subscriptions.update(id, {
        items: [{ id: await life.itemOf(id), price: price.enterprise }],
        proration_behavior: 'always_invoice',
      })
      await life.finds('plan-too-low')
      await life.app.give(user, { plan: 'enterprise' })
      await life.agrees()
    }),
  )

  test(
    'downgraded allows the lower plan only',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.enterprise)
      await life.app.give(user, { plan: 'enterprise' })
      await life.stripe.subscriptions.update(id, {
        items: [{ id: await life.itemOf(id), price: price.pro }],
      })
      await life.finds('plan-too-high')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  test(
    'moved from monthly to yearly stays the same plan',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.stripe.subscriptions.update(id, {
        items: [{ id: await life.itemOf(id), price: price.proYearly }],
      })
      await life.agrees()
      await life.until(day(300))
      await life.agrees()
    }),
  )

  test(
    'with an add-on owes its features while the add-on is there',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      const addOn = await life.stripe.subscriptionItems.create({ subscription: id, price: price.reportsPlus })
      await life.finds('entitlement-missing reports-plus')
      await life.app.give(user, { plan: 'pro', addOns: ['reports-plus'] })
      await life.agrees()
      await life.stripe.subscriptionItems.del(addOn.id)
      await life.finds('entitlement-extra reports-plus')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  test(
    'with an add-on billed by use owes its features, used or not',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro, { items: [{ price: price.pro }, { price: price.apiCalls }] })
      await life.app.give(user, { plan: 'pro' })
      await life.finds('entitlement-missing api')
      await life.app.give(user, { plan: 'pro', addOns: ['api'] })
      await life.agrees()
    }),
  )

  test(
    'by the seat owes and allows the number of seats that is paid for',
    lives(async (life) => {
      const organization = await life.app.signUpOrganization(await life.app.signUpUser())
      const customer = await life.customer()
      await life.app.pointTo(organization, customer)
      await life.app.give(organization, { plan: 'free', seats: 3 })
      const { id } = await life.subscribe(customer, price.team, {
        items: [{ price: price.team, quantity: 3 }],
      })
      await life.finds('paid-without-access')
      await life.app.give(organization, { plan: 'team', seats: 3 })
      await life.agrees()
      const item = await life.itemOf(id)
      await life.stripe.subscriptionItems.update(item, { quantity: 5 })
      await life.finds('seats-short')
      await life.app.give(organization, { plan: 'team', seats: 5 })
      await life.agrees()
      const pack = await life.stripe.subscriptionItems.create({
        subscription: id,
        price: price.seatPack,
        quantity: 2,
      })
      await life.finds('seats-short')
      await life.app.give(organization, { plan: 'team', seats: 15 })
      await life.agrees()
      await life.stripe.subscriptionItems.del(pack.id)
      await life.finds('seats-over')
      await life.app.give(organization, { plan: 'team', seats: 0 })
      await life.finds('seats-over')
      await life.app.give(organization, { plan: 'team', seats: 5 })
      await life.agrees()
    }),
  )

  test(
    'that costs nothing, by a coupon for all of it, is owed as any other',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ card: null })
      const coupon = await life.stripe.coupons.create({ percent_off: 100, duration: 'forever' })
      await life.subscribe(customer, price.pro, { discounts: [{ coupon: coupon.id }] })
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )
})

describe('a trial', () => {
  test(
    'is owed until it ends, and turns into the paid plan where a card is there',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro, { trial_end: seconds(day(14)) })
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro', trialEndsAt: day(14) })
      await life.agrees()
      await life.until(day(15))
      await life.agrees()
      await life.app.give(user, { plan: 'free' })
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  test(
    'that is made longer or shorter in billing is so in the app',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro, { trial_end: seconds(day(14)) })
      await life.app.give(user, { plan: 'pro', trialEndsAt: day(14) })
      await life.stripe.subscriptions.update(id, { trial_end: seconds(day(21)) })
      await life.finds('trial-cut-short')
      await life.app.give(user, { plan: 'pro', trialEndsAt: day(21) })
      await life.agrees()
      await life.stripe.subscriptions.update(id, { trial_end: seconds(day(7)) })
      await life.finds('trial-overstayed')
      await life.app.give(user, { plan: 'pro', trialEndsAt: day(7) })
      await life.agrees()
    }),
  )

  for (const [ending, status] of [
    ['cancel', 'canceled'],
    ['pause', 'paused'],
  ] as const) {
    test(
      `without a card that is to ${ending} at its end leaves nothing open (${status})`,
      lives(async (life) => {
        const { user, customer } = await life.payingUser({ card: null })
        const { id } = await life.subscribe(customer, price.pro, {
          trial_end: seconds(day(14)),
          trial_settings: { end_behavior: { missing_payment_method: ending } },
        })
        await life.app.give(user, { plan: 'pro', trialEndsAt: day(14) })
        await life.agrees()
        await life.until(day(15))
        expect((await life.stripe.subscriptions.retrieve(id)).status).toBe(status)
        await life.finds('access-without-payment')
        await life.app.give(user, { plan: 'free' })
        await life.agrees()
      }),
    )
  }

  test(
    'paused at its end for want of a card is owed again once it resumes',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ card: null })
      const { id } = await life.subscribe(customer, price.pro, {
        trial_end: seconds(day(14)),
        trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
      })
      await life.until(day(20))
      await life.agrees()
      await life.payWith(customer, 'pm_card_visa')
      await life.stripe.subscriptions.resume(id)
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  test(
    'without a card that makes an invoice at its end is past due, with its days of grace',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ card: null })
      const { id } = await life.subscribe(customer, price.pro, {
        trial_end: seconds(day(14)),
        trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } },
      })
      await life.app.give(user, { plan: 'pro', trialEndsAt: day(14) })
      await life.until(day(15))
      expect((await life.stripe.subscriptions.retrieve(id)).status).toBe('past_due')
      await life.agrees()
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
    }),
  )

  test(
    'canceled before its end leaves nothing open, since nothing was paid',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro, { trial_end: seconds(day(14)) })
      await life.app.give(user, { plan: 'pro', trialEndsAt: day(14) })
      await life.until(day(3))
      await life.stripe.subscriptions.cancel(id)
      await life.finds('access-without-payment')
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
    }),
  )
})

describe('a first payment', () => {
  test(
    'that waits for the customer opens nothing, whether it is made or given up',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ card: null })
      const { id, status } = await life.subscribe(customer, price.pro, {
        payment_behavior: 'default_incomplete',
      })
      expect(status).toBe('incomplete')
      await life.agrees()
      await life.app.give(user, { plan: 'pro' })
      await life.finds('access-without-payment')
      await life.until(day(2))
      expect((await life.stripe.subscriptions.retrieve(id)).status).toBe('incomplete_expired')
      await life.finds('access-without-payment')
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
    }),
  )

  test(
    'that succeeds in the end is owed from then on',
    lives(async (life) => {
      const { user, customer } = await life.payingUser({ card: null })
      const { latest_invoice } = await life.subscribe(customer, price.pro, {
        payment_behavior: 'default_incomplete',
      })
      await life.payWith(customer, 'pm_card_visa')
      await life.stripe.invoices.pay(String(latest_invoice))
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )
})

/** A user on pro whose renewal at day 31 fails. */
async function failedRenewal(life: Life) {
  const { user, customer } = await life.payingUser()
  const { id } = await life.subscribe(customer, price.pro)
  await life.app.give(user, { plan: 'pro' })
  await life.payWith(customer, failingCard)
  await life.until(day(32))
  const status = async () => (await life.stripe.subscriptions.retrieve(id)).status
  expect(await status()).toBe('past_due')
  return { user, customer, id, status }
}

describe('a failed payment', () => {
  test(
    'leaves the app free to keep or to withdraw access for the days of grace, and then not',
    lives(async (life) => {
      await life.control('settings', { retryDays: [10, 10, 10], whenRetriesFail: 'past_due' })
      const { user, status } = await failedRenewal(life)
      await life.agrees()
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
      await life.app.give(user, { plan: 'enterprise' })
      await life.finds('plan-too-high')
      await life.app.give(user, { plan: 'pro' })
      await life.until(day(44))
      await life.agrees()
      await life.until(day(46))
      expect(await status()).toBe('past_due')
      await life.finds('access-without-payment')
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
    }),
  )

  test(
    'under the policy `keep` leaves access owed for the days of grace',
    lives(
      async (life) => {
        await life.control('settings', { retryDays: [10, 10, 10], whenRetriesFail: 'past_due' })
        const { user } = await failedRenewal(life)
        await life.agrees()
        await life.app.give(user, { plan: 'free' })
        await life.finds('paid-without-access')
        await life.until(day(46))
        await life.agrees()
      },
      { policy: { pastDue: { mode: 'keep', days: 14 } } },
    ),
  )

  test(
    'under the policy `drop` allows nothing from the first day',
    lives(
      async (life) => {
        const { user } = await failedRenewal(life)
        await life.finds('access-without-payment')
        await life.app.give(user, { plan: 'free' })
        await life.agrees()
      },
      { policy: { pastDue: { mode: 'drop', days: 14 } } },
    ),
  )

  test(
    'that is made good owes access again',
    lives(async (life) => {
      const { user, customer, status } = await failedRenewal(life)
      await life.app.give(user, { plan: 'free' })
      await life.payWith(customer, 'pm_card_visa')
      await life.until(day(36))
      expect(await status()).toBe('active')
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  for (const ending of ['canceled', 'unpaid'] as const) {
    test(
      `whose retries are exhausted allows nothing (${ending})`,
      lives(async (life) => {
        await life.control('settings', {
          retryDays: [3, 5],
          whenRetriesFail: ending === 'canceled' ? 'cancel' : 'unpaid',
        })
        const { user, status } = await failedRenewal(life)
        await life.until(day(42))
        expect(await status()).toBe(ending)
        await life.finds('access-without-payment')
        await life.app.give(user, { plan: 'free' })
        await life.agrees()
      }),
    )
  }

  test(
    'that leaves the subscription unpaid is owed again once the open invoice is paid',
    lives(async (life) => {
      await life.control('settings', { retryDays: [3, 5], whenRetriesFail: 'unpaid' })
      const { user, customer, id, status } = await failedRenewal(life)
      await life.app.give(user, { plan: 'free' })
      await life.until(day(42))
      await life.payWith(customer, 'pm_card_visa')
      const { latest_invoice } = await life.stripe.subscriptions.retrieve(id)
      await life.stripe.invoices.pay(String(latest_invoice))
      expect(await status()).toBe('active')
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  test(
    'beside a second subscription that is paid takes away only its own plan',
    lives(async (life) => {
      await life.control('settings', { retryDays: [3, 5], whenRetriesFail: 'unpaid' })
      const { user, customer } = await life.payingUser()
      const method = await life.stripe.paymentMethods.attach(failingCard, { customer })
      await life.subscribe(customer, price.pro)
      const { id } = await life.subscribe(customer, price.enterprise)
      await life.app.give(user, { plan: 'enterprise' })
      await life.agrees()
      await life.stripe.subscriptions.update(id, { default_payment_method: method.id })
      await life.until(day(42))
      await life.finds('plan-too-high')
      await life.app.give(user, { plan: 'free' })
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )
})

describe('a cancellation', () => {
  for (const [field, params] of [
    ['cancel_at_period_end', { cancel_at_period_end: true }],
    ['cancel_at', { cancel_at: seconds(day(20)) }],
    ["cancel_at: 'min_period_end'", { cancel_at: 'min_period_end' }],
  ] as const) {
    test(
      `scheduled for later (${field}) leaves access owed until its moment, and nothing after`,
      lives(async (life) => {
        const { user, customer } = await life.payingUser()
        const { id } = await life.subscribe(customer, price.pro)
        await life.app.give(user, { plan: 'pro' })
        await life.stripe.subscriptions.update(id, params)
        await life.agrees()
        await life.app.give(user, { plan: 'free' })
        await life.finds('paid-without-access')
        await life.app.give(user, { plan: 'pro' })
        await life.until(day(19))
        await life.agrees()
        await life.until(day(32))
        await life.finds('access-without-payment')
        await life.app.give(user, { plan: 'free' })
        await life.agrees()
      }),
    )
  }

  test(
    'that is taken back before its moment changes nothing',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro, { cancel_at_period_end: true })
      await life.app.give(user, { plan: 'pro' })
      await life.until(day(20))
      await life.stripe.subscriptions.update(id, { cancel_at_period_end: false })
      await life.until(day(40))
      await life.agrees()
      await life.app.give(user, { plan: 'free' })
      await life.finds('paid-without-access')
    }),
  )

  test(
    'at once with time left leaves the app free to let it be used up, and then not',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.until(day(10))
      await life.stripe.subscriptions.cancel(id)
      await life.agrees()
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
      await life.app.give(user, { plan: 'pro' })
      await life.until(day(32))
      await life.finds('access-without-payment')
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
    }),
  )

  test(
    'at once with the payment given back leaves nothing open',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.until(day(10))
      const charge = await life.latestCharge(id)
      await life.stripe.subscriptions.cancel(id)
      await life.stripe.refunds.create({ charge, amount: 1000 })
      await life.finds('access-without-payment')
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
    }),
  )

  test(
    'followed by a new subscription owes the new one',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.enterprise)
      await life.app.give(user, { plan: 'enterprise' })
      await life.stripe.subscriptions.cancel(id, { prorate: true, invoice_now: true })
      await life.until(day(32))
      await life.subscribe(customer, price.pro)
      await life.finds('plan-too-high')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )
})

describe('a pause', () => {
  test(
    'of the subscription allows nothing until it resumes',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro, { billing_mode: { type: 'flexible' } })
      await life.app.give(user, { plan: 'pro' })
      await life.until(day(10))
      await life.stripe.subscriptions.pause(id, { type: 'subscription' })
      await life.finds('access-without-payment')
      await life.app.give(user, { plan: 'free' })
      await life.agrees()
      await life.until(day(20))
      const { status } = await life.stripe.subscriptions.resume(id)
      expect(status).toBe('active')
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  for (const [policy, kept, withdrawn] of [
    ['keep', [], ['paid-without-access']],
    ['tolerate', [], []],
    ['drop', ['access-without-payment'], []],
  ] as const) {
    test(
      `of collection follows the policy \`${policy}\` until it resumes by itself`,
      lives(
        async (life) => {
          const { user, customer } = await life.payingUser()
          const { id } = await life.subscribe(customer, price.pro)
          await life.app.give(user, { plan: 'pro' })
          await life.stripe.subscriptions.update(id, {
            pause_collection: { behavior: 'void', resumes_at: seconds(day(40)) },
          })
          await life.until(day(33))
          await life.finds(...kept)
          await life.app.give(user, { plan: 'free' })
          await life.finds(...withdrawn)
          await life.until(day(41))
          await life.finds('paid-without-access')
          await life.app.give(user, { plan: 'pro' })
          await life.agrees()
        },
        { policy: { pausedCollection: policy } },
      ),
    )
  }
})

describe('money that goes back', () => {
  test(
    'as a full refund is for a person to review; access may stay or go',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.stripe.refunds.create({ charge: await life.latestCharge(id) })
      await life.finds('refund-review')
      await life.app.give(user, { plan: 'free' })
      await life.finds('refund-review')
      await life.app.give(user, { plan: 'enterprise' })
      await life.finds('refund-review', 'plan-too-high')
      await life.app.give(user, { plan: 'pro' })
      // The next period is paid for again, and nothing of that went back.
      await life.until(day(33))
      await life.agrees()
      await life.app.give(user, { plan: 'free' })
      await life.finds('paid-without-access')
    }),
  )

  test(
    'in part is a courtesy',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.stripe.refunds.create({ charge: await life.latestCharge(id), amount: 500 })
      await life.agrees()
      await life.app.give(user, { plan: 'free' })
      await life.finds('paid-without-access')
    }),
  )

  for (const [policy, kept, withdrawn] of [
    ['drop', ['access-without-payment'], []],
    ['keep', [], ['paid-without-access']],
  ] as const) {
    test(
      `as a full refund under the policy \`${policy}\` is not for review`,
      lives(
        async (life) => {
          const { user, customer } = await life.payingUser()
          const { id } = await life.subscribe(customer, price.pro)
          await life.app.give(user, { plan: 'pro' })
          await life.stripe.refunds.create({ charge: await life.latestCharge(id) })
          await life.finds(...kept)
          await life.app.give(user, { plan: 'free' })
          await life.finds(...withdrawn)
        },
        { policy: { refunded: policy } },
      ),
    )
  }

  for (const [outcome, kept, withdrawn] of [
    ['won', [], ['paid-without-access']],
    ['lost', ['refund-review'], ['refund-review']],
  ] as const) {
    test(
      `by a dispute is for review while it is open; ${outcome}, it ${outcome === 'won' ? 'never was' : 'stays so'}`,
      lives(async (life) => {
        const { user, customer } = await life.payingUser()
        const { id } = await life.subscribe(customer, price.pro)
        await life.app.give(user, { plan: 'pro' })
        const dispute = await life.control(`charges/${await life.latestCharge(id)}/dispute`, {})
        await life.finds('refund-review')
        await life.app.give(user, { plan: 'free' })
        await life.finds('refund-review')
        await life.control(`disputes/${dispute.id}/close`, { outcome })
        await life.finds(...withdrawn)
        await life.app.give(user, { plan: 'pro' })
        await life.finds(...kept)
      }),
    )
  }
})

describe('a subscription schedule', () => {
  test(
    'owes the current phase until the next one begins',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      const schedule = await life.stripe.subscriptionSchedules.create({ from_subscription: id })
      const [phase] = schedule.phases
      await life.stripe.subscriptionSchedules.update(schedule.id, {
        end_behavior: 'release',
        phases: [
          {
            items: [{ price: price.pro, quantity: 1 }],
            start_date: phase?.start_date ?? 0,
            end_date: phase?.end_date ?? 0,
          },
          { items: [{ price: price.enterprise, quantity: 1 }], duration: { interval: 'month' } },
        ],
      })
      await life.until(day(30))
      await life.agrees()
      await life.until(day(32))
      await life.finds('plan-too-low')
      await life.app.give(user, { plan: 'enterprise' })
      await life.agrees()
    }),
  )
})

describe('a second subscription', () => {
  test(
    'of another plan owes the higher of both; when it ends, the lower is still owed',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      const { id } = await life.subscribe(customer, price.enterprise)
      await life.finds('plan-too-low')
      await life.app.give(user, { plan: 'enterprise' })
      await life.agrees()
      await life.stripe.subscriptions.update(id, { cancel_at_period_end: true })
      await life.until(day(32))
      await life.finds('plan-too-high')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
    }),
  )

  test(
    'of the same plan is double billing, whatever the app grants',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      const { id } = await life.subscribe(customer, price.proYearly)
      await life.finds('double-billing')
      await life.stripe.subscriptions.cancel(id)
      await life.agrees()
    }),
  )

  test(
    'at a price that nobody mapped is not double billing',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      await life.subscribe(customer, price.enterprise)
      await life.app.give(user, { plan: 'enterprise' })
      await life.subscribe(customer, price.unmapped)
      await life.finds('price-unmapped', 'cannot-tell')
    }),
  )
})

describe('a price', () => {
  test(
    'swapped for one that nobody mapped is never free and never paid',
    lives(async (life) => {
      const { user, customer } = await life.payingUser()
      const { id } = await life.subscribe(customer, price.pro)
      await life.app.give(user, { plan: 'pro' })
      await life.stripe.subscriptions.update(id, {
        items: [{ id: await life.itemOf(id), price: price.unmapped }],
      })
      await life.finds('price-unmapped', 'cannot-tell')
      await life.app.give(user, { plan: 'free' })
      await life.finds('price-unmapped', 'cannot-tell')
      await life.stripe.subscriptions.cancel(id)
      await life.until(day(32))
      await life.agrees()
    }),
  )

  test(
    'that nobody mapped does not hide that another is paid for and not granted',
    lives(async (life) => {
      const { customer } = await life.payingUser()
      await life.subscribe(customer, price.pro, { items: [{ price: price.pro }, { price: price.unmapped }] })
      await life.finds('paid-without-access', 'price-unmapped')
    }),
  )
})

describe('a purchase for good', () => {
  const buy = async (life: Life, reference?: string) => {
    const { url: _url, ...session } = await life.stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [{ price: price.proLifetime, quantity: 1 }],
      success_url: 'https://app.example.com/done',
      ...(reference === undefined ? {} : { client_reference_id: reference }),
      customer_creation: 'always',
    })
    await life.control(`checkout_sessions/${session.id}/complete`, { email: 'ada@example.com' })
    return life.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
  }

  test(
    'is owed for good, and refunded it is for a person to review',
    lives(async (life) => {
      const user = await life.app.signUpUser()
      const session = await buy(life)
      await life.app.pointTo(user, String(session.customer))
      await life.finds('paid-without-access')
      await life.app.give(user, { plan: 'pro' })
      await life.agrees()
      const intent = session.payment_intent
      if (intent === null || typeof intent === 'string') throw new Error('The payment intent was expanded.')
      await life.stripe.refunds.create({ payment_intent: intent.id })
      await life.finds('refund-review')
    }),
  )

  test(
    'finds its buyer by the reference that the checkout carried',
    lives(
      async (life) => {
        const user = await life.app.signUpUser()
        await buy(life, user.id)
        await life.finds('paid-without-access')
        await life.app.give(user, { plan: 'pro' })
        await life.agrees()
      },
      { match: ['customer.id', 'checkout.client_reference_id'] },
    ),
  )
})
