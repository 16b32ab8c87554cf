import type {
  AccessPart,
  AccessSource,
  BillingSource,
  Catalogue,
  ClerkMapping,
  ProjectStore,
  SubjectType,
} from '@trueup/core'
import { sellsForGood } from '@trueup/core'
import { createClerkSource } from './adapters/clerk/source.ts'
import { createClerkBillingSource } from './adapters/clerk-billing/source.ts'
import type { RequestBudget } from './adapters/pace/request-budget.ts'
import { sharedBudget } from './adapters/pace/request-budget.ts'
import { createPushedSource } from './adapters/pushed/source.ts'
import { createStripeSource } from './adapters/stripe/source.ts'
import { systemClock, systemHttp, systemRng, systemTimer } from './adapters/system.ts'
import type { CheckDependencies } from './check/check-dependencies.ts'
import type { AccessSourceConfig, ProjectConfig } from './config/project-config.ts'
import type { Environment } from './environment.ts'
import { incidentId } from './incident-id.ts'
import type { LedgerKeeper } from './ledger/ledger-keeper.ts'
import { assertKeys, requireKey } from './missing-keys.ts'
import { openPostgresSource } from './open-postgres-source.ts'
import type { OpenedRecords } from './open-records.ts'
import { openRecords } from './open-records.ts'

export interface OpenedProject extends CheckDependencies {
  /** To be sealed when a command has done its work. What a command that failed left staged, the next one enters. */
  readonly ledger: LedgerKeeper
  close(): Promise<void>
}

export interface ProjectOptions {
  /** Take a full Stripe secret key where a restricted one would do. */
  readonly allowSecretKey: boolean
  /** Keep nothing when the project is closed. */
  readonly inMemory?: boolean
  /** Read tables that are no longer what they were at the last check. */
  readonly acceptChanges?: boolean
}

/**
 * Puts a project together: its sources with the keys of the environment, and its store. This is the one place that
 * knows which adapter stands behind each port.
 *
 * @throws UsageError when a key is missing; SourceError when one is no good; StoreError when the database is not.
 */
export async function openProject(
  environment: Environment,
  config: ProjectConfig,
  options: ProjectOptions,
): Promise<OpenedProject> {
  assertKeys(environment, config)
  return await assembleProject(environment, config, options, await openRecords(environment, options))
}

/**
 * Opens a project's sources on top of its records, which are closed with it, also when this fails.
 *
 * @throws UsageError when a key is missing; SourceError when one is no good; StoreError.
 */
export async function assembleProject(
  environment: Environment,
  config: ProjectConfig,
  options: ProjectOptions,
  records: OpenedRecords,
): Promise<OpenedProject> {
  const { project, ledger } = records
  try {
    const shapes = options.acceptChanges ? {} : await project.lastShapes(config.fingerprint)
    const sources = await openSources(environment, config, { ...options, project, shapes })
    return {
      project,
      ledger,
      billing: sources.billing,
      access: sources.access,
      config,
      clock: systemClock,
      incidentId: (identityKey) => incidentId(project.projectId, identityKey),
      close: async () => {
        await sources.close()
        await records.close()
      },
    }
  } catch (error) {
    await records.close()
    throw error
  }
}

/** What of a configuration decides how sources are read. */
export type SourcesConfig = Pick<ProjectConfig, 'catalogue' | 'access' | 'billing'>

/** Before there is a configuration: enough to test keys, list prices and sample metadata. */
export const unconfigured: SourcesConfig = {
  catalogue: {
    plans: [
      { id: 'free', prices: [], products: [], lifetime: [], values: [], entitlements: [], seats: null },
    ],
    addOns: [],
    seatPacks: [],
  },
  access: [{ kind: 'clerk', name: 'clerk', mappings: {} }],
  billing: { kind: 'stripe', entitlements: false, requestsPerDay: null },
}

/** The same, where plans are sold through Clerk Billing. */
export const soldThroughClerk: SourcesConfig = {
  ...unconfigured,
  billing: { kind: 'clerk-billing', features: false },
}

/** What the project knows of its sources, for those that need it. */
export interface SourceRecords {
  /** Holds what was pushed; without it such a source cannot be read. */
  readonly project: ProjectStore
  /** What the tables of each part were at the last check, by `source/part`. */
  readonly shapes: Readonly<Record<string, string>>
}

/**
 * All sources. What is missing in the environment is said together.
 *
 * @throws UsageError when a key is missing; SourceError when one is no good.
 */
export async function openSources(
  environment: Environment,
  config: SourcesConfig,
  options: ProjectOptions & SourceRecords,
): Promise<{
  readonly billing: BillingSource
  readonly access: readonly AccessSource[]
  close(): Promise<void>
}> {
  assertKeys(environment, config)
  const billing = openBilling(environment, config, options)
  const access: OpenedAccess[] = []
  const close = async () => {
    await Promise.all(access.map((opened) => opened.close()))
  }
  try {
    for (const source of config.access) {
      access.push(openAccess(environment, source, config.catalogue, options))
    }
  } catch (error) {
    await close()
    throw error
  }
  return { billing, access: access.map(({ source }) => source), close }
}

const ports = { clock: systemClock, timer: systemTimer, rng: systemRng }

/** How a source is opened. */
export interface OpeningOptions {
  /** What the project knows of its sources; without it nothing else is taken to read the same account. */
  readonly project?: ProjectStore
  /** How long one request waits for a better answer where a person waits for it. Default: as long as its tries take. */
  readonly patienceMs?: number | null
}

/** @throws UsageError without a key; SourceError when it cannot be one. */
export function openBilling(
  environment: Environment,
  config: SourcesConfig,
  { allowSecretKey, project, patienceMs = null }: Pick<ProjectOptions, 'allowSecretKey'> & OpeningOptions,
): BillingSource {
  if (config.billing.kind === 'clerk-billing') {
    return createClerkBillingSource({
      ...ports,
      http: systemHttp,
      key: requireKey(environment, 'clerkSecretKey'),
      // Both readings of Clerk draw from one budget: Clerk counts the requests of an instance together.
      budget: project ? budgetIn(project, 'clerk') : null,
      apiUrl: environment.clerkApiUrl,
      patienceMs,
      features: config.billing.features,
    })
  }
  return createStripeSource({
    ...ports,
    key: requireKey(environment, 'stripeApiKey'),
    budget: project ? budgetIn(project, 'stripe') : null,
    baseUrl: environment.stripeApiBase,
    patienceMs,
    allowSecretKey,
    entitlements: config.billing.entitlements,
    requestsPerDay: config.billing.requestsPerDay,
    sellsForGood: sellsForGood(config.catalogue),
  })
}

/** What this process and others send to a source together stays under its ceiling. */
function budgetIn(store: ProjectStore, source: string): (perSecond: number) => RequestBudget {
  return (perSecond) => sharedBudget({ store, source, timer: systemTimer, perSecond })
}

/** An access source, and the end of whatever connection it holds. */
export interface OpenedAccess {
  readonly source: AccessSource
  close(): Promise<void>
}

/**
 * One access source, alone or with what the project knows of it.
 *
 * @throws UsageError without a key; SourceError when it cannot be one.
 */
export function openAccess(
  environment: Environment,
  source: AccessSourceConfig,
  catalogue: Catalogue,
  { project, shapes }: SourceRecords,
): OpenedAccess {
  switch (source.kind) {
    case 'clerk':
      return {
        source: openClerk(environment, source.mappings, catalogue, { project }),
        close: async () => {},
      }
    case 'postgres':
      return openPostgresSource(environment, source, catalogue, shapesOf(source.name, shapes))
    case 'pushed': {
      const { name, mappings, staleAfterHours } = source
      const pushed = { name, mappings, staleAfterHours, catalogue, store: project, clock: systemClock }
      return { source: createPushedSource(pushed), close: async () => {} }
    }
  }
}

function shapesOf(
  source: string,
  shapes: Readonly<Record<string, string>>,
): Readonly<Partial<Record<AccessPart, string>>> {
  const { [`${source}/users`]: users, [`${source}/organizations`]: organizations } = shapes
  return { ...(users ? { users } : {}), ...(organizations ? { organizations } : {}) }
}

/** @throws UsageError without a key; SourceError when it cannot be one. */
export function openClerk(
  environment: Environment,
  mappings: Readonly<Partial<Record<SubjectType, ClerkMapping>>>,
  catalogue: Catalogue,
  { project, patienceMs = null }: OpeningOptions = {},
): AccessSource {
  return createClerkSource({
    ...ports,
    budget: project ? budgetIn(project, 'clerk') : null,
    key: requireKey(environment, 'clerkSecretKey'),
    apiUrl: environment.clerkApiUrl,
    patienceMs,
    mappings,
    catalogue,
  })
}
