import type { SubjectId } from '@trueup/core'
import type Stripe from 'stripe'
import { stripeCustomerOf } from '../customer/stripe-customer-of.ts'
import { subjectInMetadata } from '../customer/subject-metadata.ts'
import type { Frame } from '../frame.ts'
import type { LeasedWork } from '../store/store.ts'
import { isLive, readSubscriptions } from './live-subscription.ts'

/**
 * The subscription that is still paid by the card of its checkout; `null`: none, or it is to stay as it is.
 *
 * Stripe's checkout gives the card to the subscription, and a subscription's own card goes before the customer's. The
 * portal changes the customer's alone, so that a new card would never be charged.
 * https://docs.stripe.com/customer-management/portal-deep-links
 *
 * Left as they are: subscriptions that the SDK did not sell, several beside each other, which may be paid by different
 * cards on purpose, and those of Managed Payments, whose merchant of record sees to the card.
 */
export function paidByItsOwnCard(
  subscriptions: readonly Stripe.Subscription[],
  subject: SubjectId,
): Stripe.Subscription | null {
  const [only, another] = subscriptions.filter(isLive)
  if (!only || another || !only.default_payment_method || only.status === 'incomplete') return null
  if (only.managed_payments?.enabled) return null
  return subjectInMetadata(only.metadata, subject.type)?.id === subject.id ? only : null
}

/** Makes the card of a checkout the customer's, so that a card changed in the portal pays what follows. */
export async function shareCard(frame: Frame, subject: SubjectId, work: LeasedWork): Promise<void> {
  const record = await frame.store.subject(subject)
  const customerId = record?.deletedAt ? null : stripeCustomerOf(record)
  const subscription = customerId
    ? paidByItsOwnCard(await readSubscriptions(frame, customerId), subject)
    : null
  if (customerId && subscription?.default_payment_method) {
    const own = subscription.default_payment_method
    const card = typeof own === 'string' ? own : own.id
    // The customer's first: at no moment is there a subscription without a card.
    await frame.stripe.call((stripe) =>
      stripe.customers.update(customerId, { invoice_settings: { default_payment_method: card } }),
    )
    await frame.stripe.call((stripe) =>
      stripe.subscriptions.update(subscription.id, { default_payment_method: '' }),
    )
  }
  await frame.store.unit((unit) => unit.finishWork(work))
}
