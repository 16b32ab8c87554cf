import { describe, expect, test } from 'vitest'
import { at, dateOf, Story } from './story.ts'

const amounts = (invoice: { lines: { data: readonly { amount: number }[] } }) =>
  invoice.lines.data.map(({ amount }) => amount)

describe('changing items', () => {
  test('an upgrade half-way through waits on the next invoice as a credit and a charge', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe({ prices: [story.price(3000)] })
    const [item] = subscription.items.data
    story.advanceTo('2026-04-16')
    story.update(subscription, {
      items: [{ kind: 'change', item: item?.id ?? '', price: story.price(6000).id }],
    })
    expect(story.invoices(subscription)).toHaveLength(1)
    expect(subscription.items.data[0]?.plan.amount).toBe(6000)
    story.advanceTo('2026-05-02')
    expect(amounts(story.latestInvoice(subscription))).toEqual([-1500, 3000, 6000])
    expect(story.latestInvoice(subscription)).toMatchObject({ amount_paid: 7500, status: 'paid' })
  })

  test('always_invoice bills the difference at once', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe({ prices: [story.price(3000)] })
    story.advanceTo('2026-04-16')
    story.update(subscription, {
      items: [{ kind: 'change', item: subscription.items.data[0]?.id ?? '', quantity: 3 }],
      prorationBehavior: 'always_invoice',
    })
    expect(story.latestInvoice(subscription)).toMatchObject({
      amount_paid: 3000,
      billing_reason: 'subscription_update',
      status: 'paid',
    })
  })

  test('a downgrade billed at once leaves a credit that the next invoice uses', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe({ prices: [story.price(6000)] })
    story.advanceTo('2026-04-16')
    story.update(subscription, {
      items: [{ kind: 'change', item: subscription.items.data[0]?.id ?? '', price: story.price(2000).id }],
      prorationBehavior: 'always_invoice',
    })
    expect(story.latestInvoice(subscription)).toMatchObject({
      amount_due: 0,
      status: 'paid',
      total: -2000,
    })
    expect(story.customer.balance).toBe(-2000)
    story.advanceTo('2026-05-02')
    expect(story.latestInvoice(subscription)).toMatchObject({ amount_due: 0, total: 2000 })
    expect(story.customer.balance).toBe(0)
  })

  test('no proration changes what the next period costs and nothing else', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe({ prices: [story.price(3000)] })
    story.advanceTo('2026-04-16')
    story.update(subscription, {
      items: [{ kind: 'change', item: subscription.items.data[0]?.id ?? '', quantity: 2 }],
      prorationBehavior: 'none',
    })
    story.advanceTo('2026-05-02')
    expect(amounts(story.latestInvoice(subscription))).toEqual([6000])
  })

  test('a change of interval begins a new period now and bills it, less what was not used', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe({ prices: [story.price(3000)] })
    story.advanceTo('2026-04-16')
    story.update(subscription, {
      items: [
        { kind: 'change', item: subscription.items.data[0]?.id ?? '', price: story.price(30_000, 'year').id },
      ],
    })
    expect(amounts(story.latestInvoice(subscription))).toEqual([-1500, 30_000])
    expect(dateOf(subscription.items.data[0]?.current_period_end ?? 0)).toBe('2027-04-16')
    expect(subscription.billing_cycle_anchor).toBe(at('2026-04-16'))
  })

  test('an added item shares the period of its siblings, a removed one is credited', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe({ prices: [story.price(3000)] })
    story.advanceTo('2026-04-16')
    story.update(subscription, { items: [{ kind: 'add', price: story.price(1000).id, quantity: 2 }] })
    const added = subscription.items.data[1]
    expect(dateOf(added?.current_period_end ?? 0)).toBe('2026-05-01')
    story.update(subscription, { items: [{ kind: 'remove', item: added?.id ?? '' }] })
    story.advanceTo('2026-05-02')
    expect(amounts(story.latestInvoice(subscription))).toEqual([1000, -1000, 3000])
  })

  test('the last item cannot be removed', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe()
    const before = structuredClone(subscription)
    expect(() =>
      story.update(subscription, {
        items: [{ kind: 'remove', item: subscription.items.data[0]?.id ?? '' }],
      }),
    ).toThrow(expect.objectContaining({ status: 400 }))
    expect(subscription).toEqual(before)
  })

  test('error_if_incomplete refuses a change whose payment fails, and changes nothing', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe()
    story.payWith('pm_card_chargeCustomerFail')
    const before = structuredClone(subscription)
    story.told()
    expect(() =>
      story.update(subscription, {
        items: [{ kind: 'change', item: subscription.items.data[0]?.id ?? '', quantity: 5 }],
        paymentBehavior: 'error_if_incomplete',
        prorationBehavior: 'always_invoice',
      }),
    ).toThrow(expect.objectContaining({ status: 402 }))
    expect(subscription).toEqual(before)
    expect(story.told()).toEqual([])
  })

  test('pending_if_incomplete holds the change back until its invoice is paid', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe()
    story.payWith('pm_card_chargeCustomerFail')
    story.update(subscription, {
      items: [{ kind: 'change', item: subscription.items.data[0]?.id ?? '', quantity: 5 }],
      paymentBehavior: 'pending_if_incomplete',
      prorationBehavior: 'always_invoice',
    })
    expect(subscription.items.data[0]?.quantity).toBe(1)
    expect(subscription).toMatchObject({
      pending_update: { subscription_items: [{ quantity: 5 }] },
      status: 'active',
    })
    story.payWith('pm_card_visa')
    story.engine.payInvoice(story.latestInvoice(subscription), { forgive: false, paidOutOfBand: false })
    expect(subscription).toMatchObject({ pending_update: null, status: 'active' })
    expect(subscription.items.data[0]?.quantity).toBe(5)
  })

  test('a change held back is dropped when its invoice is not paid in 23 hours', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe()
    story.payWith('pm_card_chargeCustomerFail')
    story.update(subscription, {
      items: [{ kind: 'change', item: subscription.items.data[0]?.id ?? '', quantity: 5 }],
      paymentBehavior: 'pending_if_incomplete',
      prorationBehavior: 'always_invoice',
    })
    story.advanceTo('2026-04-02')
    expect(subscription).toMatchObject({ pending_update: null, status: 'active' })
    expect(story.latestInvoice(subscription).status).toBe('void')
    expect(story.told('customer.subscription.pending')).toEqual([
      'customer.subscription.pending_update_expired',
    ])
  })

  test('a canceled subscription cannot be changed', () => {
    const story = new Story('2026-04-01')
    const subscription = story.subscribe()
    story.engine.cancelSubscription(subscription, { invoiceNow: false, prorate: false })
    expect(() => story.update(subscription, { cancelAtPeriodEnd: true })).toThrow(
      expect.objectContaining({ status: 400 }),
    )
    story.update(subscription, { fields: { metadata: { note: 'left' } } })
    expect(subscription.metadata).toEqual({ note: 'left' })
  })
})

describe('discounts', () => {
  test.each([
    ['once', null, [750, 1000, 1000]],
    ['forever', null, [750, 750, 750]],
    ['repeating', 2, [750, 750, 1000]],
  ] as const)('a coupon for %s reduces the right invoices', (duration, duration_in_months, paid) => {
    const story = new Story('2026-01-01')
    const coupon = story.coupon({ duration, duration_in_months, percent_off: 25 })
    const subscription = story.subscribe({ coupon })
    story.advanceTo('2026-03-02')
    expect(story.invoices(subscription).map(({ amount_paid }) => amount_paid)).toEqual(paid)
  })

  test('a coupon for one invoice waits for the first that costs something', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({
      coupon: story.coupon({ duration: 'once', percent_off: 50 }),
      trialPeriodDays: 7,
    })
    story.advanceTo('2026-01-09')
    expect(story.latestInvoice(subscription).amount_paid).toBe(500)
    expect(subscription.discounts).toEqual([])
  })

  test('a fixed amount is spread over the lines and takes no more than there is', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({
      coupon: story.coupon({ amount_off: 5000, currency: 'usd', duration: 'forever' }),
      prices: [story.price(1000), story.price(2000)],
    })
    expect(story.latestInvoice(subscription)).toMatchObject({
      amount_due: 0,
      status: 'paid',
      subtotal: 3000,
      total: 0,
      total_discount_amounts: [{ amount: 3000 }],
    })
  })
})
