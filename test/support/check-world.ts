import type { AccessSource, BillingSource, Catalogue, ProjectStore, Timer } from '@trueup/core'
import { sellsForGood } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { createClerkSource } from '../../packages/service/src/adapters/clerk/source.ts'
import { createClerkBillingSource } from '../../packages/service/src/adapters/clerk-billing/source.ts'
import {
  openPostgres,
  ownMachinePolicy,
  type PostgresConnection,
  parseConnectionString,
} from '../../packages/service/src/adapters/postgres/connection/index.ts'
import { createPostgresSource } from '../../packages/service/src/adapters/postgres/source.ts'
import { createStripeSource } from '../../packages/service/src/adapters/stripe/source.ts'
import { systemHttp, systemRng, systemTimer } from '../../packages/service/src/adapters/system.ts'
import type { CheckDependencies } from '../../packages/service/src/check/check-dependencies.ts'
import { parseConfig } from '../../packages/service/src/config/parse-config.ts'
import type { AccessSourceConfig, ProjectConfig } from '../../packages/service/src/config/project-config.ts'
import { incidentId } from '../../packages/service/src/incident-id.ts'
import { Secret } from '../../packages/service/src/secret.ts'
import type { ServedApp } from './app-database.ts'

/** Waits a twentieth of what it is asked for, so that back-off against a faulty sandbox takes no minutes. */
const hurriedTimer: Timer = { sleep: (ms, signal) => systemTimer.sleep(ms / 20, signal) }

export interface CheckOfWorld {
  readonly now: Date
  readonly settleMinutes?: number
  /** The app's own database, where the world has one. */
  readonly app?: AppConnection
}

/** A connection to an app's database, which belongs to the test that opened it. */
export interface AppConnection {
  readonly connection: PostgresConnection
  close(): Promise<void>
}

/** Connects to an app's database as Trueup does, with the role that may only read. */
export function connectToApp({ url }: Pick<ServedApp, 'url'>): AppConnection {
  const parsed = parseConnectionString(url, null)
  if (!parsed.ok) throw new Error(`The address of the app's database was refused: ${parsed.refusal.found}`)
  const connection = openPostgres(parsed.value, {
    source: 'postgres',
    timer: systemTimer,
    rng: systemRng,
    addresses: ownMachinePolicy,
  })
  return { connection, close: () => connection.close() }
}

/** Everything a check of a sandbox's world needs, at the world's own moment. */
export function checkOfWorld(
  sandbox: Sandbox,
  project: ProjectStore,
  options: CheckOfWorld,
): CheckDependencies {
  const parsed = parseConfig(sandbox.config)
  const config =
    options.settleMinutes === undefined
      ? parsed
      : { ...parsed, policy: { ...parsed.policy, settleMinutes: options.settleMinutes } }
  const ports = portsAt(options.now)
  return {
    project,
    config,
    clock: ports.clock,
    billing: billingOf(config, sandbox, ports),
    access: config.access.map((source) => accessOf(source, config.catalogue, sandbox, options)),
    incidentId: (identity) => incidentId(project.projectId, identity),
  }
}

function billingOf(
  { billing, catalogue }: Pick<ProjectConfig, 'billing' | 'catalogue'>,
  sandbox: Sandbox,
  ports: ReturnType<typeof portsAt>,
): BillingSource {
  if (billing.kind === 'clerk-billing') {
    return createClerkBillingSource({
      ...ports,
      key: new Secret(sandbox.clerk.secretKey),
      apiUrl: sandbox.clerk.url,
      features: billing.features,
    })
  }
  return createStripeSource({
    ...ports,
    key: new Secret(sandbox.stripe.restrictedKey),
    baseUrl: sandbox.stripe.url,
    allowSecretKey: false,
    entitlements: billing.entitlements,
    sellsForGood: sellsForGood(catalogue),
  })
}

function accessOf(
  source: AccessSourceConfig,
  catalogue: Catalogue,
  sandbox: Sandbox,
  { now, app }: CheckOfWorld,
): AccessSource {
  const { name } = source
  if (source.kind === 'clerk') {
    return createClerkSource({
      ...portsAt(now),
      key: new Secret(sandbox.clerk.secretKey),
      apiUrl: sandbox.clerk.url,
      mappings: source.mappings,
      catalogue,
    })
  }
  if (source.kind !== 'postgres' || !app) throw new Error(`The test gives no way to read ${name}.`)
  return createPostgresSource({
    ...portsAt(now),
    connection: app.connection,
    name,
    mappings: source.mappings,
    catalogue,
    allowWriteRole: false,
  })
}

function portsAt(now: Date) {
  return { clock: { now: () => now }, timer: hurriedTimer, rng: systemRng, http: systemHttp }
}
