import { sellsForGood } from '@trueup/core'
import { createClerkSource } from './adapters/clerk/source.ts'
import { createStripeSource } from './adapters/stripe/source.ts'
import { systemClock, systemHttp, systemRng, systemTimer } from './adapters/system.ts'
import type { CheckDependencies } from './check/check-dependencies.ts'
import type { ProjectConfig } from './config/project-config.ts'
import type { Environment } from './environment.ts'
import { incidentId } from './incident-id.ts'
import { missingKeys } from './missing-keys.ts'
import { openStore } from './store/index.ts'

/** The project of a folder that is checked from the command line. */
const localProjectId = 'local'

export interface OpenedProject extends CheckDependencies {
  close(): Promise<void>
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
  options: {
    readonly allowSecretKey: boolean /** Keep nothing when it is closed. */
    readonly inMemory?: boolean
  },
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

/** The two vendors before there is a configuration: enough to test keys, list prices and sample metadata. */
export function openVendors(environment: Environment, options: { readonly allowSecretKey: boolean }) {
  return openSources(environment, unconfigured, options)
}

const unconfigured: SourcesConfig = {
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

/** What of a configuration decides how sources are read. */
type SourcesConfig = Pick<ProjectConfig, 'catalogue' | 'clerk' | 'billing'>

/** The two sources alone, for commands that need no store. */
export function openSources(
  environment: Environment,
  config: SourcesConfig,
  options: { readonly allowSecretKey: boolean },
) {
  const { stripeApiKey, clerkSecretKey } = missingKeys(environment)
  const ports = { clock: systemClock, timer: systemTimer, rng: systemRng, http: systemHttp }
  return {
    billing: createStripeSource({
      ...ports,
      key: stripeApiKey,
      baseUrl: environment.stripeApiBase,
      allowSecretKey: options.allowSecretKey,
      entitlements: config.billing.entitlements,
      sellsForGood: sellsForGood(config.catalogue),
    }),
    access: createClerkSource({
      ...ports,
      key: clerkSecretKey,
      apiUrl: environment.clerkApiUrl,
      mappings: config.clerk,
      catalogue: config.catalogue,
    }),
  }
}
