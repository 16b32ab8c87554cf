import type { TrueupConfig } from './define-config.ts'

/** A configuration that uses every part, for tests. */
export const exampleConfig: TrueupConfig = {
  billing: { stripe: { entitlements: true, requestsPerDay: 20_000 } },
  access: [
    {
      clerk: {
        users: {
          customerId: 'public_metadata.stripe_customer_id',
          plan: 'public_metadata.plan',
          premium: 'public_metadata.is_premium',
          trialEndsAt: 'public_metadata.trial_ends_at',
          entitlements: 'public_metadata.entitlements',
        },
        organizations: {
          customerId: 'private_metadata.stripe_customer_id',
          plan: 'public_metadata.plan',
          seats: 'max_allowed_memberships',
        },
      },
    },
    {
      postgres: {
        table: 'app.users',
        key: 'id',
        subject: 'clerk_user_id',
        customerId: 'stripe_customer_id',
        email: 'email',
        emailVerified: 'email_verified_at',
        plan: 'plan',
        premium: 'is_premium',
        trialEndsAt: 'trial_ends_at',
        entitlements: { table: 'entitlements', subject: 'user_id', feature: 'name', enabled: 'enabled' },
        deletedAt: 'deleted_at',
        updatedAt: 'updated_at',
      },
    },
    {
      postgres: {
        name: 'teams',
        url: 'TEAMS_DATABASE_URL',
        ca: '-----BEGIN CERTIFICATE-----',
        organizations: {
          table: 'teams',
          key: 'id',
          customerId: 'stripe_customer_id',
          plan: 'plan',
          entitlements: 'features',
          seats: 'seats',
          members: { table: 'team_members', organization: 'team_id' },
        },
      },
    },
    { pushed: { users: ['plan', 'premium'] } },
  ],
  catalogue: {
    plans: [
      { id: 'free' },
      {
        id: 'pro',
        prices: ['price_1', 'lookup:pro_yearly'],
        lifetime: ['price_2'],
        values: ['pro', 'premium', 'it\'s \\pro"'],
        entitlements: ['reports'],
      },
      { id: 'enterprise', products: ['prod_9'], entitlements: ['sso', 'reports'], seats: 'quantity' },
    ],
    addOns: [{ id: 'extra-reports', prices: ['price_7'], entitlements: ['reports-plus'] }],
    seatPacks: [{ id: 'five-seats', prices: ['price_8'], seatsEach: 5 }],
  },
  match: ['customer.id', 'customer.metadata.user_id'],
  policy: {
    pastDue: { mode: 'tolerate', days: 7 },
    unpaid: 'as-past-due',
    pausedCollection: 'drop',
    refunded: 'keep',
    settleMinutes: 5,
    trialToleranceHours: 48,
    brake: { hold: 10, collapse: null },
  },
  exceptions: [
    { subject: 'user_1', allowed: { plan: 'pro' }, reason: 'partner', author: 'Ada', until: '2027-01-01' },
    {
      subject: 'organization:org_1',
      allowed: {
        paid: true,
        entitlements: 'every',
        seats: 'unlimited',
        trialEndsAt: new Date('2027-02-01T00:00:00Z'),
      },
      reason: 'staff',
    },
  ],
}

/** The least that a configuration can say. */
export const leastConfig: TrueupConfig = {
  billing: { stripe: {} },
  access: [
    { clerk: { users: { customerId: 'private_metadata.customer', premium: 'public_metadata.paid' } } },
  ],
  catalogue: { plans: [{ id: 'free' }, { id: 'pro', prices: ['price_1'] }] },
}
