import type { BillingPlan } from '@clerk/backend'
import { BillingError } from '../billing-error.ts'
import type { Offer, OfferedPrice } from '../catalogue/offers.ts'
import type { ClerkPlanForSale } from './catalogue.ts'
import { slugsOf } from './catalogue.ts'
import type { ClerkFrame } from './clerk-frame.ts'

/** A plan with its prices as Clerk has them now. */
export interface ClerkOffer extends Offer {
  /** `cplan_...`, as Clerk's `<CheckoutButton planId>` takes it; `null`: the plan that everybody has. */
  readonly clerkPlanId: string | null
}

const keptMs = 300_000
const pageSize = 500

/** Reads what is sold, lowest plan first, and keeps what Clerk said for five minutes. */
export function createClerkOffers(frame: ClerkFrame): () => Promise<readonly ClerkOffer[]> {
  let kept: { readonly plans: readonly BillingPlan[]; readonly until: number } | null = null
  return async () => {
    const now = frame.clock.now().getTime()
    if (!kept || kept.until <= now) kept = { plans: await listPlans(frame), until: now + keptMs }
    const { plans } = kept
    return frame.forSale.plans.map((plan, rank) => offerOf(frame, plan, rank, plans))
  }
}

async function listPlans({ clerk, subjectType }: ClerkFrame): Promise<readonly BillingPlan[]> {
  const payerType = subjectType === 'organization' ? 'org' : 'user'
  const found: BillingPlan[] = []
  for (;;) {
    const { data, totalCount } = await clerk.call(({ billing }) =>
      billing.getPlanList({ payerType, limit: pageSize, offset: found.length }),
    )
    found.push(...data)
    if (data.length === 0 || found.length >= totalCount) return found
  }
}

function offerOf(
  { subjectType }: ClerkFrame,
  plan: ClerkPlanForSale,
  rank: number,
  plans: readonly BillingPlan[],
): ClerkOffer {
  const [slug] = slugsOf(plan)
  const found = plans.find((each) => each.slug === slug)
  if (!found && rank > 0) {
    throw new BillingError({
      code: 'price-mismatch',
      message: `The catalogue sells ${plan.id}, and Clerk has no plan with the slug ${slug} for ${subjectType}s.`,
      fix: 'Correct the slug, or make the plan in Clerk. Mind that development and production have plans of their own.',
    })
  }
  return {
    plan: plan.id,
    name: plan.name ?? plan.id,
    features: plan.features ?? [],
    seats: plan.seats ?? null,
    trialDays: found?.freeTrialEnabled ? found.freeTrialDays : null,
    prices: found ? pricesOf(found) : [],
    clerkPlanId: found && !found.isDefault ? found.id : null,
  }
}

function pricesOf({ fee, annualFee }: BillingPlan): readonly OfferedPrice[] {
  const sums = [
    { interval: 'month', money: fee },
    { interval: 'year', money: annualFee },
  ] as const
  return sums.flatMap(({ interval, money }) =>
    money && money.amount > 0
      ? [{ interval, currency: money.currency.toLowerCase(), amount: money.amount }]
      : [],
  )
}
