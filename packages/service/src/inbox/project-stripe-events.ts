import { systemClock, systemRng, systemTimer } from '../adapters/system.ts'
import { connectedEnvironment } from '../project/connected-environment.ts'
import type { ProjectService } from '../project/project-service.ts'
import type { CheckDueOptions } from './check-due.ts'
import type { StripeEvents } from './stripe-events.ts'
import { createStripeEvents } from './stripe-events.ts'
import type { ProjectTenant } from './tables.ts'

/**
 * Stripe as a project is connected to it, for its events; `null`: it is not.
 *
 * @param usedFor what the key is taken out for, as it is remembered
 * @throws VaultError, SourceError
 */
export async function openStripeEvents(
  projects: ProjectService,
  tenant: ProjectTenant,
  usedFor: string,
): Promise<StripeEvents | null> {
  const { environment } = await connectedEnvironment(projects, tenant, [], usedFor)
  const { stripeApiKey: key, stripeApiBase: baseUrl } = environment
  return key && createStripeEvents({ key, baseUrl, clock: systemClock, timer: systemTimer, rng: systemRng })
}

/** Asks Stripe to whom an object belongs that an event named; opened once for each project, when it is first asked. */
export function payersOf(projects: ProjectService): CheckDueOptions['payerOf'] {
  const opened = new Map<string, Promise<StripeEvents | null>>()
  return async (tenant, objectId) => {
    const stripe = opened.get(tenant.projectId) ?? openStripeEvents(projects, tenant, 'customer of an event')
    opened.set(tenant.projectId, stripe)
    return (await (await stripe)?.payerOf(objectId)) ?? null
  }
}
