/** The id of a plan in the project's catalogue, such as `pro`. */
export type PlanId = string

/** The parts of access that are compared one by one, in the order in which drifts are reported. */
export const components = ['paid', 'plan', 'trialEndsAt', 'entitlements', 'seats'] as const
export type Component = (typeof components)[number]

/**
 * What a subject may use. Both bounds of what billing promised, and what the app granted once it has been read,
 * have this one shape, so that they can be compared.
 *
 * `plan` is ordered by rank in the catalogue, `paid` false before true, `trialEndsAt` by time (`null`: no trial),
 * `entitlements` by inclusion, `seats` by number (`null`: none promised, or seats play no part).
 * `every` and `unlimited` are the top of their order; they occur in widened bounds and in exceptions.
 */
export interface Access {
  readonly plan: PlanId
  readonly paid: boolean
  readonly trialEndsAt: Date | null
  /** Sorted, without doubles. */
  readonly entitlements: readonly string[] | 'every'
  readonly seats: number | 'unlimited' | null
}
