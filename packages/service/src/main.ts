import type { AccessSource, BillingSource } from '@trueup/core'
import { sellsForGood } from '@trueup/core'
import { createClerkSource } from './adapters/clerk/source.ts'
import { createStripeSource } from './adapters/stripe/source.ts'
import { systemClock, systemHttp, systemRng, systemTimer } from './adapters/system.ts'
import type { CheckDependencies } from './check/check-dependencies.ts'
import type { ProjectConfig } from './config/project-config.ts'
import type { Environment } from './environment.ts'
import { incidentId } from './incident-id.ts'
import { missingKey, missingKeys } from './missing-keys.ts'
import { openStore } from './store/index.ts'

/** The project of a folder that is checked from the command line. */
const localProjectId = 'local'

export interface OpenedProject extends CheckDependencies {
  close(): Promise<void>
}

export interface ProjectOptions {
  /** Take a full Stripe secret key where a restricted one would do. */
  readonly allowSecretKey: boolean
  /** Keep nothing when the project is closed. */
  readonly inMemory?: boolean
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
  const { billing, access } = openSources(environment, config, options)
  const store = await openStore({
    databaseUrl: options.inMemory ? null : environment.databaseUrl,
    home: options.inMemory ? null : environment.home,
    clock: systemClock,
  })
  const project = await store.project(localProjectId)
  return {
    project,
    billing,
    access: [access],
    config,
    clock: systemClock,
    incidentId: (identityKey) => incidentId(localProjectId, identityKey),
    close: () => store.close(),
  }
}

/** What of a configuration decides how sources are read. */
export type SourcesConfig = Pick<ProjectConfig, 'catalogue' | 'clerk' | 'billing'>

/** Before there is a configuration: enough to test keys, list prices and sample metadata. */
export const unconfigured: SourcesConfig = {
  catalogue: {
    plans: [
      { id: 'free', prices: [], products: [], lifetime: [], values: [], entitlements: [], seats: null },
    ],
    addOns: [],
    seatPacks: [],
  },
  clerk: {},
  billing: { entitlements: false },
}

/** Both sources, for commands that need no store. What is missing in the environment is said together. */
export function openSources(environment: Environment, config: SourcesConfig, options: ProjectOptions) {
  missingKeys(environment)
  return {
    billing: openBilling(environment, config, options),
    access: openAccess(environment, config),
  }
}

const ports = { clock: systemClock, timer: systemTimer, rng: systemRng, http: systemHttp }

/** @throws UsageError without a key; SourceError when it cannot be one. */
export function openBilling(
  environment: Environment,
  config: SourcesConfig,
  { allowSecretKey }: ProjectOptions,
): BillingSource {
  return createStripeSource({
    ...ports,
    key: missingKey(environment, 'stripeApiKey'),
    baseUrl: environment.stripeApiBase,
    allowSecretKey,
    entitlements: config.billing.entitlements,
    sellsForGood: sellsForGood(config.catalogue),
  })
}

/** @throws UsageError without a key; SourceError when it cannot be one. */
export function openAccess(environment: Environment, config: SourcesConfig): AccessSource {
  return createClerkSource({
    ...ports,
    key: missingKey(environment, 'clerkSecretKey'),
    apiUrl: environment.clerkApiUrl,
    mappings: config.clerk,
    catalogue: config.catalogue,
  })
}
