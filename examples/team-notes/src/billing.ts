import type { ClerkClient } from '@clerk/backend'
import { type Billing, type BillingOptions, createBilling } from '@trueup/sdk'
import { type PgClient, postgresStore } from '@trueup/sdk/postgres'
import type Stripe from 'stripe'
import { catalogue } from './catalogue.ts'
import type { Database } from './database.ts'

export interface BillingSettings {
  readonly stripe: Stripe
  readonly clerk: ClerkClient
  readonly stripeWebhookSecret: string
  readonly clerkWebhookSecret: string
  /** The app's own address, `https://notes.example`. */
  readonly origin: string
  /** Time, where it is not the machine's: the sandbox moves its own. */
  readonly clock?: BillingOptions['clock']
}

/** Everything about money in this app: who pays for what is never decided anywhere else. */
export async function openBilling(database: Database, settings: BillingSettings): Promise<Billing<PgClient>> {
  const store = postgresStore(database.pool)
  await store.migrate()
  return createBilling<PgClient>({
    stripe: settings.stripe,
    clerk: settings.clerk,
    store,
    catalogue,
    subject: 'organization',
    livemode: false,
    origins: [settings.origin],
    webhooks: {
      stripe: { secrets: [settings.stripeWebhookSecret] },
      clerk: { secrets: [settings.clerkWebhookSecret] },
    },
    checkout: { promotionCodes: true },
    // A team that is gone is not charged any more.
    whenDeleted: 'cancel',
    ...(settings.clock ? { clock: settings.clock } : {}),
    // Written through the transaction that notes that the hook ran: exactly once.
    async onPaymentFailed({ subject, amountDue, currency, nextAttemptAt }, { transaction }) {
      await transaction.query(
        `insert into failed_payments values ($1, $2, $3, $4::timestamptz)
         on conflict (organization_id) do update
         set amount_due = excluded.amount_due, currency = excluded.currency, next_attempt_at = excluded.next_attempt_at`,
        [subject.id, amountDue, currency, nextAttemptAt?.toISOString() ?? null],
      )
    },
    async onRecovered({ subject }, { transaction }) {
      await transaction.query('delete from failed_payments where organization_id = $1', [subject.id])
    },
    async onCanceled({ subject }, { transaction }) {
      await transaction.query('delete from failed_payments where organization_id = $1', [subject.id])
    },
  })
}
