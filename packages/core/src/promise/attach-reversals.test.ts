import { describe, expect, test } from 'vitest'
import { attachReversals } from './attach-reversals.ts'
import type { Reversal } from './billing.ts'
import { exampleEntitlements, exampleInvoice, examplePurchase, exampleSubscription } from './example-facts.ts'

const refund: Reversal = { refundedAmount: 500, dispute: 'none', ids: ['re_1'] }
const dispute: Reversal = { refundedAmount: 0, dispute: 'open', ids: ['dp_1'] }
const lost: Reversal = { refundedAmount: 0, dispute: 'lost', ids: ['dp_2'] }

describe('money that went back', () => {
  test('for the latest invoice belongs to its subscription', () => {
    const fact = attachReversals(exampleSubscription, new Map([['pi_1', refund]]))
    expect(fact.latestInvoice).toEqual({ ...exampleInvoice, reversal: refund })
  })

  test('for a purchase belongs to the purchase', () => {
    expect(attachReversals(examplePurchase, new Map([['pi_2', dispute]])).reversal).toEqual(dispute)
  })

  test('for several payments of one invoice is summed, and the worst dispute counts', () => {
    const paidTwice = {
      ...exampleSubscription,
      latestInvoice: { ...exampleInvoice, paymentIds: ['pi_1', 'ch_1', 'pi_3'] },
    }
    const reversals = new Map([
      ['pi_1', refund],
      ['ch_1', lost],
      ['pi_3', { ...dispute, refundedAmount: 250 }],
    ])
    expect(attachReversals(paidTwice, reversals).latestInvoice).toMatchObject({
      reversal: { refundedAmount: 750, dispute: 'lost', ids: ['dp_1', 'dp_2', 're_1'] },
    })
  })

  test('for other payments changes nothing', () => {
    const others = new Map([['pi_other', refund]])
    for (const fact of [
      exampleSubscription,
      examplePurchase,
      exampleEntitlements,
      { ...exampleSubscription, latestInvoice: 'unread' as const },
    ]) {
      expect(attachReversals(fact, others)).toBe(fact)
    }
  })
})
