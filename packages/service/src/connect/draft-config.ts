import type { ClerkFieldSample } from '@trueup/core'
import type { CatalogueConfig, ClerkOrganizationsConfig, TrueupConfig } from '../config/define-config.ts'
import type { ChosenMapping } from './chosen-mapping.ts'
import type { Learned } from './learn-catalogue.ts'
import type { LookedAt, ProposedTables } from './look-at-accounts.ts'
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
  const isStripe = looked.billing === 'stripe'
  const fieldsOf = <Fields extends { readonly customerId?: string; readonly entitlements?: unknown }>(
    fields: Fields,
  ) => withKnownFeatures(isStripe ? fields : withoutCustomerId(fields), catalogue)
  const users = mapping.users && fieldsOf(mapping.users)
  const organizations = mapping.organizations && withSeats(fieldsOf(mapping.organizations), learned)
  const isWithoutFeatures =
    (mapping.users ?? mapping.organizations)?.entitlements !== (users ?? organizations)?.entitlements
  return {
    config: {
      billing: isStripe ? { stripe: {} } : { clerkBilling: {} },
      access: [
        ...tablesEntry(looked.tables, fieldsOf),
        ...(users || organizations
          ? [{ clerk: { ...(users ? { users } : {}), ...(organizations ? { organizations } : {}) } }]
          : []),
      ],
      catalogue,
      match: isStripe
        ? ['customer.id', 'customer.metadata.user_id', 'customer.metadata.organization_id']
        : ['customer.id -> id'],
      policy: {
        pastDue: { mode: 'tolerate', days: 14 },
        pausedCollection: 'keep',
        refunded: 'review',
        settleMinutes: 10,
      },
    },
    notes: [
      ...notes,
      ...(isWithoutFeatures
        ? ['Features are left out: map them once the plans name theirs, or each would count as unpaid.']
        : []),
      ...(looked.tables?.notes ?? []),
      ...(!isStripe && looked.tables
        ? [
            "Customers of Clerk Billing are Clerk's users and organizations: map `subject` to the column that holds the user's id in Clerk where it is not the key.",
          ]
        : []),
      ...(looked.tables && (users || organizations)
        ? [
            'Two sources hold one subject when its id is the same: map `subject` where the ids of your rows are others.',
          ]
        : []),
    ],
  }
}

/** The database stands before its mirror in Clerk: where the two differ, the first is what the app means. */
function tablesEntry(
  tables: ProposedTables | null,
  fieldsOf: <Fields extends { readonly customerId?: string; readonly entitlements?: unknown }>(
    fields: Fields,
  ) => Fields,
): TrueupConfig['access'] {
  if (!tables?.users && !tables?.organizations) return []
  const users = tables.users && fieldsOf(tables.users)
  const organizations = tables.organizations && fieldsOf(tables.organizations)
  if (users && !organizations) return [{ postgres: users }]
  return [{ postgres: { ...(users ? { users } : {}), ...(organizations ? { organizations } : {}) } }]
}

/** Ids of Stripe that an app still keeps are of no customer of Clerk Billing. */
function withoutCustomerId<Fields extends { readonly customerId?: string }>(fields: Fields): Fields {
  const { customerId: _, ...others } = fields
  return others as unknown as Fields
}

/** Features are mapped only where the catalogue says who has paid for them. */
function withKnownFeatures<Fields extends { readonly entitlements?: unknown }>(
  fields: Fields,
  catalogue: CatalogueConfig,
): Fields {
  const isKnown = [...catalogue.plans, ...(catalogue.addOns ?? [])].some(
    ({ entitlements = [] }) => entitlements.length > 0,
  )
  if (isKnown) return fields
  const { entitlements: _, ...others } = fields
  return others as unknown as Fields
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
