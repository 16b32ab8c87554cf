import type { PlanItem, SubjectId } from '@trueup/core'
import { readClerkPlanItem } from '@trueup/core'
import { BillingError } from '../billing-error.ts'
import type { SharedFrame } from '../frame.ts'
import { answerOf } from '../vendor/vendor.ts'
import { asClerkSends } from './as-clerk-sends.ts'

/** A payer's subscription in Clerk Billing, in our words. */
export interface PlanItemReading {
  /** `csub_...`; `null`: they never had one. */
  readonly subscriptionId: string | null
  readonly items: readonly PlanItem[]
  readonly readAt: Date
}

/**
 * Reads the subscription of a user or an organization from Clerk: all of its items, those that are over and those to
 * come as well.
 *
 * @param planFeatures Whether the features that Clerk has for a plan count beside those of the catalogue.
 * @throws BillingError
 */
export async function readPlanItems(
  frame: Pick<SharedFrame, 'clerk' | 'clock'>,
  subject: SubjectId,
  planFeatures: boolean,
): Promise<PlanItemReading> {
  const readAt = frame.clock.now()
  const found = await findSubscription(frame, subject)
  if (!found) return { subscriptionId: null, items: [], readAt }
  const { id, status, subscriptionItems } = found
  // The official client makes an empty list of none at all, and nothing is to be read as nothing bought.
  if (subscriptionItems.length === 0 && (status === 'active' || status === 'past_due'))
    throw noItems(id, status)
  const rules = { readAt, livemode: true, features: planFeatures, payer: subject.id }
  return {
    subscriptionId: id,
    items: subscriptionItems.map((item) => readClerkPlanItem(asClerkSends(item), rules)),
    readAt,
  }
}

async function findSubscription({ clerk }: Pick<SharedFrame, 'clerk'>, { type, id }: SubjectId) {
  try {
    return await clerk.call(({ billing }) =>
      type === 'organization'
        ? billing.getOrganizationBillingSubscription(id)
        : billing.getUserBillingSubscription(id),
    )
  } catch (error) {
    if (isSaidMissing(error)) return null
    throw error
  }
}

/** Clerk says in a code of its own that it has none. A 404 without one comes from whoever answers in its place. */
function isSaidMissing(error: unknown): boolean {
  const { status, code } = answerOf(error)
  return status === 404 && code !== null && code !== 'api_response_error'
}

function noItems(id: string, status: string): BillingError {
  return new BillingError({
    code: 'vendor-failed',
    message: `Clerk says of the subscription ${id} that it is ${status}, and names no item of it.`,
    fix: 'It is read again by itself; ask Clerk where it lasts.',
    retryable: true,
  })
}
