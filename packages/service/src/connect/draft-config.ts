import type { ClerkFieldSample } from '@trueup/core'
import type {
  CatalogueConfig,
  ClerkOrganizationsConfig,
  ClerkUsersConfig,
  TrueupConfig,
} from '../config/define-config.ts'
import type { ChosenMapping } from './chosen-mapping.ts'
import type { Learned } from './learn-catalogue.ts'
import type { LookedAt } from './look-at-accounts.ts'
import { proposeCatalogue } from './propose-catalogue.ts'

/** A configuration for a person to read through, and what it leaves open. */
export interface DraftConfig {
  readonly config: TrueupConfig
  readonly notes: readonly string[]
}

/** Clerk's own limit of members, which apps set to the seats that were paid for. */
export const clerkSeats = 'max_allowed_memberships'

/** The configuration that both accounts suggest. */
export function draftConfig(looked: LookedAt, mapping: ChosenMapping, learned: Learned): DraftConfig {
  const values = [
    ...planValues(looked.users.fields, mapping.users?.plan),
    ...planValues(looked.organizations.fields, mapping.organizations?.plan),
  ]
  const { catalogue, notes } = proposeCatalogue(looked.prices, values, learned)
  const users = mapping.users && withKnownFeatures(mapping.users, catalogue)
  const organizations =
    mapping.organizations && withSeats(withKnownFeatures(mapping.organizations, catalogue), learned)
  const isWithoutFeatures =
    (mapping.users ?? mapping.organizations)?.entitlements !== (users ?? organizations)?.entitlements
  return {
    config: {
      billing: { stripe: {} },
      access: [{ clerk: { ...(users ? { users } : {}), ...(organizations ? { organizations } : {}) } }],
      catalogue,
      match: ['customer.id', 'customer.metadata.user_id', 'customer.metadata.organization_id'],
      policy: {
        pastDue: { mode: 'tolerate', days: 14 },
        pausedCollection: 'keep',
        refunded: 'review',
        settleMinutes: 10,
      },
    },
    notes: isWithoutFeatures
      ? [
          ...notes,
          'Features are left out: map them once the plans name theirs, or each would count as unpaid.',
        ]
      : notes,
  }
}

/** Features are mapped only where the catalogue says who has paid for them. */
function withKnownFeatures<Fields extends ClerkUsersConfig>(
  fields: Fields,
  catalogue: CatalogueConfig,
): Fields {
  const isKnown = [...catalogue.plans, ...(catalogue.addOns ?? [])].some(
    ({ entitlements = [] }) => entitlements.length > 0,
  )
  if (isKnown) return fields
  const { entitlements: _, ...others } = fields
  return others as Fields
}

function withSeats(fields: ClerkOrganizationsConfig, learned: Learned): ClerkOrganizationsConfig {
  return fields.seats || learned.seats.size === 0 ? fields : { ...fields, seats: clerkSeats }
}

/** The values that the app writes as plans, without the quotes of JSON. */
function planValues(samples: readonly ClerkFieldSample[], path: string | undefined): readonly string[] {
  const examples = samples.find((sample) => sample.path === path)?.examples ?? []
  return examples.flatMap((example) => {
    try {
      const value: unknown = JSON.parse(example)
      return typeof value === 'string' ? [value] : []
    } catch {
      return []
    }
  })
}
