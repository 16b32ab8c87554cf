import type { BillingFact, Catalogue } from '@trueup/core'
import { soldForLife } from '@trueup/core'
import type Stripe from 'stripe'
import type { Frame } from '../frame.ts'

/** A subscription that has ended for good; every other can still be paid, or is. */
const ended: readonly string[] = ['canceled', 'incomplete_expired']

/** All subscriptions that a customer ever had. */
export async function readSubscriptions(
  frame: Pick<Frame, 'stripe'>,
  customerId: string,
  expand: readonly string[] = [],
): Promise<readonly Stripe.Subscription[]> {
  const found: Stripe.Subscription[] = []
  for (;;) {
    const last = found.at(-1)
    const page = await frame.stripe.call((stripe) =>
      stripe.subscriptions.list({
        customer: customerId,
        status: 'all',
        limit: 100,
        expand: [...expand],
        ...(last ? { starting_after: last.id } : {}),
      }),
    )
    found.push(...page.data)
    if (!page.has_more || page.data.length === 0) return found
  }
}

export function isLive(subscription: Stripe.Subscription): boolean {
  return !ended.includes(subscription.status)
}

/** Whether a plan was bought for good. */
export function ownsForLife(facts: readonly BillingFact[], planId: string, catalogue: Catalogue): boolean {
  return facts.some(
    (fact) =>
      fact.kind === 'purchase' &&
      fact.prices.some((price) => {
        const sold = soldForLife(price, catalogue)
        return sold?.kind === 'plan' && sold.plan.id === planId
      }),
  )
}
