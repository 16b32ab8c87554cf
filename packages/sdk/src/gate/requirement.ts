import type { AccessAnswer } from '../access/access-answer.ts'
import { BillingError } from '../billing-error.ts'
import type { CatalogueForSale, PlanForSale } from '../catalogue/plan-for-sale.ts'

/** What a gate asks for. `plans` are those that have it, lowest first. */
export type Requirement =
  | { readonly kind: 'plan'; readonly plans: readonly string[] }
  | { readonly kind: 'feature'; readonly plans: readonly string[]; readonly features: readonly string[] }
  | { readonly kind: 'seats'; readonly plans: readonly string[]; readonly seats: number }

type Plans = Pick<CatalogueForSale, 'plans'>

/**
 * One of these plans, or any that stands above the lowest of them.
 *
 * @throws BillingError `options-invalid` for a plan that the catalogue does not have
 */
export function planRequirement({ plans }: Plans, named: readonly string[]): Requirement {
  const ids = plans.map(({ id }) => id)
  const ranks = named.map((plan) => ids.indexOf(plan))
  const strange = named.find((plan) => !ids.includes(plan))
  if (strange === undefined && ranks.length > 0) return { kind: 'plan', plans: ids.slice(Math.min(...ranks)) }
  throw invalid(
    strange === undefined
      ? 'A gate asks for no plan.'
      : `A gate asks for the plan ${JSON.stringify(strange)}; the catalogue has ${ids.join(', ')}.`,
    'Name a plan of the catalogue.',
  )
}

/** All of these features, whether a plan brings them or an add-on. */
export function featureRequirement({ plans }: Plans, features: readonly string[]): Requirement {
  if (features.length === 0) throw invalid('A gate asks for no feature.', 'Name a feature of the catalogue.')
  const having = ({ features: had = [] }: PlanForSale) => features.every((feature) => had.includes(feature))
  return { kind: 'feature', features, plans: idsOf(plans.filter(having)) }
}

/** Room for so many seats. */
export function seatsRequirement({ plans }: Plans, seats: number): Requirement {
  if (!Number.isSafeInteger(seats) || seats < 0)
    throw invalid(`A gate asks for ${seats} seats.`, 'Give the whole number of seats that are to be in use.')
  const having = ({ seats: had }: PlanForSale) => typeof had !== 'number' || had >= seats
  return { kind: 'seats', seats, plans: idsOf(plans.filter(having)) }
}

/** Where the plan says nothing of seats they play no part. */
export function isMet(requirement: Requirement, { plan, entitlements, seats }: AccessAnswer): boolean {
  switch (requirement.kind) {
    case 'plan':
      return requirement.plans.includes(plan)
    case 'feature':
      return (
        entitlements === 'every' || requirement.features.every((feature) => entitlements.includes(feature))
      )
    case 'seats':
      return seats === null || seats === 'unlimited' || seats >= requirement.seats
  }
}

function idsOf(plans: readonly PlanForSale[]): readonly string[] {
  return plans.map(({ id }) => id)
}

function invalid(message: string, fix: string): BillingError {
  return new BillingError({ code: 'options-invalid', message, fix })
}
