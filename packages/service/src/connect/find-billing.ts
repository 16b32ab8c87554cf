import type { ConnectionFinding } from '@trueup/core'
import { connectClerkBilling } from '../adapters/clerk-billing/request.ts'
import { countLiveItems } from '../adapters/clerk-billing/test-connection.ts'
import { systemClock, systemHttp, systemRng, systemTimer } from '../adapters/system.ts'
import type { BillingSourceConfig } from '../config/project-config.ts'
import type { Environment } from '../environment.ts'
import type { OpeningOptions, SourcesConfig } from '../main.ts'
import { openBilling, soldThroughClerk, unconfigured } from '../main.ts'

const ports = { clock: systemClock, timer: systemTimer, rng: systemRng, http: systemHttp }

/**
 * Which billing an app has, before anything says so: Stripe where there is a key of it, and Clerk Billing where there is
 * only Clerk's key and plans are sold there.
 *
 * @throws SourceError when Clerk cannot be asked
 */
export async function findBilling(environment: Environment): Promise<SourcesConfig> {
  if (environment.stripeApiKey || !environment.clerkSecretKey) return unconfigured
  const findings = await openBilling(environment, soldThroughClerk, { allowSecretKey: false }).test()
  const isSold = findings.some(({ name, state }) => name === 'plans' && state === 'ok')
  return isSold ? soldThroughClerk : unconfigured
}

interface ReadingOptions extends Pick<OpeningOptions, 'patienceMs'> {
  readonly allowSecretKey: boolean
}

/**
 * Which billing a project reads, and whether the other one holds live subscriptions too, as far as there is a key for
 * it: whoever pays there is promised something that no check sees.
 *
 * @param kind `null`: nothing says yet which one the project reads, so only what is found in Clerk Billing is told.
 * @throws SourceError when the other billing cannot be asked
 */
export async function readBillingFindings(
  environment: Environment,
  kind: BillingSourceConfig['kind'] | null,
  options: ReadingOptions,
): Promise<readonly ConnectionFinding[]> {
  if (kind === null) return await readUndecided(environment, options)
  const [own, other] = kind === 'stripe' ? ['Stripe', 'Clerk Billing'] : ['Clerk Billing', 'Stripe']
  const live = await countOther(environment, kind, options)
  if (live === null) return []
  if (live === 0) {
    return [
      {
        name: 'billing',
        state: 'ok',
        found: `plans are sold through ${own}; ${other} has no live subscription`,
        fix: null,
      },
    ]
  }
  return [
    {
      name: 'billing',
      state: 'warning',
      found: `plans are read from ${own}, and ${other} holds ${kind === 'stripe' ? live : 'live'} subscriptions too`,
      fix: `Whoever pays through ${other} is promised nothing here: end what is left there, or make a project of its own for it.`,
    },
  ]
}

async function readUndecided(
  environment: Environment,
  options: ReadingOptions,
): Promise<readonly ConnectionFinding[]> {
  const live = await countOther(environment, 'stripe', options)
  if (!live) return []
  return [
    {
      name: 'billing',
      state: 'ok',
      found: `Clerk Billing holds ${live} live subscriptions`,
      fix: 'Name it in the configuration, billing: { clerkBilling: {} }, if your plans are sold there.',
    },
  ]
}

/** How many subscriptions are live in the billing that the project does not read; `null`: there is no key for it. */
async function countOther(
  environment: Environment,
  kind: BillingSourceConfig['kind'],
  options: ReadingOptions,
): Promise<number | null> {
  if (kind === 'stripe') {
    const { clerkSecretKey: key, clerkApiUrl: apiUrl } = environment
    const { patienceMs = null } = options
    return key ? await countLiveItems(connectClerkBilling({ ...ports, key, apiUrl, patienceMs })) : null
  }
  if (!environment.stripeApiKey) return null
  const live = ['active', 'trialing', 'past_due']
  for await (const { rows } of openBilling(environment, unconfigured, options).read('subscriptions', [])) {
    const found = rows.filter(
      ({ fact }) =>
        fact.kind === 'subscription' && typeof fact.status === 'string' && live.includes(fact.status),
    )
    // Whether there are any is all that matters, so the first page that holds some is enough.
    if (found.length > 0) return found.length
  }
  return 0
}
