import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Invoice, makeSchedulePhase, type Subscription } from '../objects/index.ts'
import { StripeError } from '../stripe-error.ts'
import { hasEnded } from './end-subscription.ts'
import { Story } from './story.ts'

type Act =
  | {
      readonly kind: 'subscribe'
      readonly trial: number
      readonly prices: number
      readonly sends: boolean
      readonly coupon: number
    }
  | { readonly kind: 'schedule'; readonly end: number }
  | { readonly kind: 'pay-with'; readonly card: number }
  | { readonly kind: 'advance'; readonly days: number }
  | {
      readonly kind: 'quantity'
      readonly quantity: number
      readonly proration: number
      readonly behavior: number
    }
  | { readonly kind: 'price'; readonly yearly: boolean; readonly proration: number }
  | {
      readonly kind:
        | 'add'
        | 'anchor'
        | 'cancel'
        | 'end-trial'
        | 'pause'
        | 'pay'
        | 'remove'
        | 'resume'
        | 'void'
    }
  | { readonly kind: 'cancel-later'; readonly days: number }
  | { readonly kind: 'pause-collection'; readonly behavior: number }

const cards = [null, 'pm_card_visa', 'pm_card_chargeCustomerFail', 'pm_card_authenticationRequired']
const prorations = ['always_invoice', 'create_prorations', 'none'] as const
const behaviors = [
  'allow_incomplete',
  'default_incomplete',
  'error_if_incomplete',
  'pending_if_incomplete',
] as const
const pauses = ['keep_as_draft', 'mark_uncollectible', 'void'] as const

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), days: fc.integer({ min: 1, max: 55 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('subscribe' as const),
      trial: fc.integer({ min: 0, max: 20 }),
      prices: fc.integer({ min: 1, max: 3 }),
      sends: fc.boolean(),
      coupon: fc.integer({ min: 0, max: 3 }),
    }),
  },
  fc.record({ kind: fc.constant('schedule' as const), end: fc.integer({ min: 0, max: 2 }) }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pay-with' as const), card: fc.integer({ min: 0, max: 3 }) }),
  },
  fc.record({
    kind: fc.constant('quantity' as const),
    quantity: fc.integer({ min: 0, max: 5 }),
    proration: fc.integer({ min: 0, max: 2 }),
    behavior: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({
    kind: fc.constant('price' as const),
    yearly: fc.boolean(),
    proration: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ kind: fc.constant('cancel-later' as const), days: fc.integer({ min: 0, max: 60 }) }),
  fc.record({ kind: fc.constant('pause-collection' as const), behavior: fc.integer({ min: 0, max: 3 }) }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'add',
        'anchor',
        'cancel',
        'end-trial',
        'pause',
        'pay',
        'remove',
        'resume',
        'void',
      ),
    }) as fc.Arbitrary<Act>,
  },
)

function latest(story: Story): Subscription | undefined {
  return story.state.subscriptions.all().at(-1)
}

function perform(story: Story, act: Act): void {
  const { engine, state, clock } = story
  if (act.kind === 'advance') {
    const target = new Date((clock.frozen_time + act.days * 86_400) * 1000)
    story.advanceTo(target.toISOString(), 13)
    return
  }
  if (act.kind === 'pay-with') {
    story.payWith(cards[act.card] ?? null)
    return
  }
  if (act.kind === 'schedule') {
    const price = story.price(700)
    const item = {
      billing_thresholds: null,
      discounts: [],
      metadata: {},
      plan: price.id,
      price: price.id,
      quantity: 1,
      tax_rates: [],
    }
    const start = clock.frozen_time
    const phase = (from: number, quantity: number) =>
      makeSchedulePhase({
        start_date: start + from * 86_400,
        end_date: start + (from + 20) * 86_400,
        items: [{ ...item, quantity }],
      })
    story.schedule([phase(0, 1), phase(20, 3)], {
      end_behavior: (['release', 'cancel', 'renew'] as const)[act.end] ?? 'release',
    })
    return
  }
  if (act.kind === 'subscribe') {
    const coupons = [
      null,
      { duration: 'once' as const },
      { duration: 'forever' as const },
      { amount_off: 700, currency: 'usd', duration: 'forever' as const },
    ]
    const chosen = coupons[act.coupon] ?? null
    story.subscribe({
      prices: [story.price(1000), story.price(9900, 'year'), story.price(150, 'week')].slice(0, act.prices),
      ...(act.trial > 0 ? { trialPeriodDays: act.trial } : {}),
      ...(act.sends ? { fields: { collection_method: 'send_invoice', days_until_due: 7 } } : {}),
      ...(chosen === null ? {} : { coupon: story.coupon(chosen) }),
    })
    return
  }
  const subscription = latest(story)
  if (subscription === undefined) return
  const item = subscription.items.data[0]?.id ?? ''
  switch (act.kind) {
    case 'quantity':
      story.update(subscription, {
        items: [{ kind: 'change', item, quantity: act.quantity }],
        paymentBehavior: behaviors[act.behavior] ?? 'allow_incomplete',
        prorationBehavior: prorations[act.proration] ?? 'none',
      })
      return
    case 'price':
      story.update(subscription, {
        items: [{ kind: 'change', item, price: story.price(2000, act.yearly ? 'year' : 'month').id }],
        prorationBehavior: prorations[act.proration] ?? 'none',
      })
      return
    case 'add':
      story.update(subscription, { items: [{ kind: 'add', price: story.price(300).id }] })
      return
    case 'remove':
      story.update(subscription, { items: [{ kind: 'remove', item }] })
      return
    case 'anchor':
      story.update(subscription, { billingCycleAnchor: 'now' })
      return
    case 'end-trial':
      story.update(subscription, { trialEnd: 'now' })
      return
    case 'cancel':
      engine.cancelSubscription(subscription, { invoiceNow: true, prorate: true })
      return
    case 'cancel-later':
      story.update(
        subscription,
        act.days === 0 ? { cancelAtPeriodEnd: true } : { cancelAt: clock.frozen_time + act.days * 86_400 },
      )
      return
    case 'pause':
      engine.pauseSubscription(subscription, {
        creditUnusedTime: true,
        invoicingBehavior: 'pending_invoice_item',
      })
      return
    case 'resume':
      engine.resumeSubscription(subscription, {
        billingCycleAnchor: 'now',
        prorationBehavior: 'create_prorations',
      })
      return
    case 'pause-collection': {
      const behavior = pauses[act.behavior]
      story.update(subscription, {
        fields: {
          pause_collection:
            behavior === undefined ? null : { behavior, resumes_at: clock.frozen_time + 40 * 86_400 },
        },
      })
      return
    }
    case 'pay':
    case 'void': {
      const invoice = state.invoices
        .by('subscription', subscription.id)
        .find(({ status }) => status === 'open')
      if (invoice === undefined) return
      if (act.kind === 'pay') engine.payInvoice(invoice, { forgive: false, paidOutOfBand: false })
      else engine.voidInvoice(invoice)
    }
  }
}

function assertSubscription(story: Story, subscription: Subscription): void {
  const { state, clock } = story
  const ended = hasEnded(subscription)
  expect(subscription.ended_at !== null, 'it has an end exactly when it is over').toBe(ended)
  if (subscription.status === 'canceled') expect(subscription.canceled_at).not.toBeNull()
  expect(subscription.status_details !== undefined, 'it says why it is paused exactly while it is').toBe(
    subscription.status === 'paused',
  )
  expect(state.invoices.has(subscription.latest_invoice ?? ''), 'its latest invoice exists').toBe(true)
  expect(subscription.items.data.length).toBeGreaterThan(0)
  for (const item of subscription.items.data) {
    expect(item.current_period_start).toBeLessThan(item.current_period_end)
    expect(item.plan.id).toBe(item.price.id)
    if (ended || subscription.status === 'paused' || subscription.status === 'incomplete') continue
    expect(item.current_period_end, 'its period is not over').toBeGreaterThan(clock.frozen_time)
    expect(item.current_period_start, 'its period has begun').toBeLessThanOrEqual(clock.frozen_time)
  }
  if (subscription.status === 'trialing') expect(subscription.trial_end).toBeGreaterThan(clock.frozen_time)
  if (!ended) expect(subscription.cancel_at ?? Number.POSITIVE_INFINITY).toBeGreaterThan(clock.frozen_time)
  const schedule = state.schedules.get(subscription.schedule ?? '')
  if (ended && schedule !== undefined) expect(['canceled', 'completed']).toContain(schedule.status)
}

function assertInvoice(story: Story, invoice: Invoice): void {
  const { state, clock } = story
  const lines = invoice.lines.data.reduce((sum, { amount }) => sum + amount, 0)
  const off = invoice.total_discount_amounts.reduce((sum, { amount }) => sum + amount, 0)
  expect(invoice.subtotal).toBe(lines)
  expect(invoice.total).toBe(lines - off)
  if (invoice.status !== 'draft')
    expect(invoice.amount_due).toBe(Math.max(0, invoice.total + invoice.starting_balance))
  expect(invoice.amount_remaining).toBe(invoice.amount_due - invoice.amount_paid)
  const payments = state.invoicePayments.by('invoice', invoice.id)
  const received = payments.reduce((sum, { amount_paid }) => sum + (amount_paid ?? 0), 0)
  expect(received, 'what it says was paid is what its payments brought').toBe(invoice.amount_paid)
  if (invoice.status === 'paid') expect(invoice.amount_remaining).toBe(0)
  for (const payment of payments.filter(({ status }) => status === 'paid')) {
    const intent = state.paymentIntents.get(payment.payment.payment_intent ?? '')
    expect(intent?.status).toBe('succeeded')
    expect(state.charges.get(intent?.latest_charge ?? '')).toMatchObject({
      amount: payment.amount_paid,
      paid: true,
    })
  }
  expect(payments.filter(({ status }) => status === 'open').length).toBe(
    invoice.status === 'open' || invoice.status === 'uncollectible' ? 1 : 0,
  )
  if (invoice.next_payment_attempt !== null) {
    expect(invoice.status).toBe('open')
    expect(invoice.next_payment_attempt).toBeGreaterThan(clock.frozen_time)
  }
}

test('whatever is done in whatever order, every object stays consistent', () => {
  fc.assert(
    fc.property(
      fc.array(acts, { minLength: 1, maxLength: 25, size: 'max' }),
      fc.constantFrom('cancel', 'unpaid', 'past_due'),
      (story_, whenRetriesFail) => {
        const story = new Story('2026-01-31', { whenRetriesFail })
        for (const act of story_) {
          try {
            perform(story, act)
          } catch (error) {
            // Acts that the states do not allow are refused as Stripe refuses them; anything else is a mistake.
            if (!(error instanceof StripeError)) throw error
          }
          for (const subscription of story.state.subscriptions.all()) assertSubscription(story, subscription)
          for (const invoice of story.state.invoices.all()) assertInvoice(story, invoice)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('the snapshots of events, applied in order, end in the state', () => {
  fc.assert(
    fc.property(fc.array(acts, { minLength: 1, maxLength: 10 }), (story_) => {
      const story = new Story('2026-01-31')
      for (const act of story_) {
        try {
          perform(story, act)
        } catch (error) {
          if (!(error instanceof StripeError)) throw error
        }
      }
      const told = new Map<unknown, unknown>()
      for (const { data } of story.events) told.set(data.object.id, data.object)
      for (const subscription of story.state.subscriptions.all()) {
        expect(told.get(subscription.id)).toEqual(JSON.parse(JSON.stringify(subscription)))
      }
      for (const invoice of story.state.invoices.all().filter(({ lines }) => lines.data.length <= 10)) {
        expect(told.get(invoice.id)).toEqual(JSON.parse(JSON.stringify(invoice)))
      }
    }),
    { numRuns: 60 },
  )
})
