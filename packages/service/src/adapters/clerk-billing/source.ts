import type { BillingPart, BillingRows, BillingSource, Cursor, Page } from '@trueup/core'
import { readClerkPayer, readClerkPlanItem } from '@trueup/core'
import { acceptClerkKey, isLiveKey } from '../clerk/key.ts'
import type { RawObject } from './raw-page.ts'
import { readChangedPayers } from './read-changed-payers.ts'
import { readItems } from './read-items.ts'
import { readPayer } from './read-payer.ts'
import { readPlanPrices } from './read-plans.ts'
import type { ClerkBillingConnectionOptions } from './request.ts'
import { connectClerkBilling } from './request.ts'
import { testClerkBilling } from './test-connection.ts'

export interface ClerkBillingSourceOptions extends ClerkBillingConnectionOptions {
  /** Take the features of plans as entitlements, beside those that the catalogue names. */
  readonly features: boolean
}

/**
 * Clerk Billing as the side that promises: plans that users and organizations subscribe to through Clerk itself. These
 * exist nowhere in Stripe, so Stripe is not asked. It has no method that writes.
 *
 * What Clerk Billing does not have stays empty: it sells nothing once and for good, and refunds are made in Stripe and
 * do not show.
 *
 * @throws SourceError `key-malformed` for what cannot be a secret key.
 *
 * @example
 * const billing = createClerkBillingSource({ key, apiUrl: 'https://api.clerk.com', features: false, ...ports })
 * for await (const page of billing.read('subscriptions', [])) await store(page)
 */
export function createClerkBillingSource(options: ClerkBillingSourceOptions): BillingSource {
  acceptClerkKey(options.key)
  const connection = connectClerkBilling(options)
  const livemode = isLiveKey(options.key)
  const reading = { livemode, features: options.features }
  const rowOf = ({ raw }: RawObject): BillingRows['subscriptions'] => ({
    fact: readClerkPlanItem(raw, { ...reading, readAt: connection.clock.now(), payer: null }),
    customer: readClerkPayer(raw.payer, livemode),
  })
  return {
    name: 'clerk-billing',
    requests: () => connection.pacer.sent,
    test: () => testClerkBilling(connection, options.key),
    read<P extends BillingPart>(part: P, cursors: readonly Cursor[]) {
      const pages: AsyncIterable<Page<BillingRows[BillingPart]>> =
        part === 'prices'
          ? readPlanPrices(connection, cursors)
          : part === 'subscriptions'
            ? rows(readItems(connection, cursors), rowOf)
            : nothing(cursors)
      // The part decides the rows, which a type cannot follow through the choice.
      return pages as AsyncIterable<Page<BillingRows[P]>>
    },
    readCustomer: (id) => readPayer(connection, id, reading),
    changedSince: (since) => readChangedPayers(connection, since),
  }
}

async function* rows<Raw, Row>(
  pages: AsyncIterable<Page<Raw>>,
  read: (raw: Raw) => Row,
): AsyncGenerator<Page<Row>> {
  for await (const page of pages) yield { rows: page.rows.map(read), cursors: page.cursors }
}

/** A part that Clerk Billing does not have is read whole without a request. */
async function* nothing(cursors: readonly Cursor[]): AsyncGenerator<Page<never>> {
  if (cursors[0]?.done) return
  yield { rows: [], cursors: [{ id: '0', position: '', done: true }] }
}
