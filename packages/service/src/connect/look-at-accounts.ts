import type {
  AccessSource,
  BillingSource,
  ClerkFieldSample,
  MappingProposal,
  PostgresMappingShape,
  Price,
} from '@trueup/core'
import { proposeMapping } from '@trueup/core'
import type { PostgresConnection } from '../adapters/postgres/connection/index.ts'
import type { PostgresOrganizationsConfig, PostgresUsersConfig } from '../config/define-config.ts'
import type { BillingSourceConfig } from '../config/project-config.ts'
import { lookAtDatabase } from './postgres.ts'

/** How many of the most recent subjects are looked at. */
const sampleCount = 200

/** The metadata fields of one type of subject, and which of them fit the mapping. */
export interface SampledFields {
  /** How many subjects with any metadata were sampled. */
  readonly sampled: number
  readonly fields: readonly ClerkFieldSample[]
  readonly proposals: readonly MappingProposal[]
}

/** The likeliest tables of the app's own database, as the configuration takes them. */
export interface ProposedTables {
  readonly users: PostgresUsersConfig | null
  readonly organizations: PostgresOrganizationsConfig | null
  /** What is to be done before they can be read. */
  readonly notes: readonly string[]
}

/** What both sides show before there is a configuration. */
export interface LookedAt {
  /** Where the plans are sold. */
  readonly billing: BillingSourceConfig['kind']
  readonly prices: readonly Price[]
  /** Whether Clerk was looked at; where it was not, there are no fields. */
  readonly hasClerk: boolean
  /** `null`: no database was named. */
  readonly tables: ProposedTables | null
  readonly users: SampledFields
  readonly organizations: SampledFields
}

/** Samples Clerk's metadata, where the app has Clerk, and reads the prices of its billing. */
export async function lookAtAccounts(
  billing: BillingSource,
  clerk: AccessSource | null,
  tables: ProposedTables | null = null,
): Promise<LookedAt> {
  const [prices, users, organizations] = await Promise.all([
    readPrices(billing),
    clerk ? sampleFields(clerk, 'user') : noFields,
    clerk ? sampleFields(clerk, 'organization') : noFields,
  ])
  const kind = billing.name === 'clerk-billing' ? 'clerk-billing' : 'stripe'
  return { billing: kind, prices, hasClerk: clerk !== null, tables, users, organizations }
}

const noFields: SampledFields = { sampled: 0, fields: [], proposals: [] }

/**
 * Looks for the tables of users and organizations in the app's own database.
 *
 * @throws SourceError when the database cannot be reached or read
 */
export async function lookAtTables(connection: PostgresConnection): Promise<ProposedTables> {
  const { shapes, role, hindrances } = await lookAtDatabase(connection, { schema: null, table: null })
  const isFound = shapes.user !== undefined || shapes.organization !== undefined
  return {
    users: shapes.user ? given(shapes.user) : null,
    organizations: shapes.organization ? given(shapes.organization) : null,
    notes: [
      ...(isFound ? [] : ['No table of users or organizations was found in the database.']),
      ...(role.canWrite
        ? [
            'The role can write, and is refused: `trueup connect postgres` prints the SQL for one that only reads.',
          ]
        : []),
      ...hindrances.map(({ message, fix }) => `${message} ${fix}`),
    ],
  }
}

/** A mapping as people write it: what is not mapped is not there. */
function given(shape: PostgresMappingShape): PostgresOrganizationsConfig {
  const entries = Object.entries(shape).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as unknown as PostgresOrganizationsConfig
}

/** The metadata fields of the most recent subjects of a type, and which of them fit the mapping. */
export async function sampleFields(
  access: AccessSource,
  type: 'user' | 'organization',
): Promise<SampledFields> {
  const fields = await access.sample(type, sampleCount)
  return { sampled: fields[0]?.sampled ?? 0, fields, proposals: proposeMapping(fields) }
}

/** Every price that billing lists. */
export async function readPrices(billing: BillingSource): Promise<readonly Price[]> {
  const prices: Price[] = []
  for await (const page of billing.read('prices', [])) prices.push(...page.rows)
  return prices
}
