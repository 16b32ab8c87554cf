import type { Price, TableName } from '@trueup/core'
import { plainRoleSql } from '../adapters/postgres/repair/plain-role-sql.ts'
import {
  repairFunctionSql,
  repairFunctionUninstallSql,
} from '../adapters/postgres/repair/repair-function-sql.ts'
import { defaultRepairRole } from '../adapters/postgres/repair/repair-policy.ts'
import { repairTablesOf } from '../adapters/postgres/repair/repair-tables.ts'
import { newPassword, scramVerifier } from '../adapters/postgres/role/new-password.ts'
import { roleConnectionString } from '../adapters/postgres/role/role-connection-string.ts'
import type { TrueupConfig } from '../config/define-config.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { AccessSourceConfig, ProjectConfig } from '../config/project-config.ts'
import type { ChosenMapping } from '../connect/chosen-mapping.ts'
import { chooseMapping, parseChosen, proposedPaths } from '../connect/chosen-mapping.ts'
import type { DatabaseReport } from '../connect/database-report.ts'
import { reportDatabase } from '../connect/database-report.ts'
import { clerkSeats, draftConfig } from '../connect/draft-config.ts'
import { findBilling } from '../connect/find-billing.ts'
import type { Learned } from '../connect/learn-catalogue.ts'
import { learnCatalogue, nothingLearned } from '../connect/learn-catalogue.ts'
import type { LookedAt, SampledFields } from '../connect/look-at-accounts.ts'
import { lookAtAccounts, lookAtTables, readPrices, sampleFields } from '../connect/look-at-accounts.ts'
import type { CountedUsage, PriceMapping, PriceUsage } from '../connect/price-usage.ts'
import { countUsage, mappingOf } from '../connect/price-usage.ts'
import { readPayingAccounts } from '../connect/read-paying-accounts.ts'
import type { Environment } from '../environment.ts'
import { openBilling, openClerk, unconfigured } from '../main.ts'
import { openAppDatabase } from '../open-app-database.ts'
import { UsageError } from '../usage-error.ts'
import { requireConfigVersion } from './config-versions.ts'
import { knownOf, requireSource } from './connect-source.ts'
import { connectedEnvironment } from './connected-environment.ts'
import { connectionStringOf } from './project-environment.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectService, ProjectTenant } from './project-service.ts'
import type { ConnectedSource } from './source.ts'
import { allowsSecretKey } from './try-credential.ts'

/** What setting a project up is remembered as having taken credentials out for. */
const usedFor = 'setting up'

/** A price with what the configuration in force says that it buys, and who pays it. */
export interface MappedPrice {
  readonly price: Price
  /** `null`: it is in no plan, add-on or seat pack. */
  readonly mapping: PriceMapping | null
  /** `null`: it was not counted. */
  readonly usage: PriceUsage | null
}

/**
 * Every price of the connected Stripe account, or of the plans of Clerk Billing, those that are on sale first, for mapping them to plans.
 *
 * @throws ProjectError `source-unknown` without Stripe; SourceError
 */
export async function listMappedPrices(
  service: ProjectService,
  tenant: ProjectTenant,
  { countsUsage }: { readonly countsUsage: boolean },
): Promise<{ readonly prices: readonly MappedPrice[]; readonly usage: CountedUsage | null }> {
  const { config } = await knownOf(service, tenant)
  const { billing } = await openBillingOf(service, tenant, config)
  const [prices, usage] = await Promise.all([
    readPrices(billing),
    countsUsage ? countUsage(billing) : Promise.resolve(null),
  ])
  const mapped = prices
    .toSorted((a, b) => Number(b.active) - Number(a.active))
    .map((price) => ({
      price,
      mapping: config && mappingOf(price, config.catalogue),
      usage: usage && (usage.byPrice.get(price.id) ?? { subscriptions: 0, customers: 0 }),
    }))
  return { prices: mapped, usage }
}

/**
 * The metadata fields of the most recent users and organizations of the connected Clerk instance: how many of the
 * sample have each, what stands there, and which of them fit the mapping.
 *
 * @throws ProjectError `source-unknown` without Clerk; SourceError
 */
export async function sampleClerk(
  service: ProjectService,
  tenant: ProjectTenant,
): Promise<{ readonly users: SampledFields; readonly organizations: SampledFields }> {
  await requireSource(service, tenant, 'clerk')
  const { environment } = await connectedEnvironment(service, tenant, [], usedFor)
  const clerk = openClerk(environment, {}, unconfigured.catalogue)
  const [users, organizations] = await Promise.all([
    sampleFields(clerk, 'user'),
    sampleFields(clerk, 'organization'),
  ])
  return { users, organizations }
}

/**
 * What the connected role can do in a database, how its tables may be mapped, and the SQL for a role that can only
 * read. That SQL comes with a password which is made for it and kept nowhere.
 *
 * @param table propose this table only
 * @throws ProjectError `source-unknown`; SourceError
 */
export async function lookIntoDatabase(
  service: ProjectService,
  tenant: ProjectTenant,
  name: string,
  { table = null }: { readonly table?: TableName | null } = {},
): Promise<DatabaseReport> {
  const source = await requireDatabase(service, tenant, name)
  const { connection, target, close } = await openDatabaseOf(service, tenant, source)
  try {
    const sought = { schema: null, table }
    const { allowWriteRole } = source.settings
    return await reportDatabase(connection, {
      target,
      urlVariable: connectionStringOf(name),
      sought,
      allowWriteRole,
    })
  } finally {
    await close()
  }
}

/** A configuration to read through and correct. */
export interface ProposedConfig {
  readonly document: TrueupConfig
  /** What it leaves open. */
  readonly notes: readonly string[]
  /** How many paying accounts it was learned from. */
  readonly learnedFrom: number
}

/**
 * Proposes a whole configuration from everything that the project is connected to: most of any app is right, so what
 * most of those who pay for a product have is what the product buys. Nothing of it holds before a person takes it.
 *
 * @throws ProjectError `source-unknown` without Stripe, `nothing-to-propose`; SourceError
 */
export async function proposeConfig(service: ProjectService, tenant: ProjectTenant): Promise<ProposedConfig> {
  const { config: held } = await knownOf(service, tenant)
  const { billing, environment, sources } = await openBillingOf(service, tenant, held)
  const hasClerk = sources.some(({ kind }) => kind === 'clerk')
  const clerk = hasClerk ? openClerk(environment, {}, unconfigured.catalogue) : null
  const database = sources.find(({ kind }) => kind === 'postgres') ?? null
  const tables = database && (await lookAtTablesOf(service, tenant, database))
  const looked = await lookAtAccounts(billing, clerk, tables)
  const mapping = chooseFrom(looked)
  const learned = await learn(billing, environment, mapping)
  const { config, notes } = draftConfig(looked, mapping, learned)
  const document =
    database && database.name !== 'postgres' ? withDatabaseNamed(config, database.name) : config
  parseConfig(document)
  return { document, notes, learnedFrom: learned.accounts }
}

/**
 * The billing that a project sells through: the one that its configuration names, or else Stripe where that is connected,
 * and Clerk Billing where plans are sold there.
 */
async function openBillingOf(service: ProjectService, tenant: ProjectTenant, config: ProjectConfig | null) {
  const { environment, sources } = await connectedEnvironment(service, tenant, [], usedFor)
  const sold = config ? { ...unconfigured, billing: config.billing } : await findBilling(environment)
  await requireSource(service, tenant, sold.billing.kind === 'stripe' ? 'stripe' : 'clerk')
  const billing = openBilling(environment, sold, { allowSecretKey: allowsSecretKey(service.operator) })
  return { billing, environment, sources }
}

async function requireDatabase(
  service: ProjectService,
  tenant: ProjectTenant,
  name: string,
): Promise<ConnectedSource> {
  const source = await requireSource(service, tenant, name)
  if (source.kind === 'postgres') return source
  throw new ProjectError({
    code: 'source-unknown',
    message: `${JSON.stringify(name)} is no database.`,
    fix: 'Name a database that the project is connected to.',
  })
}

/** A database before anything of it is mapped. */
async function openDatabaseOf(service: ProjectService, tenant: ProjectTenant, { name }: ConnectedSource) {
  const unmapped: AccessSourceConfig = {
    kind: 'postgres',
    name,
    urlVariable: connectionStringOf(name),
    ca: null,
    allowWriteRole: false,
    mappings: {},
  }
  const { environment, access } = await connectedEnvironment(service, tenant, [unmapped], usedFor)
  const [source = unmapped] = access
  const url = environment.secretNamed(unmapped.urlVariable)
  if (!url) throw new Error(`The database ${name} has no credential.`)
  const ca = source.kind === 'postgres' ? source.ca : null
  const opened = openAppDatabase(environment, { name, urlVariable: unmapped.urlVariable, url, ca })
  return { ...opened, close: () => opened.connection.close() }
}

async function lookAtTablesOf(service: ProjectService, tenant: ProjectTenant, source: ConnectedSource) {
  const { connection, close } = await openDatabaseOf(service, tenant, source)
  try {
    return await lookAtTables(connection)
  } finally {
    await close()
  }
}

/** The fields of Clerk that fit; none where the tables alone say what is granted. */
function chooseFrom(looked: LookedAt): ChosenMapping {
  try {
    return chooseMapping(looked, proposedPaths(looked.users, {}), proposedPaths(looked.organizations, {}))
  } catch (error) {
    if (!(error instanceof UsageError) || error.code !== 'fields-not-found') throw error
    if (looked.tables?.users || looked.tables?.organizations) return { users: null, organizations: null }
    throw new ProjectError({
      code: 'nothing-to-propose',
      message: looked.hasClerk
        ? error.message
        : 'No table of users or organizations was found in the database, and Clerk is not connected.',
      fix: 'Map the fields by hand, or connect the place where your app keeps what it grants.',
      cause: error,
    })
  }
}

async function learn(
  billing: ReturnType<typeof openBilling>,
  environment: Environment,
  { users, organizations }: ChosenMapping,
): Promise<Learned> {
  if (!users && !organizations) return nothingLearned
  const clerk = parseChosen({
    users,
    organizations: organizations && { seats: clerkSeats, ...organizations },
  })
  const access = openClerk(environment, clerk, unconfigured.catalogue)
  const { paying, free } = await readPayingAccounts(billing, access, clerk)
  return learnCatalogue(paying, free)
}

function withDatabaseNamed(config: TrueupConfig, name: string): TrueupConfig {
  return {
    ...config,
    access: config.access.map((source) =>
      'postgres' in source ? { postgres: { ...source.postgres, name } } : source,
    ),
  }
}

/** What the owner of a database runs to let single rows of it be repaired. */
export interface RepairSql {
  readonly sql: string
  /** The SQL that takes it all away again. */
  readonly uninstall: string
  /** What to connect repairs with once it was run; its password was made for it and is kept nowhere. */
  readonly connectionString: string
}

/**
 * The SQL that sets up repairs in a database, by the mapping as it holds: functions with limits of their own, or a plain
 * role that may update the mapped columns. Nothing is sent to the database.
 *
 * @throws ProjectError `source-unknown`, `config-missing`, `nothing-to-propose` where nothing of it is mapped
 */
export async function repairSqlOf(
  service: ProjectService,
  tenant: ProjectTenant,
  name: string,
  { plain = false }: { readonly plain?: boolean } = {},
): Promise<RepairSql> {
  const source = await requireDatabase(service, tenant, name)
  const { access, catalogue } = parseConfig((await requireConfigVersion(service, tenant)).document)
  const mapped = access.find((candidate) => candidate.name === name)
  const mappings = mapped?.kind === 'postgres' ? Object.values(mapped.mappings) : []
  const tables = repairTablesOf(mappings, catalogue)
  if (tables.length === 0) {
    throw new ProjectError({
      code: 'nothing-to-propose',
      message: `The configuration maps nothing of ${name} that repairs could write.`,
      fix: 'Map its tables first.',
    })
  }
  const password = newPassword()
  const policy = { tables, role: defaultRepairRole, verifier: scramVerifier(password) }
  const { target, close } = await openDatabaseOf(service, tenant, source)
  await close()
  return {
    sql: plain ? plainRoleSql(policy) : repairFunctionSql(policy),
    uninstall: repairFunctionUninstallSql({ role: defaultRepairRole }),
    connectionString: roleConnectionString(target, defaultRepairRole, password),
  }
}
