import { expect, test } from 'vitest'
import { refundCharge } from '../refund-charge.ts'
import { at, Story } from './story.ts'

function charged(story: Story) {
  const subscription = story.subscribe()
  const [charge] = story.state.charges.all()
  if (charge === undefined) throw new Error('Nothing was charged.')
  story.told()
  return { charge, subscription }
}

test.each([
  ['nothing', { status: 'active', cancel_at_period_end: false }],
  ['cancel', { status: 'canceled', cancellation_details: { reason: 'payment_disputed' } }],
  [
    'cancel_at_period_end',
    { status: 'active', cancel_at_period_end: true, cancellation_details: { reason: 'payment_disputed' } },
  ],
] as const)('an opened dispute with the setting %s', (whenDisputed, expected) => {
  const story = new Story('2026-01-01', { whenDisputed })
  const { charge, subscription } = charged(story)
  const dispute = story.engine.openDispute(charge, {})
  expect(dispute).toMatchObject({ amount: 1000, charge: charge.id, status: 'needs_response' })
  expect(charge.disputed).toBe(true)
  expect(subscription).toMatchObject(expected)
  expect(story.told('charge.dispute')).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn'])
})

test.each([
  ['won', ['charge.dispute.funds_reinstated', 'charge.dispute.closed']],
  ['lost', ['charge.dispute.closed']],
] as const)('a dispute that is %s', (outcome, told) => {
  const story = new Story('2026-01-01')
  const dispute = story.engine.openDispute(charged(story).charge, {})
  story.told()
  story.engine.closeDispute(dispute, outcome)
  expect(dispute.status).toBe(outcome)
  expect(story.told()).toEqual(told)
  expect(() => story.engine.closeDispute(dispute, outcome)).toThrow(expect.objectContaining({ status: 400 }))
})

test('a refund of the period leaves the subscription as it is, and the next period is billed', () => {
  const story = new Story('2026-01-01')
  const { charge, subscription } = charged(story)
  refundCharge(story.state, charge, {})
  expect(charge).toMatchObject({ amount_refunded: 1000, refunded: true })
  story.advanceTo('2026-02-02')
  expect(subscription.status).toBe('active')
  expect(story.latestInvoice(subscription).status).toBe('paid')
  expect(dateOfRefund(story)).toBe(at('2026-01-01'))
})

function dateOfRefund(story: Story) {
  return story.state.refunds.all()[0]?.created
}
