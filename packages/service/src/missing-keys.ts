import type { AccessSourceConfig, BillingSourceConfig } from './config/project-config.ts'
import type { Environment } from './environment.ts'
import type { Secret } from './secret.ts'
import { UsageError } from './usage-error.ts'

const wanted = {
  stripeApiKey:
    'STRIPE_API_KEY (a restricted key, rk_test_… or rk_live_…, from the Stripe dashboard: Developers, API keys)',
  clerkSecretKey: 'CLERK_SECRET_KEY (sk_test_… or sk_live_…, from the Clerk dashboard: API keys)',
} as const

/**
 * Whether the environment has every key that reading both sides needs. All that is missing is said together.
 *
 * @throws UsageError `environment-missing`
 */
export function assertKeys(
  environment: Environment,
  {
    billing,
    access,
  }: { readonly billing: Pick<BillingSourceConfig, 'kind'>; readonly access: readonly AccessSourceConfig[] },
): void {
  const keyOfBilling = billing.kind === 'stripe' ? 'stripeApiKey' : 'clerkSecretKey'
  const missing = [
    ...(environment[keyOfBilling] ? [] : [wanted[keyOfBilling]]),
    ...access.flatMap((source) => missingFor(environment, source)),
  ]
  if (missing.length > 0) throw lacking([...new Set(missing)])
}

/**
 * One key by itself, for trying it before the others are there.
 *
 * @throws UsageError `environment-missing`
 */
export function requireKey(environment: Environment, name: keyof typeof wanted): Secret {
  const key = environment[name]
  if (key) return key
  throw lacking([wanted[name]])
}

/**
 * The connection string of a Postgres source.
 *
 * @throws UsageError `environment-missing`
 */
export function requireConnectionString(
  environment: Environment,
  source: Extract<AccessSourceConfig, { readonly kind: 'postgres' }>,
): Secret {
  const found = environment.secretNamed(source.urlVariable)
  if (found) return found
  throw lacking(missingFor(environment, source))
}

function missingFor(environment: Environment, source: AccessSourceConfig): readonly string[] {
  switch (source.kind) {
    case 'clerk':
      return environment.clerkSecretKey ? [] : [wanted.clerkSecretKey]
    case 'postgres':
      return environment.secretNamed(source.urlVariable)
        ? []
        : [
            `${source.urlVariable} (the connection string of the database that the access source ${source.name} reads, with a role that may only read)`,
          ]
    case 'pushed':
      return []
  }
}

function lacking(names: readonly string[]): UsageError {
  return new UsageError({
    code: 'environment-missing',
    message: `The environment lacks ${names.join(' and ')}.`,
    fix: `Set ${names.length === 1 ? 'it' : 'them'} and run the command again, or run \`trueup demo\` to see Trueup without any key.`,
  })
}
