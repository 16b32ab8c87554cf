import type { AccessSource, BillingSource, ClerkFieldSample, MappingProposal, Price } from '@trueup/core'
import { proposeMapping } from '@trueup/core'

/** How many of the most recent subjects are looked at. */
const sampleCount = 200

/** The metadata fields of one type of subject, and which of them fit the mapping. */
export interface SampledFields {
  /** How many subjects with any metadata were sampled. */
  readonly sampled: number
  readonly fields: readonly ClerkFieldSample[]
  readonly proposals: readonly MappingProposal[]
}

/** What both accounts show before there is a configuration. */
export interface LookedAt {
  readonly prices: readonly Price[]
  readonly users: SampledFields
  readonly organizations: SampledFields
}

/** Samples Clerk's metadata and reads Stripe's prices. */
export async function lookAtAccounts(billing: BillingSource, access: AccessSource): Promise<LookedAt> {
  const [prices, users, organizations] = await Promise.all([
    readPrices(billing),
    sampleFields(access, 'user'),
    sampleFields(access, 'organization'),
  ])
  return { prices, users, organizations }
}

async function sampleFields(access: AccessSource, type: 'user' | 'organization'): Promise<SampledFields> {
  const fields = await access.sample(type, sampleCount)
  return { sampled: fields[0]?.sampled ?? 0, fields, proposals: proposeMapping(fields) }
}

async function readPrices(billing: BillingSource): Promise<readonly Price[]> {
  const prices: Price[] = []
  for await (const page of billing.read('prices', [])) prices.push(...page.rows)
  return prices
}
