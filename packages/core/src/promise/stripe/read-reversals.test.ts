import { describe, expect, test } from 'vitest'
import { readStripeDispute, readStripeRefund } from './read-reversals.ts'
import { recordedDispute, recordedRefund } from './recorded.ts'

describe('a refund', () => {
  test('takes its sum back from the payment', () => {
    expect(readStripeRefund(recordedRefund())).toEqual({
      paymentId: 'pi_1',
      refundedAmount: 2000,
      dispute: 'none',
      ids: ['re_1'],
    })
  })

  test('of a charge without a payment intent is found by the charge, expanded or not', () => {
    expect(readStripeRefund(recordedRefund({ payment_intent: null }))?.paymentId).toBe('ch_1')
    expect(readStripeRefund(recordedRefund({ payment_intent: { id: 'pi_9' } }))?.paymentId).toBe('pi_9')
  })

  test.each([
    ['succeeded', 2000],
    ['pending', 2000],
    ['requires_action', 2000],
    [null, 2000],
    ['failed', 0],
    ['canceled', 0],
  ])('that is %s takes back %i', (status, refundedAmount) => {
    expect(readStripeRefund(recordedRefund({ status }))?.refundedAmount).toBe(refundedAmount)
  })

  test('of no payment takes nothing back', () => {
    expect(readStripeRefund(recordedRefund({ payment_intent: null, charge: null }))).toBeNull()
  })
})

describe('a dispute', () => {
  test.each([
    ['needs_response', 'open'],
    ['under_review', 'open'],
    ['warning_needs_response', 'open'],
    ['warning_under_review', 'open'],
    ['appeal_needs_response', 'open'],
    ['appeal_under_review', 'open'],
    ['a status of next year', 'open'],
    ['lost', 'lost'],
    ['won', 'none'],
    ['warning_closed', 'none'],
    ['prevented', 'none'],
  ])('that is %s counts as %s', (status, dispute) => {
    expect(readStripeDispute(recordedDispute({ status }))).toEqual({
      paymentId: 'pi_1',
      refundedAmount: 0,
      dispute,
      ids: ['dp_1'],
    })
  })

  test('of no payment is none', () => {
    expect(readStripeDispute(recordedDispute({ payment_intent: null, charge: null }))).toBeNull()
  })
})
