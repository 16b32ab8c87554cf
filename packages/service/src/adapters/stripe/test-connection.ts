import type { ConnectionFinding } from '@trueup/core'
import type Stripe from 'stripe'
import type { Secret } from '../../secret.ts'
import type { StripeConnection } from './client.ts'
import { missingPermission, refusedOnAccount, stripeSourceError } from './errors.ts'
import { isLiveKey } from './key.ts'

/** A clock further off than this makes signatures and grace periods wrong. */
const skewToWarnSeconds = 60

/** What the project reads, by which it is decided what must be readable. */
export interface NeedsOfProject {
  readonly key: Secret
  readonly entitlements: boolean
  readonly sellsForGood: boolean
}

interface Permission {
  readonly name: string
  readonly what: string
  /** What it is read for. */
  readonly purpose: string
  /** What is lost without it; `null`: no check works without it. */
  readonly loss: string | null
  /** Whether this project needs it all the same. */
  readonly isNeeded?: (project: NeedsOfProject) => boolean
  readonly call: (stripe: Stripe) => Promise<{
    readonly object: string
    readonly lastResponse: { readonly headers: unknown }
  }>
}

const one = { limit: 1 } as const

/** What a restricted key is asked for, in the order in which it is tried. */
export const stripePermissions: readonly Permission[] = [
  {
    name: 'rak_customer_read',
    what: 'Customers',
    purpose: 'to find who pays, and whose account it is',
    loss: null,
    call: (stripe) => stripe.customers.list(one),
  },
  {
    name: 'rak_subscription_read',
    what: 'Subscriptions',
    purpose: 'to know what was bought, and whether it runs',
    loss: null,
    call: (stripe) => stripe.subscriptions.list({ ...one, status: 'all' }),
  },
  {
    name: 'rak_invoice_read',
    what: 'Invoices',
    purpose: 'to know since when a payment is overdue',
    loss: null,
    call: (stripe) => stripe.invoices.list(one),
  },
  {
    name: 'rak_plan_read',
    what: 'Prices',
    purpose: 'to know which price buys which plan, and what it costs',
    loss: null,
    call: (stripe) => stripe.prices.list(one),
  },
  {
    name: 'rak_product_read',
    what: 'Products',
    purpose: 'to name prices by what they sell',
    loss: null,
    call: (stripe) => stripe.products.list(one),
  },
  {
    name: 'rak_coupon_read',
    what: 'Coupons',
    purpose: 'to say what is at risk after discounts',
    loss: 'money at risk cannot be said where a discount applies',
    call: (stripe) => stripe.coupons.list(one),
  },
  {
    name: 'rak_charge_read',
    what: 'Charges and Refunds',
    purpose: 'to notice that a paid period was refunded',
    loss: 'refunded periods are not put up for review',
    call: (stripe) => stripe.refunds.list(one),
  },
  {
    name: 'rak_dispute_read',
    what: 'Disputes',
    purpose: 'to notice that a payment is disputed',
    loss: 'disputed periods are not put up for review',
    call: (stripe) => stripe.disputes.list(one),
  },
  {
    name: 'rak_checkout_session_read',
    what: 'Checkout Sessions',
    purpose: 'to find purchases for good, and whom a checkout was for',
    loss: 'lifetime purchases cannot be read',
    isNeeded: ({ sellsForGood }) => sellsForGood,
    call: (stripe) => stripe.checkout.sessions.list(one),
  },
  {
    name: 'rak_entitlement_read',
    what: 'Entitlements',
    purpose: 'to read the features that Stripe Entitlements grants',
    loss: 'Stripe Entitlements cannot be read',
    isNeeded: ({ entitlements }) => entitlements,
    call: (stripe) => stripe.entitlements.features.list(one),
  },
  {
    name: 'rak_event_read',
    what: 'Events',
    purpose: 'to follow changes between full checks, and to find webhooks that never came',
    loss: 'changes cannot be followed between full checks',
    call: (stripe) => stripe.events.list(one),
  },
]

/**
 * Tries the key with one cheap call for each permission and names the ones that are missing, by Stripe's own names
 * for them (https://docs.stripe.com/keys/restricted-api-keys).
 *
 * @throws SourceError when the key itself is refused or Stripe cannot be reached.
 */
export async function testStripe(
  connection: StripeConnection,
  project: NeedsOfProject,
): Promise<readonly ConnectionFinding[]> {
  const { key } = project
  const findings: ConnectionFinding[] = [
    {
      name: 'key',
      state: 'ok',
      found: `${key.label()}, ${isLiveKey(key) ? 'live' : 'test'} mode`,
      fix: null,
    },
  ]
  let serverDate: string | null = null
  for (const permission of stripePermissions) {
    try {
      const answer = await connection.attempt(permission.call)
      serverDate ??= dateOf(answer.lastResponse.headers)
      findings.push({ name: permission.name, state: 'ok', found: `may read ${permission.what}`, fix: null })
    } catch (error) {
      if (missingPermission(error) === null) throw stripeSourceError(error, permission.what)
      findings.push(missing(permission, project))
    }
  }
  findings.push(await accountFinding(connection))
  return [...findings, ...clockFindings(serverDate, connection.clock.now())]
}

/** Which account it is. A key that may not read the account is told its id in the refusal. */
async function accountFinding(connection: StripeConnection): Promise<ConnectionFinding> {
  try {
    const account = await connection.attempt((stripe) => stripe.accounts.retrieveCurrent())
    return { name: 'account', state: 'ok', found: account.id, fix: null }
  } catch (error) {
    if (missingPermission(error) === null) throw stripeSourceError(error, 'the account')
    const id = refusedOnAccount(error)
    if (id !== null) return { name: 'account', state: 'ok', found: id, fix: null }
    return {
      name: 'account',
      state: 'warning',
      found: 'Stripe does not tell this key its account',
      fix: 'Compare the account in the Stripe dashboard with that of your app.',
    }
  }
}

function missing({ name, what, loss, isNeeded }: Permission, project: NeedsOfProject): ConnectionFinding {
  const fix = `Give the restricted key Read on ${what} in the Stripe dashboard (Developers, API keys).`
  if (loss === null) {
    return { name, state: 'missing', found: `may not read ${what}, which every check needs`, fix }
  }
  if (isNeeded?.(project)) {
    return { name, state: 'missing', found: `may not read ${what}, which this project needs: ${loss}`, fix }
  }
  return { name, state: 'warning', found: `may not read ${what}: ${loss}`, fix }
}

/** The client's types promise a plain object here; over `fetch` it is the web's `Headers`. */
function dateOf(headers: unknown): string | null {
  if (headers instanceof Headers) return headers.get('date')
  const date = typeof headers === 'object' && headers !== null && 'date' in headers ? headers.date : null
  return typeof date === 'string' ? date : null
}

function clockFindings(serverDate: string | null, now: Date): readonly ConnectionFinding[] {
  const server = serverDate ? new Date(serverDate) : null
  if (!server || Number.isNaN(server.getTime())) return []
  const skew = Math.round((now.getTime() - server.getTime()) / 1000)
  if (Math.abs(skew) <= skewToWarnSeconds) {
    return [{ name: 'clock', state: 'ok', found: 'agrees with that of Stripe', fix: null }]
  }
  return [
    {
      name: 'clock',
      state: 'warning',
      found: `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} that of Stripe`,
      fix: 'Set the clock of this machine, for instance by NTP.',
    },
  ]
}
