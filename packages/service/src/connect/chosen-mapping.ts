import type { ClerkMapping, ClerkMappingField, SubjectType } from '@trueup/core'
import { clerkMappingFields, parseClerkMapping } from '@trueup/core'
import type { ClerkOrganizationsConfig, ClerkUsersConfig } from '../config/define-config.ts'
import { UsageError } from '../usage-error.ts'
import type { LookedAt, SampledFields } from './look-at-accounts.ts'

/** Paths for one type of subject, as they were proposed, given by flags, or chosen by a person. */
export type ChosenPaths = Readonly<Partial<Record<ClerkMappingField, string>>>

/** Where the app keeps what it grants, complete for each type that it has. */
export interface ChosenMapping {
  readonly users: ClerkUsersConfig | null
  readonly organizations: ClerkOrganizationsConfig | null
}

/** The paths that were proposed, with those that were given in their place. */
export function proposedPaths(sampled: SampledFields, given: ChosenPaths): ChosenPaths {
  const pathOf = (field: ClerkMappingField) =>
    given[field] ?? sampled.proposals.find((proposal) => proposal.field === field)?.path
  return Object.fromEntries(
    clerkMappingFields.flatMap((field) => {
      const path = pathOf(field)
      return path === undefined ? [] : [[field, path]]
    }),
  )
}

/**
 * The mapping that these paths come to. A type of subject is left out where its paths are not enough to match it and
 * to say who has paid access.
 *
 * @throws UsageError `fields-not-found` when neither type is left; `option-invalid` for a path that cannot be used.
 */
export function chooseMapping(
  looked: LookedAt,
  users: ChosenPaths,
  organizations: ChosenPaths,
): ChosenMapping {
  const mapping = {
    users: complete(users, looked.billing),
    organizations: complete(organizations, looked.billing),
  }
  if (!mapping.users && !mapping.organizations) throw notFound(looked)
  return mapping
}

/** The mapping as the sources take it. */
export function parseChosen({
  users,
  organizations,
}: ChosenMapping): Partial<Record<SubjectType, ClerkMapping>> {
  const parsed: Partial<Record<SubjectType, ClerkMapping>> = {}
  for (const [type, paths] of [['user', users] as const, ['organization', organizations] as const]) {
    if (!paths) continue
    const { mapping, refusals } = parseClerkMapping(type, { ...paths }, { customerId: false })
    const [refusal] = refusals
    if (refusal) {
      throw new UsageError({
        code: 'option-invalid',
        message: `${refusal.field} of ${type}s: found ${refusal.found}, needed ${refusal.needed}.`,
        fix: refusal.fix,
      })
    }
    if (mapping) parsed[type] = mapping
  }
  return parsed
}

/** Customers of Clerk Billing are the subjects themselves, so nothing need say which is theirs. */
function complete(paths: ChosenPaths, billing: LookedAt['billing']): ChosenPaths | null {
  const { customerId, plan, premium } = paths
  const hasCustomer = billing === 'clerk-billing' || customerId !== undefined
  return hasCustomer && (plan || premium) ? paths : null
}

function notFound({ users, organizations }: LookedAt): UsageError {
  const flags = '--customer-id public_metadata.stripe_customer_id --plan public_metadata.plan'
  if (users.fields.length === 0 && organizations.fields.length === 0) {
    return new UsageError({
      code: 'fields-not-found',
      message: 'No metadata keys were found on your Clerk users.',
      fix: `Check that the key is of the instance where your app writes what it grants, or name the fields: ${flags}.`,
    })
  }
  return new UsageError({
    code: 'fields-not-found',
    message:
      'No metadata field was found that holds a Stripe customer id together with one that says who has paid.',
    fix: `Name them: ${flags} (or --organization-customer-id and --organization-plan).`,
  })
}
