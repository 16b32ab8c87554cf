import type { ClerkClient } from '@clerk/backend'
import { type ClerkBilling, type ClerkBillingOptions, createClerkBilling } from '@trueup/sdk'
import { type PgClient, type PgPool, postgresStore } from '@trueup/sdk/postgres'
import type { FailedPayment } from '@trueup/sdk/react'
import { catalogue } from './catalogue.ts'

interface BillingSettings {
  readonly clerk: ClerkClient
  readonly webhookSecret: string
  /** Time, where it is not the machine's: the sandbox moves its own. */
  readonly clock?: ClerkBillingOptions['clock']
}

/** Everything about money in this app: who pays for what is never decided anywhere else. */
export async function openBilling(pool: PgPool, settings: BillingSettings): Promise<ClerkBilling<PgClient>> {
  const store = postgresStore(pool)
  await store.migrate()
  await pool.query(
    'create table if not exists unpaid (organization_id text primary key, amount bigint, currency text not null)',
    [],
  )
  const paid = async (
    { subject }: { readonly subject: { readonly id: string } },
    { transaction }: Written,
  ) => {
    await transaction.query('delete from unpaid where organization_id = $1', [subject.id])
  }
  return createClerkBilling<PgClient>({
    clerk: settings.clerk,
    store,
    catalogue,
    subject: 'organization',
    webhooks: { clerk: { secrets: [settings.webhookSecret] } },
    ...(settings.clock ? { clock: settings.clock } : {}),
    // Written through the transaction that notes that the hook ran: exactly once.
    async onPaymentFailed({ subject, amountDue, currency }, { transaction }) {
      await transaction.query(
        `insert into unpaid values ($1, $2, $3) on conflict (organization_id) do update
         set amount = excluded.amount, currency = excluded.currency`,
        [subject.id, amountDue, currency],
      )
    },
    onRecovered: paid,
    onCanceled: paid,
  })
}

interface Written {
  readonly transaction: PgClient
}

/** What `onPaymentFailed` kept. Clerk does not say when it tries again. */
export async function readUnpaid(pool: PgPool, organizationId: string): Promise<FailedPayment | null> {
  const { rows } = await pool.query('select amount::int, currency from unpaid where organization_id = $1', [
    organizationId,
  ])
  const [row] = rows
  if (typeof row?.amount !== 'number') return null
  return { amountDue: row.amount, currency: String(row.currency), nextAttemptAt: null }
}
