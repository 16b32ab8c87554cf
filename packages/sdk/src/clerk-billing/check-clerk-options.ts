import { BillingError } from '../billing-error.ts'
import { checkHours } from '../check-options.ts'
import { clerkKey } from '../webhook/signature.ts'
import type { ClerkBillingOptions } from './options.ts'

/** @throws BillingError `options-invalid`, which names the option */
export function checkClerkOptions(options: ClerkBillingOptions): void {
  checkHours(options)
  // Those who write JavaScript get no further than this without a client that has what is asked of it.
  if (typeof options.clerk?.billing?.getUserBillingSubscription !== 'function') {
    throw invalid(
      'The option clerk is no client that can read Clerk Billing.',
      'Make it with createClerkClient({ secretKey }) of @clerk/backend 3.20 or later.',
    )
  }
  for (const [place, secret] of (options.webhooks?.clerk?.secrets ?? []).entries()) {
    if (typeof secret === 'string' && clerkKey(secret)) continue
    throw invalid(
      `webhooks.clerk.secrets[${place}] is ${secret === undefined ? 'missing' : 'no signing secret of Clerk'}; one begins with whsec_.`,
      'Copy it from the endpoint, under Webhooks in the dashboard of Clerk, into CLERK_WEBHOOK_SIGNING_SECRET.',
    )
  }
}

function invalid(message: string, fix: string): BillingError {
  return new BillingError({ code: 'options-invalid', message, fix })
}
