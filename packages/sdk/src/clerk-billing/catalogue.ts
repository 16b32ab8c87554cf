import type { Catalogue, Plan } from '@trueup/core'
import { refuseDoubles } from '../catalogue/rule-catalogue.ts'

/** A plan as Clerk Billing sells it. What it costs, its trial and its periods are set in Clerk alone. */
export interface ClerkPlanForSale {
  /** The plan's slug in Clerk, unless `slugs` says otherwise. Gates ask by it. */
  readonly id: string
  /** For people. Default: the id. */
  readonly name?: string
  /** What the plan opens, by the names that `requireFeature` asks for. Default: nothing of its own. */
  readonly features?: readonly string[]
  /** Seats that come with the plan: a fixed number, or as many as are paid for. Default: seats play no part. */
  readonly seats?: number | 'quantity'
  /** The plan's slugs in Clerk, where the id is none of them or it has had several. The first is sold. Default: the id. */
  readonly slugs?: readonly [string, ...string[]]
}

/**
 * What the app sells through Clerk Billing. Plans stand lowest first, and the first is what somebody has who pays
 * nothing: Clerk's default plan.
 *
 * @example
 * const catalogue = {
 *   plans: [{ id: 'free_org' }, { id: 'pro', name: 'Pro', features: ['reports'] }],
 * } satisfies ClerkCatalogue
 */
export interface ClerkCatalogue {
  readonly plans: readonly [ClerkPlanForSale, ...ClerkPlanForSale[]]
}

/** The slugs by which Clerk knows a plan of the catalogue, the one that is sold first. */
export function slugsOf({
  id,
  slugs,
}: Pick<ClerkPlanForSale, 'id' | 'slugs'>): readonly [string, ...string[]] {
  return slugs ?? [id]
}

/**
 * The catalogue in the words of the rule that says what is promised.
 *
 * @throws BillingError `options-invalid` when two plans have one id or one slug
 */
export function clerkRuleCatalogue({ plans }: ClerkCatalogue): Catalogue {
  const [free, ...paid] = plans
  refuseDoubles(
    'id',
    plans.map(({ id }) => id),
  )
  refuseDoubles('slug', plans.flatMap(slugsOf))
  return { plans: [rulePlan(free), ...paid.map(rulePlan)], addOns: [], seatPacks: [] }
}

function rulePlan(plan: ClerkPlanForSale): Plan {
  return {
    id: plan.id,
    prices: slugsOf(plan).map((slug) => `lookup:${slug}` as const),
    products: [],
    lifetime: [],
    values: [],
    entitlements: plan.features ?? [],
    seats: plan.seats ?? null,
  }
}
