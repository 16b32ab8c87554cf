import type { SubjectId } from '@trueup/core'
import { BillingError } from '../billing-error.ts'
import { isLive, readSubscriptions } from '../checkout/live-subscription.ts'
import type { Frame } from '../frame.ts'
import { stripeCustomerOf } from './stripe-customer-of.ts'

/**
 * Refuses where `whenDeleted` is `block` and the subject still pays; to be asked before it is deleted.
 *
 * @throws BillingError `subscription-live`
 */
export async function assertDeletable(frame: Frame, subject: SubjectId): Promise<void> {
  if (frame.options.whenDeleted !== 'block') return
  const customerId = stripeCustomerOf(await frame.store.subject(subject))
  if (!customerId) return
  const live = (await readSubscriptions(frame, customerId)).filter(isLive)
  if (live.length === 0) return
  throw new BillingError({
    code: 'subscription-live',
    message: `${subject.id} still has ${live.map(({ id }) => id).join(', ')}.`,
    fix: 'Cancel the subscription first, in the portal.',
  })
}
