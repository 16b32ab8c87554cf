import type { SubjectId } from '@trueup/core'
import type Stripe from 'stripe'
import { expect, it } from 'vitest'
import { paidByItsOwnCard } from './customers-card.ts'

const subject: SubjectId = { type: 'organization', id: 'org_1' }

/** What the rule looks at of a subscription, which the checkout of the SDK made and gave its card to. */
function sold(differing: Partial<Stripe.Subscription> = {}): Stripe.Subscription {
  const subscription: Partial<Stripe.Subscription> = {
    id: 'sub_1',
    status: 'active',
    default_payment_method: 'pm_1',
    metadata: { organization_id: 'org_1' },
    managed_payments: null,
    ...differing,
  }
  return subscription as Stripe.Subscription
}

it.each<[string, readonly Stripe.Subscription[], boolean]>([
  ['the only subscription, as the checkout left it', [sold()], true],
  ['one whose payment failed', [sold({ status: 'past_due' })], true],
  ['one on trial', [sold({ status: 'trialing' })], true],
  ['one beside others that have ended', [sold({ status: 'canceled' }), sold({ id: 'sub_2' })], true],
  ['one that is paid by the customer’s card already', [sold({ default_payment_method: null })], false],
  ['one whose first payment waits', [sold({ status: 'incomplete' })], false],
  ['one that has ended', [sold({ status: 'canceled' })], false],
  ['two beside each other', [sold(), sold({ id: 'sub_2' })], false],
  ['one that the SDK did not sell', [sold({ metadata: {} })], false],
  ['one that names somebody else', [sold({ metadata: { organization_id: 'org_2' } })], false],
  ['one of Managed Payments', [sold({ managed_payments: { enabled: true } })], false],
  ['none', [], false],
])('%s: its card becomes the customer’s: %#', (_, subscriptions, isShared) => {
  expect(paidByItsOwnCard(subscriptions, subject) !== null).toBe(isShared)
})
