import { ruleCatalogue } from '@trueup/sdk'
import { defineConfig } from 'trueup'
import { catalogue } from './src/catalogue.ts'

/** What the monitor reads of this app: what the SDK writes, in its own tables and in Clerk. */
export default defineConfig({
  billing: { stripe: {} },
  access: [
    {
      postgres: {
        organizations: {
          table: 'trueup_billing.subjects',
          key: 'key',
          subject: 'id',
          customerId: 'customer_id',
          plan: 'plan',
          premium: 'paid',
          trialEndsAt: 'trial_ends_at',
          entitlements: 'entitlements',
          seats: 'seats',
          deletedAt: 'deleted_at',
        },
      },
    },
    {
      clerk: {
        organizations: {
          customerId: 'private_metadata.stripe_customer_id',
          plan: 'public_metadata.billing.plan',
          premium: 'public_metadata.billing.paid',
          trialEndsAt: 'public_metadata.billing.trialEndsAt',
          entitlements: 'public_metadata.billing.entitlements',
          seats: 'public_metadata.billing.seats',
        },
      },
    },
  ],
  // That of createBilling, so that the two cannot differ.
  catalogue: ruleCatalogue(catalogue),
  match: ['customer.id', 'customer.metadata.organization_id'],
})
