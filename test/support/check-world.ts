import type { ProjectStore, Timer } from '@trueup/core'
import { sellsForGood } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { createClerkSource } from '../../packages/service/src/adapters/clerk/source.ts'
import { createStripeSource } from '../../packages/service/src/adapters/stripe/source.ts'
import { systemHttp, systemRng, systemTimer } from '../../packages/service/src/adapters/system.ts'
import type { CheckDependencies } from '../../packages/service/src/check/check-dependencies.ts'
import { parseConfig } from '../../packages/service/src/config/parse-config.ts'
import { incidentId } from '../../packages/service/src/incident-id.ts'
import { Secret } from '../../packages/service/src/secret.ts'

/** Waits a twentieth of what it is asked for, so that back-off against a faulty sandbox takes no minutes. */
const hurriedTimer: Timer = { sleep: (ms, signal) => systemTimer.sleep(ms / 20, signal) }

/** Everything a check of a sandbox's world needs, at the world's own moment. */
export function checkOfWorld(
  sandbox: Sandbox,
  project: ProjectStore,
  options: { readonly now: Date; readonly settleMinutes?: number },
): CheckDependencies {
  const parsed = parseConfig(sandbox.config)
  const config =
    options.settleMinutes === undefined
      ? parsed
      : { ...parsed, policy: { ...parsed.policy, settleMinutes: options.settleMinutes } }
  const ports = { clock: { now: () => options.now }, timer: hurriedTimer, rng: systemRng, http: systemHttp }
  return {
    project,
    config,
    clock: ports.clock,
    billing: createStripeSource({
      ...ports,
      key: new Secret(sandbox.stripe.restrictedKey),
      baseUrl: sandbox.stripe.url,
      allowSecretKey: false,
      entitlements: config.billing.entitlements,
      sellsForGood: sellsForGood(config.catalogue),
    }),
    access: config.access.flatMap((source) =>
      source.kind === 'clerk'
        ? [
            createClerkSource({
              ...ports,
              key: new Secret(sandbox.clerk.secretKey),
              apiUrl: sandbox.clerk.url,
              mappings: source.mappings,
              catalogue: config.catalogue,
            }),
          ]
        : [],
    ),
    incidentId: (identity) => incidentId(project.projectId, identity),
  }
}
