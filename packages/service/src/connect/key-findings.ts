import type { ConnectionFinding } from '@trueup/core'
import { isLiveKey as isLiveClerkKey } from '../adapters/clerk/key.ts'
import { isLiveKey as isLiveStripeKey } from '../adapters/stripe/key.ts'
import type { Environment } from '../environment.ts'

/** Whether the two keys belong together: test payments say nothing of the users of a production instance. */
export function readKeyFindings({ stripeApiKey, clerkSecretKey }: Environment): readonly ConnectionFinding[] {
  if (!stripeApiKey || !clerkSecretKey) return []
  const stripe = isLiveStripeKey(stripeApiKey) ? 'live' : 'test'
  const clerk = isLiveClerkKey(clerkSecretKey) ? 'production' : 'development'
  const found = `Stripe in ${stripe} mode, Clerk's ${clerk} instance`
  if ((stripe === 'live') === (clerk === 'production')) {
    return [{ name: 'modes', state: 'ok', found: `${found}: they fit together`, fix: null }]
  }
  return [
    {
      name: 'modes',
      state: 'warning',
      found: `${found}: payments of one would be compared with accounts of the other`,
      fix: 'Use a live Stripe key with the production instance, and a test key with the development instance.',
    },
  ]
}
