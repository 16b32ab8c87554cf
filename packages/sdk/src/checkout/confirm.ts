import { subjectKey } from '@trueup/core'
import type Stripe from 'stripe'
import type { AccessAnswer } from '../access/access-answer.ts'
import { resyncSubject } from '../access/resync.ts'
import { BillingError } from '../billing-error.ts'
import type { Frame } from '../frame.ts'
import type { Actor } from '../subject/actor.ts'
import { subjectOf } from '../subject/subject-of.ts'
import { answerOf } from '../vendor/vendor.ts'

/** What became of a checkout. */
export interface CheckoutOutcome {
  /** `processing`: complete, and the money is still on its way, as with a bank debit. */
  readonly state: 'open' | 'expired' | 'processing' | 'complete'
  readonly access: AccessAnswer
}

/**
 * Reads what became of a checkout and what it opens, for the page that the buyer comes back to. The session's id comes
 * from the address bar, so that it counts only where the session is the actor's own.
 *
 * @throws BillingError `signed-out`, `session-not-found`, or what the vendor said
 */
export async function confirmCheckout(
  frame: Frame,
  { by, sessionId }: { readonly by: Actor; readonly sessionId: string },
): Promise<CheckoutOutcome> {
  const subject = subjectOf(by, frame.subjectType)
  if (!subject) {
    throw new BillingError({
      code: 'signed-out',
      message: 'Nobody is signed in who could have paid.',
      fix: 'Have the person sign in.',
    })
  }
  const session = await findSession(frame, sessionId)
  if (session?.client_reference_id !== subjectKey(subject)) {
    throw new BillingError({
      code: 'session-not-found',
      message: `There is no checkout ${JSON.stringify(sessionId.slice(0, 80))} of ${subject.id}.`,
      fix: 'Come from the checkout, with the organization active that it was for.',
    })
  }
  return { state: stateOf(session), access: await resyncSubject(frame, subject) }
}

async function findSession(frame: Frame, id: string): Promise<Stripe.Checkout.Session | null> {
  if (!/^cs_\w{1,250}$/.test(id)) return null
  try {
    return await frame.stripe.call((stripe) => stripe.checkout.sessions.retrieve(id))
  } catch (error) {
    if (answerOf(error).status === 404) return null
    throw error
  }
}

function stateOf({ status, payment_status }: Stripe.Checkout.Session): CheckoutOutcome['state'] {
  if (status === 'open') return 'open'
  if (status !== 'complete') return 'expired'
  return payment_status === 'unpaid' ? 'processing' : 'complete'
}
