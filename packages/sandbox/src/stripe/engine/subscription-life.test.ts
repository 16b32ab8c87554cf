import { describe, expect, test } from 'vitest'
import { at, dateOf, Story } from './story.ts'

describe('starting', () => {
  test('a paying card makes an active subscription with a paid invoice, its payment, intent and charge', () => {
    const story = new Story('2026-01-31')
    const subscription = story.subscribe({ quantity: 3 })
    const invoice = story.latestInvoice(subscription)
    expect(subscription).toMatchObject({ status: 'active', test_clock: story.clock.id })
    expect(invoice).toMatchObject({
      amount_due: 3000,
      amount_paid: 3000,
      amount_remaining: 0,
      attempt_count: 1,
      billing_reason: 'subscription_create',
      status: 'paid',
    })
    const [payment] = story.state.invoicePayments.by('invoice', invoice.id)
    expect(payment).toMatchObject({ amount_paid: 3000, status: 'paid' })
    const intent = story.state.paymentIntents.get(payment?.payment.payment_intent ?? '')
    expect(intent).toMatchObject({ amount_received: 3000, status: 'succeeded' })
    expect(story.state.charges.get(intent?.latest_charge ?? '')).toMatchObject({ amount: 3000, paid: true })
    expect(story.told()).toEqual([
      'invoice.created',
      'customer.subscription.created',
      'invoice.updated',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice_payment.paid',
    ])
  })

  test('a declined card leaves an incomplete subscription, and 23 hours to pay', () => {
    const story = new Story('2026-01-01')
    story.payWith('pm_card_chargeCustomerFail')
    const subscription = story.subscribe()
    expect(subscription.status).toBe('incomplete')
    expect(story.latestInvoice(subscription)).toMatchObject({ status: 'open', next_payment_attempt: null })
    story.payWith('pm_card_visa')
    story.engine.payInvoice(story.latestInvoice(subscription), { forgive: false, paidOutOfBand: false })
    expect(subscription.status).toBe('active')
  })

  test('an incomplete subscription that is not paid in 23 hours expires and its invoice is voided', () => {
    const story = new Story('2026-01-01')
    story.payWith('pm_card_chargeDeclined')
    const subscription = story.subscribe()
    story.advanceTo('2026-01-01T22:59:59Z')
    expect(subscription.status).toBe('incomplete')
    story.advanceTo('2026-01-02')
    expect(subscription).toMatchObject({
      status: 'incomplete_expired',
      ended_at: at('2026-01-01T23:00:00Z'),
    })
    expect(story.latestInvoice(subscription).status).toBe('void')
  })

  test('default_incomplete waits for the buyer to confirm, whatever the card', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({ paymentBehavior: 'default_incomplete' })
    expect(subscription.status).toBe('incomplete')
    expect(story.latestInvoice(subscription)).toMatchObject({ attempted: false, status: 'open' })
  })

  test('error_if_incomplete answers 402 and leaves nothing behind', () => {
    const story = new Story('2026-01-01')
    story.payWith('pm_card_chargeDeclined')
    expect(() => story.subscribe({ paymentBehavior: 'error_if_incomplete' })).toThrow(
      expect.objectContaining({ status: 402 }),
    )
    expect(story.state.subscriptions.size).toBe(0)
    expect(story.state.invoices.size).toBe(0)
    expect(story.told()).toEqual([])
  })

  test('send_invoice is active before it is paid, and past due when the due date passes', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({
      fields: { collection_method: 'send_invoice', days_until_due: 10 },
    })
    expect(subscription.status).toBe('active')
    expect(story.latestInvoice(subscription).status).toBe('draft')
    story.advanceTo('2026-01-02')
    expect(story.latestInvoice(subscription)).toMatchObject({
      status: 'open',
      due_date: at('2026-01-11T01:00:00Z'),
    })
    story.advanceTo('2026-01-12')
    expect(subscription.status).toBe('past_due')
    expect(story.told('invoice.overdue')).toEqual(['invoice.overdue'])
  })

  test('a later billing anchor makes a first period that is charged in part', () => {
    const story = new Story('2026-01-16')
    const subscription = story.subscribe({
      billingCycleAnchor: at('2026-02-01'),
      prices: [story.price(3100)],
    })
    const [item] = subscription.items.data
    expect([item?.current_period_start, item?.current_period_end].map((each) => dateOf(each ?? 0))).toEqual([
      '2026-01-16',
      '2026-02-01',
    ])
    expect(story.latestInvoice(subscription).total).toBe(1600)
    story.advanceTo('2026-02-02')
    expect(story.latestInvoice(subscription)).toMatchObject({ total: 3100, status: 'paid' })
  })
})

describe('renewing', () => {
  test.each<[string, string, 'month' | 'year' | 'week' | 'day', string[]]>([
    [
      'a month from the 31st ends on the last day of short months',
      '2026-01-31',
      'month',
      ['2026-02-28', '2026-03-31', '2026-04-30'],
    ],
    ['a week is seven days', '2026-02-25', 'week', ['2026-03-04', '2026-03-11', '2026-03-18']],
    ['a day is a day', '2026-02-27', 'day', ['2026-02-28', '2026-03-01', '2026-03-02']],
    ['a year from February 29 ends on February 28', '2028-02-29', 'year', ['2029-02-28', '2030-02-28']],
  ])('%s', (_rule, start, interval, ends) => {
    const story = new Story(start)
    const subscription = story.subscribe({ prices: [story.price(1000, interval)] })
    const seen: (string | null)[] = []
    for (const end of ends) {
      const [item] = subscription.items.data
      seen.push(dateOf(item?.current_period_end ?? 0))
      story.advanceTo(end, 1)
    }
    expect(seen).toEqual(ends)
    expect(story.invoices(subscription)).toHaveLength(ends.length + 1)
  })

  test('a renewal is a draft for an hour, then finalized and paid', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.advanceTo('2026-02-01')
    expect(story.latestInvoice(subscription)).toMatchObject({
      automatically_finalizes_at: at('2026-02-01T01:00:00Z'),
      billing_reason: 'subscription_cycle',
      status: 'draft',
    })
    story.told()
    story.advanceTo('2026-02-01T02:00:00Z')
    expect(story.latestInvoice(subscription)).toMatchObject({
      status: 'paid',
      status_transitions: { paid_at: at('2026-02-01T01:00:00Z') },
    })
    expect(story.told('invoice.')).toEqual([
      'invoice.updated',
      'invoice.finalized',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
    ])
  })

  test('the event of a renewal tells the items and the latest invoice as they were', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    const first = subscription.latest_invoice
    story.told()
    story.advanceTo('2026-02-01')
    const event = story.events.find(({ type }) => type === 'customer.subscription.updated')
    expect(event?.data.previous_attributes).toMatchObject({
      items: { data: [{ current_period_end: at('2026-02-01'), current_period_start: at('2026-01-01') }] },
      latest_invoice: first,
    })
  })

  test('items with different intervals renew on their own, and the invoice of each has only its lines', () => {
    const story = new Story('2026-01-01')
    const [monthly, yearly] = [story.price(1000), story.price(9000, 'year')]
    const subscription = story.subscribe({ prices: [monthly, yearly] })
    expect(story.latestInvoice(subscription).total).toBe(10_000)
    story.advanceTo('2026-02-02')
    expect(story.latestInvoice(subscription).total).toBe(1000)
    story.advanceTo('2027-01-02')
    expect(story.latestInvoice(subscription).total).toBe(10_000)
  })

  test('a metered item is billed nothing and has no quantity', () => {
    const story = new Story('2026-01-01')
    const metered = story.price(5, 'month', {
      recurring: {
        interval: 'month',
        interval_count: 1,
        meter: 'mtr_1',
        trial_period_days: null,
        usage_type: 'metered',
      },
    })
    const subscription = story.subscribe({ prices: [story.price(1000), metered] })
    expect(subscription.items.data[1]).not.toHaveProperty('quantity')
    expect(story.latestInvoice(subscription).total).toBe(1000)
  })
})

describe('failing payments', () => {
  test('a failed renewal is past due, is retried after 3, 5 and 7 days, and recovers with a good card', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.payWith('pm_card_chargeCustomerFail')
    story.advanceTo('2026-02-02')
    expect(subscription.status).toBe('past_due')
    expect(story.latestInvoice(subscription)).toMatchObject({
      attempt_count: 1,
      next_payment_attempt: at('2026-02-04T01:00:00Z'),
      status: 'open',
    })
    expect(story.customer.delinquent).toBe(true)
    story.advanceTo('2026-02-05')
    expect(story.latestInvoice(subscription)).toMatchObject({
      attempt_count: 2,
      next_payment_attempt: at('2026-02-09T01:00:00Z'),
    })
    story.payWith('pm_card_visa')
    story.advanceTo('2026-02-10')
    expect(subscription.status).toBe('active')
    expect(story.latestInvoice(subscription)).toMatchObject({
      attempt_count: 3,
      next_payment_attempt: null,
      status: 'paid',
    })
    expect(story.customer.delinquent).toBe(false)
  })

  test('a retry takes the card that the subscription has by then, and the customer’s where it has none', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({ fields: { default_payment_method: 'pm_card_visa' } })
    const invoice = () => story.latestInvoice(subscription)
    subscription.default_payment_method = 'pm_card_chargeCustomerFail'
    story.advanceTo('2026-02-02')
    expect(invoice()).toMatchObject({ attempt_count: 1, default_payment_method: null })
    story.advanceTo('2026-02-05')
    expect(invoice()).toMatchObject({ attempt_count: 2, status: 'open' })
    subscription.default_payment_method = null
    story.advanceTo('2026-02-10')
    expect(invoice()).toMatchObject({ attempt_count: 3, status: 'paid' })
  })

  test.each([
    ['cancel', 'canceled', 'payment_failed'],
    ['unpaid', 'unpaid', null],
    ['past_due', 'past_due', null],
  ] as const)('after the last retry the setting %s makes it %s', (whenRetriesFail, status, reason) => {
    const story = new Story('2026-01-01', { whenRetriesFail })
    const subscription = story.subscribe()
    story.payWith('pm_card_chargeCustomerFail')
    story.advanceTo('2026-02-17')
    expect(subscription.status).toBe(status)
    expect(subscription.cancellation_details?.reason ?? null).toBe(reason)
    expect(story.latestInvoice(subscription)).toMatchObject({
      attempt_count: 4,
      auto_advance: false,
      next_payment_attempt: null,
      status: 'open',
    })
  })

  test('an unpaid subscription goes on making drafts that nobody collects, and heals when the open one is paid', () => {
    const story = new Story('2026-01-01', { whenRetriesFail: 'unpaid' })
    const subscription = story.subscribe()
    story.payWith('pm_card_chargeCustomerFail')
    story.advanceTo('2026-03-15')
    expect(story.invoices(subscription).map(({ status }) => status)).toEqual(['paid', 'open', 'draft'])
    story.payWith('pm_card_visa')
    const open = story.invoices(subscription)[1]
    if (open !== undefined) story.engine.payInvoice(open, { forgive: false, paidOutOfBand: false })
    expect(subscription.status).toBe('active')
  })

  test('a card that needs the customer asks for the action and leaves it past due', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.payWith('pm_card_authenticationRequired')
    story.told()
    story.advanceTo('2026-02-02')
    expect(subscription.status).toBe('past_due')
    expect(story.told('invoice.payment')).toEqual([
      'invoice.payment_action_required',
      'invoice.payment_failed',
    ])
  })

  test('paying by hand with a bad card is recorded and answers 402', () => {
    const story = new Story('2026-01-01')
    story.payWith('pm_card_chargeDeclined')
    const subscription = story.subscribe()
    const invoice = story.latestInvoice(subscription)
    const charges = story.state.charges.size
    expect(() => story.engine.payInvoice(invoice, { forgive: false, paidOutOfBand: false })).toThrow(
      expect.objectContaining({ status: 402, fields: expect.objectContaining({ code: 'card_declined' }) }),
    )
    expect(story.state.charges.size).toBe(charges + 1)
    expect(invoice.attempt_count).toBe(1)
  })
})

describe('trials', () => {
  test('a trial starts with an invoice of nothing, warns three days before, and bills at its end', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({ trialPeriodDays: 14 })
    expect(subscription).toMatchObject({
      status: 'trialing',
      trial_start: at('2026-01-01'),
      trial_end: at('2026-01-15'),
      billing_cycle_anchor: at('2026-01-15'),
    })
    expect(story.latestInvoice(subscription)).toMatchObject({ amount_due: 0, status: 'paid' })
    story.advanceTo('2026-01-11')
    expect(story.told('customer.subscription.trial')).toEqual([])
    story.advanceTo('2026-01-12')
    expect(story.told('customer.subscription.trial')).toEqual(['customer.subscription.trial_will_end'])
    story.advanceTo('2026-01-16')
    expect(subscription.status).toBe('active')
    expect(story.latestInvoice(subscription)).toMatchObject({ amount_paid: 1000, status: 'paid' })
    expect(dateOf(subscription.items.data[0]?.current_period_end ?? 0)).toBe('2026-02-15')
  })

  test('trial, active, past due, recovered: the states in order', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({ trialPeriodDays: 7 })
    const states: string[] = []
    story.state.onEvent((event) => {
      const status = event.data.object.status
      if (event.type.startsWith('customer.subscription.') && typeof status === 'string') states.push(status)
    })
    story.payWith('pm_card_chargeCustomerFail')
    story.advanceTo('2026-01-09')
    story.payWith('pm_card_visa')
    story.advanceTo('2026-01-13')
    expect(states).toEqual(['trialing', 'active', 'past_due', 'active'])
    expect(subscription.status).toBe('active')
  })

  test.each([
    ['cancel', 'canceled', 'customer.subscription.deleted'],
    ['pause', 'paused', 'customer.subscription.paused'],
    ['create_invoice', 'past_due', 'invoice.payment_failed'],
  ] as const)('a trial without a card and with %s ends as %s', (missing_payment_method, status, event) => {
    const story = new Story('2026-01-01')
    story.payWith(null)
    const subscription = story.subscribe({
      trialPeriodDays: 7,
      fields: { trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method } } },
    })
    story.advanceTo('2026-01-09')
    expect(subscription.status).toBe(status)
    expect(story.told()).toContain(event)
  })

  test('a trial of three days or less is warned of when it begins', () => {
    const story = new Story('2026-01-01')
    story.subscribe({ trialPeriodDays: 3 })
    expect(story.told('customer.subscription.trial')).toEqual(['customer.subscription.trial_will_end'])
    story.advanceTo('2026-01-03')
    expect(story.told('customer.subscription.trial')).toEqual([])
  })

  test('a trial ended by hand without a card does what its settings say', () => {
    const story = new Story('2026-01-01')
    story.payWith(null)
    const subscription = story.subscribe({
      trialPeriodDays: 14,
      fields: {
        trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'pause' } },
      },
    })
    story.update(subscription, { trialEnd: 'now' })
    expect(subscription).toMatchObject({ status: 'paused', trial_end: at('2026-01-01') })
    expect(story.told()).toContain('customer.subscription.paused')
  })

  test('a trial ended by hand bills at once', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({ trialPeriodDays: 14 })
    story.advanceTo('2026-01-05')
    story.update(subscription, { trialEnd: 'now' })
    expect(subscription).toMatchObject({ status: 'active', trial_end: at('2026-01-05') })
    expect(story.latestInvoice(subscription)).toMatchObject({ amount_paid: 1000, status: 'paid' })
    expect(dateOf(subscription.items.data[0]?.current_period_end ?? 0)).toBe('2026-02-05')
  })
})

describe('pausing', () => {
  test('a paused subscription bills nothing and begins a new period when it is resumed', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.engine.pauseSubscription(subscription, {
      creditUnusedTime: false,
      invoicingBehavior: 'pending_invoice_item',
    })
    expect(subscription.status_details?.paused.subscription.type).toBe('pause_requested')
    story.advanceTo('2026-04-10')
    expect(story.invoices(subscription)).toHaveLength(1)
    story.told()
    story.engine.resumeSubscription(subscription, { billingCycleAnchor: 'now', prorationBehavior: 'none' })
    expect(subscription.status).toBe('active')
    expect(subscription).not.toHaveProperty('status_details')
    expect(dateOf(subscription.items.data[0]?.current_period_end ?? 0)).toBe('2026-05-10')
    expect(story.told('customer.subscription.resumed')).toHaveLength(1)
  })

  test('resuming with a bad card stays paused until the invoice is paid, and voids it after 23 hours', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.engine.pauseSubscription(subscription, {
      creditUnusedTime: false,
      invoicingBehavior: 'pending_invoice_item',
    })
    story.payWith('pm_card_chargeCustomerFail')
    story.advanceTo('2026-03-01')
    story.engine.resumeSubscription(subscription, { billingCycleAnchor: 'now', prorationBehavior: 'none' })
    expect(subscription.status).toBe('paused')
    story.advanceTo('2026-03-02')
    expect(story.latestInvoice(subscription).status).toBe('void')
    expect(subscription.status).toBe('paused')
  })

  test('an invoice of a change made while paused does not resume it', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.engine.pauseSubscription(subscription, {
      creditUnusedTime: false,
      invoicingBehavior: 'pending_invoice_item',
    })
    story.update(subscription, {
      items: [{ kind: 'change', item: subscription.items.data[0]?.id ?? '', quantity: 2 }],
      prorationBehavior: 'always_invoice',
    })
    expect(story.latestInvoice(subscription)).toMatchObject({ amount_paid: 1000, status: 'paid' })
    expect(subscription.status).toBe('paused')
  })

  test('classic subscriptions cannot be paused', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({ fields: { billing_mode: { flexible: null, type: 'classic' } } })
    expect(() =>
      story.engine.pauseSubscription(subscription, {
        creditUnusedTime: false,
        invoicingBehavior: 'pending_invoice_item',
      }),
    ).toThrow(expect.objectContaining({ status: 400 }))
  })

  test.each([
    ['keep_as_draft', 'draft'],
    ['mark_uncollectible', 'uncollectible'],
    ['void', 'void'],
  ] as const)('pause_collection %s keeps the status active and leaves the invoice %s', (behavior, status) => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.update(subscription, {
      fields: { pause_collection: { behavior, resumes_at: at('2026-02-15') } },
    })
    story.advanceTo('2026-02-10')
    expect(subscription.status).toBe('active')
    expect(story.latestInvoice(subscription).status).toBe(status)
    story.advanceTo('2026-03-02')
    expect(subscription.pause_collection).toBeNull()
    expect(story.latestInvoice(subscription).status).toBe('paid')
  })
})

describe('ending', () => {
  test('a cancellation takes effect at once, stops collection and says when and why', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.advanceTo('2026-01-10')
    story.engine.cancelSubscription(subscription, { invoiceNow: false, prorate: false })
    expect(subscription).toMatchObject({
      status: 'canceled',
      canceled_at: at('2026-01-10'),
      ended_at: at('2026-01-10'),
      cancellation_details: { reason: 'cancellation_requested' },
    })
    expect(() =>
      story.engine.cancelSubscription(subscription, { invoiceNow: false, prorate: false }),
    ).toThrow(expect.objectContaining({ status: 404 }))
    story.advanceTo('2026-03-01')
    expect(story.invoices(subscription)).toHaveLength(1)
  })

  test.each([
    ['classic', at('2026-02-01')],
    ['flexible', null],
  ] as const)('cancel_at_period_end in %s billing ends with the period', (type, cancelAt) => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe({ fields: { billing_mode: { flexible: null, type } } })
    story.advanceTo('2026-01-10')
    story.update(subscription, { cancelAtPeriodEnd: true })
    expect(subscription).toMatchObject({
      cancel_at: cancelAt,
      cancel_at_period_end: true,
      canceled_at: at('2026-01-10'),
      status: 'active',
    })
    story.advanceTo('2026-02-05')
    expect(subscription).toMatchObject({
      canceled_at: at('2026-01-10'),
      ended_at: at('2026-02-01'),
      status: 'canceled',
    })
    expect(story.invoices(subscription)).toHaveLength(1)
  })

  test('cancel_at alone ends at that moment, in the middle of a period too', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.update(subscription, { cancelAt: at('2026-02-10') })
    expect(subscription).toMatchObject({ cancel_at: at('2026-02-10'), cancel_at_period_end: false })
    story.advanceTo('2026-02-12')
    expect(subscription).toMatchObject({ ended_at: at('2026-02-10'), status: 'canceled' })
  })

  test('a scheduled cancellation that is taken back leaves no trace', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.update(subscription, { cancelAtPeriodEnd: true })
    story.update(subscription, { cancelAtPeriodEnd: false })
    expect(subscription).toMatchObject({
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { reason: null },
    })
    story.advanceTo('2026-02-02')
    expect(subscription.status).toBe('active')
  })

  test('deleting the customer ends its subscriptions and forgets the customer', () => {
    const story = new Story('2026-01-01')
    const subscription = story.subscribe()
    story.told()
    story.engine.deleteCustomer(story.customer)
    expect(subscription.status).toBe('canceled')
    expect(story.state.customers.get(story.customer.id)).toBeUndefined()
    expect(story.told()).toEqual(['customer.subscription.deleted', 'customer.deleted'])
  })
})
