import { describe, expect, test } from 'vitest'
import { examplePrice } from '../example-facts.ts'
import { readStripeCheckoutSession, readStripeInvoicePurchase } from './read-purchase.ts'
import type { StripeJson } from './recorded.ts'
import { recordedInvoice, recordedLineItems, recordedPrice, recordedSession, without } from './recorded.ts'

const readAt = new Date('2026-09-15T00:00:00Z')
const session = (changes: StripeJson = {}) => readStripeCheckoutSession(recordedSession(changes), readAt)

describe('a Checkout Session', () => {
  test('that was paid is a purchase', () => {
    expect(session()).toMatchObject({
      kind: 'purchase',
      id: 'cs_1',
      customerId: 'cus_1',
      prices: [{ id: 'price_pro_forever', recurring: null }],
      paidAt: new Date('2026-09-01T00:00:00Z'),
      currency: 'usd',
      amountPaid: 9900,
      paymentIds: ['pi_2'],
      reversal: null,
      clientReferenceId: 'user_1',
      changedAt: new Date('2026-09-01T00:00:00Z'),
      readAt,
      problems: [],
    })
  })

  test.each([
    ['still open', { status: 'open' }],
    ['expired', { status: 'expired' }],
    ['not paid yet', { payment_status: 'unpaid' }],
    ['only setting up a payment method', { mode: 'setup', payment_status: 'no_payment_required' }],
    ["a guest's", { customer: null }],
  ])('that is %s is none', (_state, changes) => {
    expect(session(changes)).toBeNull()
  })

  test('that cost nothing is a purchase all the same', () => {
    expect(session({ payment_status: 'no_payment_required', amount_total: 0 })?.amountPaid).toBe(0)
  })

  test('that started a subscription counts with its one-time prices, and names the subject', () => {
    const once = recordedPrice({ id: 'price_once', type: 'one_time', recurring: null })
    const purchase = session({ mode: 'subscription', line_items: recordedLineItems([recordedPrice(), once]) })
    expect(purchase?.prices.map((price) => price.id)).toEqual(['price_once'])
    expect(purchase?.clientReferenceId).toBe('user_1')
  })

  test('whose lines were not expanded, or only in part, says so', () => {
    const bare = readStripeCheckoutSession(without(recordedSession(), ['line_items']), readAt)
    expect(bare?.problems).toEqual(['line_items was not expanded, so what was bought is not known'])
    const part = session({ line_items: { ...recordedLineItems([recordedPrice()]), has_more: true } })
    expect(part?.problems).toEqual(['line_items holds only a part of the lines'])
  })

  test('was paid when its expanded invoice was, by the payments of that invoice too', () => {
    expect(session({ invoice: recordedInvoice() })).toMatchObject({
      paidAt: new Date('2026-09-01T01:01:00Z'),
      paymentIds: ['pi_1', 'pi_2'],
    })
  })
})

describe('an invoice', () => {
  const oneOff = (changes: StripeJson = {}) => recordedInvoice({ parent: null, ...changes })
  const prices = new Map([['price_pro', { ...examplePrice, lookupKey: 'pro' }]])

  test('that was paid and belongs to no subscription is a purchase', () => {
    expect(readStripeInvoicePurchase(oneOff(), readAt, prices)).toMatchObject({
      id: 'in_1',
      customerId: 'cus_1',
      prices: [{ id: 'price_pro', lookupKey: 'pro' }],
      paidAt: new Date('2026-09-01T01:01:00Z'),
      amountPaid: 2000,
      paymentIds: ['pi_1'],
      clientReferenceId: null,
      problems: [],
    })
  })

  test.each([
    ['of a subscription', recordedInvoice()],
    ['of a subscription, as older API versions name it', oneOff({ subscription: 'sub_1' })],
    ['still open', oneOff({ status: 'open' })],
    ['of no customer', oneOff({ customer: null })],
  ])('%s is none', (_which, json) => {
    expect(readStripeInvoicePurchase(json, readAt, prices)).toBeNull()
  })

  test('that only names a price that billing does not list keeps the name and says so', () => {
    const purchase = readStripeInvoicePurchase(oneOff(), readAt)
    expect(purchase?.prices).toMatchObject([
      { id: 'price_pro', productId: 'prod_pro', amount: { kind: 'unknown' } },
    ])
    expect(purchase?.problems).toEqual([
      'lines[0].price is only named ("price_pro"), so its lookup key is not known',
    ])
  })

  test('of API versions before 2025-03-31 holds its prices', () => {
    const lines = { object: 'list', data: [{ id: 'il_1', price: recordedPrice() }], has_more: false }
    const purchase = readStripeInvoicePurchase(oneOff({ lines }), readAt)
    expect(purchase?.prices).toMatchObject([{ id: 'price_pro', amount: { kind: 'per-unit' } }])
    expect(purchase?.problems).toEqual([])
  })

  test('with a sum that somebody typed in sells nothing of the catalogue', () => {
    const lines = { object: 'list', data: [{ id: 'il_1', pricing: null }], has_more: false }
    expect(readStripeInvoicePurchase(oneOff({ lines }), readAt)).toMatchObject({ prices: [], problems: [] })
  })
})
