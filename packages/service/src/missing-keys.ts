import type { Environment } from './environment.ts'
import type { Secret } from './secret.ts'
import { UsageError } from './usage-error.ts'

const wanted = {
  stripeApiKey:
    'STRIPE_API_KEY (a restricted key, rk_test_… or rk_live_…, from the Stripe dashboard: Developers, API keys)',
  clerkSecretKey: 'CLERK_SECRET_KEY (sk_test_… or sk_live_…, from the Clerk dashboard: API keys)',
} as const

/**
 * The keys that reading both sides needs. All that is missing is said together.
 *
 * @throws UsageError `environment-missing`
 */
export function missingKeys(environment: Environment): {
  readonly stripeApiKey: Secret
  readonly clerkSecretKey: Secret
} {
  const { stripeApiKey, clerkSecretKey } = environment
  if (stripeApiKey && clerkSecretKey) return { stripeApiKey, clerkSecretKey }
  throw missing([
    ...(stripeApiKey ? [] : [wanted.stripeApiKey]),
    ...(clerkSecretKey ? [] : [wanted.clerkSecretKey]),
  ])
}

/**
 * One key by itself, for trying it before the other is there.
 *
 * @throws UsageError `environment-missing`
 */
export function missingKey(environment: Environment, name: keyof typeof wanted): Secret {
  const key = environment[name]
  if (key) return key
  throw missing([wanted[name]])
}

function missing(names: readonly string[]): UsageError {
  return new UsageError({
    code: 'environment-missing',
    message: `The environment lacks ${names.join(' and ')}.`,
    fix: `Set ${names.length === 1 ? 'it' : 'them'} and run the command again, or run \`trueup demo\` to see Trueup without any key.`,
  })
}
