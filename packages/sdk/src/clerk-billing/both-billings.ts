import type { PlanItem, SubjectId } from '@trueup/core'
import type Stripe from 'stripe'
import { isLive } from '../checkout/live-subscription.ts'
import type { Problem } from '../options.ts'
import { costs, isRunning } from './is-running.ts'

interface Both {
  readonly subject: SubjectId
  /** Where the app sells: what is paid there opens its plans. */
  readonly sells: 'Stripe' | 'Clerk Billing'
  readonly subscriptions: readonly Stripe.Subscription[]
  readonly items: readonly PlanItem[]
  readonly now: Date
}

/** What is told where a subject pays in Stripe and in Clerk Billing, as while an app moves; `null`: it does not. */
export function bothBillings({ subject, sells, subscriptions, items, now }: Both): Problem | null {
  const live = subscriptions.filter(isLive)
  const running = items.filter((item) => isRunning(item, now) && costs(item))
  if (live.length === 0 || running.length === 0) return null
  const inStripe = `${idsOf(live)} in Stripe`
  const inClerk = `${idsOf(running)} in Clerk Billing`
  const [counts, idle] = sells === 'Stripe' ? [inStripe, inClerk] : [inClerk, inStripe]
  return {
    code: 'both-billings',
    subject,
    customerId: null,
    message: `${subject.id} pays by ${counts} and by ${idle}. The app sells through ${sells}, so that the other opens nothing. Cancel one of them, and refund what was paid twice.`,
  }
}

function idsOf(things: readonly { readonly id: string }[]): string {
  return things.map(({ id }) => id).join(', ')
}
