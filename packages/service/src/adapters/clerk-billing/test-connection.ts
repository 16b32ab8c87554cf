import type { ConnectionFinding } from '@trueup/core'
import type { Secret } from '../../secret.ts'
import { isRefusedRequest } from '../clerk/errors.ts'
import { isLiveKey } from '../clerk/key.ts'
import { rawPage } from './raw-page.ts'
import type { ClerkBillingConnection } from './request.ts'
import { billingSourceError } from './request.ts'

/**
 * Tries the key on a user, and whether the instance sells anything through Clerk Billing.
 *
 * @throws SourceError when the key is refused or Clerk cannot be reached.
 */
export async function testClerkBilling(
  connection: ClerkBillingConnection,
  key: Secret,
): Promise<readonly ConnectionFinding[]> {
  await connection.get('users', '/users', { limit: 1 })
  const instance = isLiveKey(key) ? 'production' : 'development'
  return [
    { name: 'key', state: 'ok', found: `${key.label()}, ${instance} instance`, fix: null },
    await testPlans(connection),
  ]
}

const whereToSwitchOn = 'Switch it on in the Clerk dashboard (Billing), or name Stripe as the billing.'

async function testPlans(connection: ClerkBillingConnection): Promise<ConnectionFinding> {
  try {
    const { total } = rawPage(await connection.attempt('/billing/plans', { limit: 1 }))
    return total > 0
      ? { name: 'plans', state: 'ok', found: `${total} plans are sold through Clerk Billing`, fix: null }
      : {
          name: 'plans',
          state: 'warning',
          found: 'nothing is sold through Clerk Billing: it has no plan',
          fix: 'Make a plan in the Clerk dashboard (Billing), or name Stripe as the billing.',
        }
  } catch (error) {
    if (!isRefusedRequest(error)) throw billingSourceError(error, 'plans')
    return {
      name: 'plans',
      state: 'missing',
      found: 'Clerk Billing is not switched on for this instance',
      fix: whereToSwitchOn,
    }
  }
}

/** How many subscription items are active or past due, whose plans cost something. */
export async function countLiveItems(connection: ClerkBillingConnection): Promise<number> {
  const statuses = ['active', 'past_due'] as const
  const counts = await Promise.all(
    statuses.map(async (status) => {
      try {
        const path = '/billing/subscription_items'
        return rawPage(await connection.attempt(path, { status, limit: 1 })).total
      } catch (error) {
        // An instance without Clerk Billing has none.
        if (isRefusedRequest(error)) return 0
        throw billingSourceError(error, 'subscription items')
      }
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}
