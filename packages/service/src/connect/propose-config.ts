import type {
  AccessSource,
  BillingSource,
  ClerkFieldSample,
  MappingProposal,
  Price,
  ProposedField,
} from '@trueup/core'
import { proposeMapping } from '@trueup/core'
import type {
  CatalogueConfig,
  ClerkOrganizationsConfig,
  ClerkUsersConfig,
  TrueupConfig,
} from '../config/define-config.ts'
import { UsageError } from '../usage-error.ts'
import { proposeCatalogue } from './propose-catalogue.ts'

/** How many of the most recent subjects are looked at. */
const sampleCount = 200

/** What both accounts suggest, for a person to confirm or correct. */
export interface Proposal {
  readonly users: readonly MappingProposal[]
  readonly organizations: readonly MappingProposal[]
  readonly sampledUsers: number
  readonly sampledOrganizations: number
  readonly catalogue: CatalogueConfig
  readonly priceCount: number
  readonly notes: readonly string[]
}

/** Samples Clerk's metadata and reads Stripe's prices, and proposes a mapping and a catalogue from them. */
export async function propose(billing: BillingSource, access: AccessSource): Promise<Proposal> {
  const [prices, userFields, organizationFields] = await Promise.all([
    readPrices(billing),
    access.sample('user', sampleCount),
    access.sample('organization', sampleCount),
  ])
  const users = proposeMapping(userFields)
  const organizations = proposeMapping(organizationFields)
  const values = [...planValues(userFields, users), ...planValues(organizationFields, organizations)]
  const { catalogue, notes } = proposeCatalogue(prices, [...new Set(values)])
  return {
    users,
    organizations,
    sampledUsers: userFields[0]?.sampled ?? 0,
    sampledOrganizations: organizationFields[0]?.sampled ?? 0,
    catalogue,
    priceCount: prices.length,
    notes,
  }
}

/**
 * The configuration that the proposal comes to, with these fields for users.
 *
 * @throws UsageError when a field that every configuration needs was neither found nor named.
 */
export function configFrom(
  proposal: Proposal,
  users: Readonly<Partial<Record<ProposedField, string>>>,
): TrueupConfig {
  const organizations = byField(proposal.organizations)
  const userMapping = usersConfig(users)
  const organizationMapping: ClerkOrganizationsConfig | null = usersConfig(organizations)
  if (!userMapping && !organizationMapping) {
    throw new UsageError({
      code: 'option-invalid',
      message: 'No metadata field was found that holds a Stripe customer id and none that says who has paid.',
      fix: 'Name them: --customer-id public_metadata.stripe_customer_id --plan public_metadata.plan.',
    })
  }
  return {
    billing: { stripe: {} },
    access: [
      {
        clerk: {
          ...(userMapping ? { users: userMapping } : {}),
          ...(organizationMapping ? { organizations: organizationMapping } : {}),
        },
      },
    ],
    catalogue: proposal.catalogue,
    match: ['customer.id', 'customer.metadata.user_id', 'customer.metadata.organization_id'],
    policy: {
      pastDue: { mode: 'tolerate', days: 14 },
      pausedCollection: 'keep',
      refunded: 'review',
      settleMinutes: 10,
    },
  }
}

function usersConfig(fields: Readonly<Partial<Record<ProposedField, string>>>): ClerkUsersConfig | null {
  const { customerId, plan, premium, trialEndsAt, entitlements } = fields
  if (!customerId || (!plan && !premium)) return null
  return {
    customerId,
    ...(plan ? { plan } : {}),
    ...(premium ? { premium } : {}),
    ...(trialEndsAt ? { trialEndsAt } : {}),
    ...(entitlements ? { entitlements } : {}),
  }
}

function byField(proposals: readonly MappingProposal[]): Partial<Record<ProposedField, string>> {
  return Object.fromEntries(proposals.map(({ field, path }) => [field, path]))
}

/** The values that the app writes as plans, without the quotes of JSON. */
function planValues(
  samples: readonly ClerkFieldSample[],
  proposals: readonly MappingProposal[],
): readonly string[] {
  const path = proposals.find(({ field }) => field === 'plan')?.path
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

async function readPrices(billing: BillingSource): Promise<readonly Price[]> {
  const prices: Price[] = []
  for await (const page of billing.read('prices', [])) prices.push(...page.rows)
  return prices
}
