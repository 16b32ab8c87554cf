import type Stripe from 'stripe'
import type { Frame } from '../frame.ts'
import { answerOf } from '../vendor/vendor.ts'

/** The checkouts of a customer that can be paid now. */
export async function openCheckouts(
  frame: Frame,
  customerId: string,
): Promise<readonly Stripe.Checkout.Session[]> {
  const { data } = await frame.stripe.call((stripe) =>
    stripe.checkout.sessions.list({ customer: customerId, status: 'open', limit: 100 }),
  )
  return data
}

/** Ends a checkout that is open. False: it is complete. */
export async function expireCheckout(frame: Frame, id: string): Promise<boolean> {
  try {
    await frame.stripe.call((stripe) => stripe.checkout.sessions.expire(id))
    return true
  } catch (error) {
    if (answerOf(error).status !== 400) throw error
    const { status } = await frame.stripe.call((stripe) => stripe.checkout.sessions.retrieve(id))
    return status !== 'complete'
  }
}
