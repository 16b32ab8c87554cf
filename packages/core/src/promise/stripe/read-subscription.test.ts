import { describe, expect, test } from 'vitest'
import { readStripeSubscription } from './read-subscription.ts'
import type { StripeJson } from './recorded.ts'
import {
  asBefore2025,
  recordedCoupon,
  recordedCustomer,
  recordedDiscount,
  recordedInvoice,
  recordedItem,
  recordedItems,
  recordedPlan,
  recordedPrice,
  recordedSubscription,
  without,
} from './recorded.ts'

const readAt = new Date('2026-09-15T00:00:00Z')
const seconds = (iso: string) => Date.parse(iso) / 1000
const read = (changes: StripeJson = {}) => readStripeSubscription(recordedSubscription(changes), readAt)

describe('a subscription of Stripe', () => {
  test('is read whole, with nothing left unread', () => {
    expect(read()).toEqual({
      kind: 'subscription',
      id: 'sub_1',
      customerId: 'cus_1',
      livemode: false,
      status: 'active',
      items: [
        {
          id: 'si_1',
          price: {
            id: 'price_pro',
            lookupKey: null,
            productId: 'prod_pro',
            productName: null,
            currency: 'usd',
            active: true,
            recurring: { interval: 'month', count: 1, metered: false },
            amount: { kind: 'per-unit', unitAmount: '2000' },
            nickname: null,
          },
          quantity: 1,
          currentPeriodEnd: new Date('2026-10-01T00:00:00Z'),
          discounts: [],
        },
      ],
      itemsComplete: true,
      createdAt: new Date('2026-03-01T00:00:00Z'),
      currentPeriodEnd: new Date('2026-10-01T00:00:00Z'),
      trialEndsAt: null,
      cancelsAt: null,
      endedAt: null,
      pausedCollection: null,
      latestInvoice: {
        id: 'in_1',
        status: 'paid',
        currency: 'usd',
        amountPaid: 2000,
        finalizedAt: new Date('2026-09-01T01:00:00Z'),
        paidAt: new Date('2026-09-01T01:01:00Z'),
        paymentIds: ['pi_1'],
        reversal: null,
      },
      discounts: [],
      metadata: {},
      changedAt: new Date('2026-09-01T01:01:00Z'),
      readAt,
      problems: [],
    })
  })

  test('of API versions before 2025-03-31 reads the same, with its charge beside', () => {
    const current = read()
    const older = readStripeSubscription(asBefore2025(recordedSubscription()), readAt)
    expect(older).toEqual({
      ...current,
      items: current.items.map((item) => ({ ...item, currentPeriodEnd: null })),
      latestInvoice: current.latestInvoice &&
        current.latestInvoice !== 'unread' && {
          ...current.latestInvoice,
          paymentIds: ['ch_1', 'pi_1'],
        },
    })
  })

  test('belongs to its customer, expanded or not, deleted or not', () => {
    expect(read({ customer: recordedCustomer() }).customerId).toBe('cus_1')
    expect(read({ customer: { id: 'cus_1', object: 'customer', deleted: true } }).customerId).toBe('cus_1')
    expect(read({ customer: null, customer_account: 'acct_7' }).customerId).toBe('acct_7')
  })

  test('without a customer says so', () => {
    expect(read({ customer: null }).problems).toEqual(['names no customer'])
  })

  test('has the latest period end of its items', () => {
    const items = recordedItems([
      recordedItem({ id: 'si_y', current_period_end: seconds('2027-03-01') }),
      recordedItem(),
    ])
    expect(read({ items }).currentPeriodEnd).toEqual(new Date('2027-03-01T00:00:00Z'))
  })

  test('with a period neither on its items nor of its own says so', () => {
    const items = recordedItems([without(recordedItem(), ['current_period_end'])])
    const { currentPeriodEnd, problems } = read({ items })
    expect(currentPeriodEnd).toBeNull()
    expect(problems).toEqual(['has no current_period_end, neither on its items nor of its own'])
  })

  test.each([
    [
      'cancel_at alone, as flexible billing sets it',
      { cancel_at: seconds('2026-09-20') },
      '2026-09-20T00:00:00Z',
    ],
    ['cancel_at_period_end alone', { cancel_at_period_end: true }, '2026-10-01T00:00:00Z'],
    ['both', { cancel_at: seconds('2026-09-20'), cancel_at_period_end: true }, '2026-09-20T00:00:00Z'],
  ])('scheduled to be canceled by %s ends then', (_how, changes, cancelsAt) => {
    expect(read(changes).cancelsAt).toEqual(new Date(cancelsAt))
  })

  test('with an unreadable cancellation says so', () => {
    expect(read({ cancel_at: 'soon' })).toMatchObject({
      cancelsAt: null,
      problems: ['cancel_at is "soon", not a time'],
    })
  })

  test('whose item list goes on elsewhere says that a part is missing', () => {
    expect(read({ items: recordedItems([recordedItem()], true) })).toMatchObject({
      itemsComplete: false,
      problems: [],
    })
  })

  test('without items says so', () => {
    const { itemsComplete, problems } = read({ items: recordedItems([]) })
    expect(itemsComplete).toBe(false)
    expect(problems).toContain('has no items')
  })

  test('reads an item that only has a legacy plan by that plan', () => {
    const item = { ...without(recordedItem(), ['price']), plan: recordedPlan() }
    expect(read({ items: recordedItems([item]) }).items[0]?.price).toMatchObject({
      id: 'plan_pro',
      productId: 'prod_pro',
      recurring: { interval: 'month', count: 1, metered: false },
      amount: { kind: 'per-unit', unitAmount: '2000' },
    })
  })

  test('keeps the items it can read beside one that it cannot, and says which', () => {
    const broken = recordedItem({ id: 'si_2', price: 'price_pro' })
    const { items, itemsComplete, problems } = read({ items: recordedItems([recordedItem(), broken]) })
    expect(items.map((item) => item.id)).toEqual(['si_1'])
    expect(itemsComplete).toBe(false)
    expect(problems).toEqual(['items[1] (si_2) has no price that can be read'])
  })

  test('has no quantity for a metered item', () => {
    const metered = recordedPrice({
      recurring: { interval: 'month', interval_count: 1, usage_type: 'metered' },
    })
    const item = without(recordedItem({ price: metered }), ['quantity'])
    expect(read({ items: recordedItems([item]) }).items[0]).toMatchObject({
      quantity: null,
      price: { recurring: { metered: true } },
    })
  })

  test('of a status not met before keeps it as it was found', () => {
    expect(read({ status: 'dormant' }).status).toEqual({ unknown: 'dormant' })
    expect(read({ status: null }).status).toEqual({ unknown: 'no status' })
  })

  test('in a trial of no end says so', () => {
    expect(read({ status: 'trialing', trial_end: null }).problems).toEqual([
      'is trialing, and trial_end says no time',
    ])
    expect(read({ status: 'trialing', trial_end: seconds('2026-09-20') })).toMatchObject({
      trialEndsAt: new Date('2026-09-20T00:00:00Z'),
      problems: [],
    })
  })

  test('has its collection paused, with and without an end', () => {
    const resumesAt = new Date('2026-12-01T00:00:00Z')
    expect(
      read({ pause_collection: { behavior: 'void', resumes_at: seconds('2026-12-01') } }).pausedCollection,
    ).toEqual({ behavior: 'void', resumesAt })
    expect(read({ pause_collection: { behavior: 'void', resumes_at: null } }).pausedCollection).toEqual({
      behavior: 'void',
      resumesAt: null,
    })
  })

  test('has an invoice that was not expanded as unread, and none as none', () => {
    expect(read({ latest_invoice: 'in_1' }).latestInvoice).toBe('unread')
    expect(read({ latest_invoice: null }).latestInvoice).toBeNull()
  })

  test('finds the charge of an expanded payment intent, by which refunds are found too', () => {
    const payment = { type: 'payment_intent', payment_intent: { id: 'pi_1', latest_charge: 'ch_1' } }
    const latest_invoice = recordedInvoice({
      payments: { object: 'list', data: [{ payment }], has_more: false },
    })
    expect(read({ latest_invoice }).latestInvoice).toMatchObject({ paymentIds: ['ch_1', 'pi_1'] })
  })

  test('keeps the texts of its metadata', () => {
    expect(read({ metadata: { user_id: 'user_1', odd: 7 } }).metadata).toEqual({ user_id: 'user_1' })
  })

  test('that is no object with an id is no answer of Stripe', () => {
    expect(() => readStripeSubscription('sub_1', readAt)).toThrow(
      'A subscription needs to be an object with an id; found "sub_1".',
    )
  })
})

describe('the latest change of a subscription', () => {
  test.each([
    ['a trial that ended', { trial_end: seconds('2026-09-14') }, '2026-09-14T00:00:00Z'],
    ['a cancellation asked for', { canceled_at: seconds('2026-09-14') }, '2026-09-14T00:00:00Z'],
    [
      'a collection that resumed',
      { pause_collection: { behavior: 'void', resumes_at: seconds('2026-09-14') } },
      '2026-09-14T00:00:00Z',
    ],
    [
      'a pause',
      { status_details: { paused: { transitioned_at: seconds('2026-09-14') } } },
      '2026-09-14T00:00:00Z',
    ],
    [
      'an invoice paid',
      { latest_invoice: recordedInvoice({ status_transitions: { paid_at: seconds('2026-09-14') } }) },
      '2026-09-14T00:00:00Z',
    ],
    [
      'an item added',
      { items: recordedItems([recordedItem({ created: seconds('2026-09-14') })]) },
      '2026-09-14T00:00:00Z',
    ],
    [
      'nothing that only comes later',
      { cancel_at: seconds('2026-09-16'), trial_end: seconds('2026-09-20') },
      '2026-09-01T01:01:00Z',
    ],
  ])('is %s', (_what, changes, changedAt) => {
    expect(read(changes).changedAt).toEqual(new Date(changedAt))
  })
})

describe('a discount', () => {
  const coupon = recordedCoupon({ percent_off: null, amount_off: 500, currency: 'usd' })
  const before2025 = without(recordedDiscount({ coupon: recordedCoupon() }), ['source'])

  test.each([
    ['of percent', [recordedDiscount()], { kind: 'percent', percent: 25.5 }],
    [
      'of an amount',
      [recordedDiscount({ source: { coupon, type: 'coupon' } })],
      { kind: 'amount', currency: 'usd', amount: 500 },
    ],
    ['with its coupon where it stood before 2025-09-30', [before2025], { kind: 'percent', percent: 25.5 }],
    ['that was not expanded', ['di_7'], { kind: 'unknown', id: 'di_7' }],
    [
      'whose coupon was not expanded',
      [recordedDiscount({ source: { coupon: 'HALF', type: 'coupon' } })],
      { kind: 'unknown', id: 'di_1' },
    ],
    [
      'that is for some products only',
      [recordedDiscount({ source: { coupon: recordedCoupon({ applies_to: { products: ['prod_1'] } }) } })],
      { kind: 'unknown', id: 'Z4OV52SU' },
    ],
  ])('%s is read', (_which, discounts, expected) => {
    const fact = read({ discounts })
    expect(fact.discounts).toEqual([expected])
    expect(fact.problems).toEqual([])
  })

  test('of an item stands with the item', () => {
    const items = recordedItems([recordedItem({ discounts: [recordedDiscount()] })])
    expect(read({ items }).items[0]?.discounts).toEqual([{ kind: 'percent', percent: 25.5 }])
  })

  test('in the single field of old API versions is read', () => {
    const older = { ...without(recordedSubscription(), ['discounts']), discount: before2025 }
    expect(readStripeSubscription(older, readAt).discounts).toEqual([{ kind: 'percent', percent: 25.5 }])
  })

  test('that has ended counts no more', () => {
    expect(read({ discounts: [recordedDiscount({ end: seconds('2026-09-15') })] }).discounts).toEqual([])
    expect(read({ discounts: [recordedDiscount({ end: seconds('2026-09-16') })] }).discounts).toHaveLength(1)
  })
})
