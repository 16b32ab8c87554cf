import { describe, expect, it } from 'vitest'
import type { ColumnKind, ColumnSample, DescribedColumn, DescribedTable } from './described-schema.ts'
import { parsePostgresMapping } from './parse-mapping.ts'
import { proposePostgresMapping } from './propose-mapping.ts'
import { parseTableName } from './table-name.ts'

const kinds: Readonly<Record<string, ColumnKind>> = {
  text: 'text',
  varchar: 'text',
  int: 'number',
  bigint: 'number',
  boolean: 'flag',
  timestamptz: 'moment',
  jsonb: 'json',
  'text[]': 'list',
  uuid: 'uuid',
  bytea: 'other',
}

/** `id uuid primary key`, `team_id int -> teams.id`, `email text unique`: a column a line, as one would declare it. */
function column(text: string): DescribedColumn {
  const [name = '', type = '', ...more] = text.split(' ')
  const rest = more.join(' ')
  const [, target, targetColumn] = /-> (.+)\.(\w+)$/.exec(rest) ?? []
  const references = target && targetColumn ? parseTableName(target) : null
  return {
    name,
    type,
    kind: kinds[type] ?? 'other',
    nullable: !/primary key|not null/.test(rest),
    primaryKey: rest.includes('primary key'),
    unique: /primary key|unique/.test(rest),
    references: references && targetColumn ? { ...references, column: targetColumn } : null,
  }
}

function table(name: string, ...columns: string[]): DescribedTable {
  const { schema, table } = parseTableName(name) ?? { schema: '', table: '' }
  return { schema, table, isView: false, estimatedRows: 1000, columns: columns.map(column) }
}

function values(path: string, ...examples: unknown[]): ColumnSample {
  const [name = '', columnName = ''] = [
    path.slice(0, path.lastIndexOf('.')),
    path.slice(path.lastIndexOf('.') + 1),
  ]
  const { schema, table } = parseTableName(name) ?? { schema: '', table: '' }
  return { schema, table, column: columnName, sampled: 100, present: examples.length > 0 ? 60 : 0, examples }
}

const plain = table(
  'users',
  'id uuid primary key',
  'email text unique',
  'email_verified_at timestamptz',
  'stripe_customer_id text unique',
  'stripe_subscription_id text',
  'plan text',
  'plan_started_at timestamptz',
  'is_premium boolean',
  'is_admin boolean',
  'trial_started_at timestamptz',
  'trial_ends_at timestamptz',
  'trial_used boolean',
  'deleted_at timestamptz',
  'created_at timestamptz',
  'updated_at timestamptz',
)
const plainValues = [
  values('users.stripe_customer_id', 'cus_1', 'cus_2'),
  values('users.plan', 'free', 'pro'),
  values('users.stripe_subscription_id', 'sub_1'),
  values('users.trial_ends_at', '2026-01-01 00:00:00+00'),
]

describe('a proposal', () => {
  it('finds every field of a plain table of users, and none of those that only sound alike', () => {
    const [first, ...others] = proposePostgresMapping([plain], plainValues).user
    expect(first?.shape).toEqual({
      table: 'users',
      key: 'id',
      customerId: 'stripe_customer_id',
      email: 'email',
      emailVerified: 'email_verified_at',
      plan: 'plan',
      premium: 'is_premium',
      trialEndsAt: 'trial_ends_at',
      deletedAt: 'deleted_at',
      updatedAt: 'updated_at',
    })
    expect(first?.missing).toEqual([])
    expect(others).toEqual([])
  })

  it('gives the evidence for each guess', () => {
    const [first] = proposePostgresMapping([plain], plainValues).user
    expect(first?.evidence).toEqual(['is named users', 'is a table', 'about 1000 rows'])
    expect(first?.key.evidence).toEqual(['primary key', 'uuid'])
    expect(first?.fields.find(({ field }) => field === 'customerId')?.evidence).toEqual([
      'is named stripe_customer_id',
      'every value seen looks like a Stripe customer id (cus_…)',
      'text, unique',
      '60 of 100 rows have it',
    ])
    expect(first?.fields.find(({ field }) => field === 'premium')?.evidence).toEqual([
      'is named is_premium',
      'boolean',
      'no row was looked at',
    ])
  })

  it('is a mapping that is taken as it stands', () => {
    const [first] = proposePostgresMapping([plain], plainValues).user
    expect(first && parsePostgresMapping('user', first.shape).refusals).toEqual([])
  })

  it('follows values over names', () => {
    const users = table(
      'users',
      'id int primary key',
      'customer text',
      'billing_ref text',
      'tier text',
      'subscription text',
    )
    const [first] = proposePostgresMapping(
      [users],
      [
        values('users.customer', 'Acme Ltd'),
        values('users.billing_ref', 'cus_1'),
        values('users.tier', 'gold'),
        values('users.subscription', 'sub_1'),
      ],
    ).user
    expect(first?.shape).toEqual({ table: 'users', key: 'id', customerId: 'billing_ref', plan: 'tier' })
  })

  it('leaves a column out whose values are something else than its name says', () => {
    const [first] = proposePostgresMapping(
      [plain],
      [values('users.stripe_customer_id', 'sub_1', 'cus_1')],
    ).user
    expect(first?.shape).not.toHaveProperty('customerId')
    expect(first?.missing[0]).toContain('no column holds Stripe customer ids')
  })

  it('ranks what else would do behind what it proposes', () => {
    const users = table(
      'users',
      'id int primary key',
      'plan text',
      'subscription_tier text',
      'stripe_customer_id text',
      'customer_id text',
    )
    const [first] = proposePostgresMapping(
      [users],
      [values('users.subscription_tier', 'pro'), values('users.customer_id', 'cus_1')],
    ).user
    const field = (name: string) => first?.fields.find((proposal) => proposal.field === name)
    expect([field('plan')?.column, field('plan')?.alternatives.map(({ column }) => column)]).toEqual([
      'subscription_tier',
      ['plan'],
    ])
    expect(field('customerId')?.column).toBe('customer_id')
    expect(field('customerId')?.alternatives.map(({ column }) => column)).toEqual(['stripe_customer_id'])
  })

  it.each<readonly [string, readonly DescribedTable[], readonly ColumnSample[], string | undefined]>([
    [
      'profiles beside the users of Supabase',
      [
        table('auth.users', 'id uuid primary key', 'email text', 'email_confirmed_at timestamptz'),
        table(
          'profiles',
          'id uuid primary key',
          'stripe_customer_id text',
          'plan text',
          'updated_at timestamptz',
        ),
      ],
      [],
      'profiles',
    ],
    [
      'users, and not their subscriptions',
      [
        table(
          'subscriptions',
          'id text primary key',
          'user_id uuid -> users.id',
          'plan text',
          'stripe_customer_id text',
        ),
        table('users', 'id uuid primary key', 'stripe_customer_id text', 'plan text'),
      ],
      [],
      'users',
    ],
    [
      'a table whose name says nothing, by what it holds',
      [table('kunden', 'id int primary key', 'stripe_customer_id text', 'plan text')],
      [values('kunden.stripe_customer_id', 'cus_1')],
      'kunden',
    ],
    [
      'users before customers',
      [
        table('customers', 'id int primary key', 'stripe_customer_id text', 'plan text'),
        table('users', 'id int primary key', 'stripe_customer_id text', 'plan text'),
      ],
      [],
      'users',
    ],
    [
      'nothing in a blog',
      [
        table('posts', 'id int primary key', 'title text'),
        table('users', 'id int primary key', 'email text'),
      ],
      [],
      undefined,
    ],
    [
      'nothing without a key',
      [table('users', 'id int', 'plan text', 'stripe_customer_id text')],
      [],
      undefined,
    ],
    ['nothing in an empty database', [], [], undefined],
    [
      'nothing in subscriptions alone',
      [table('subscriptions', 'id text primary key', 'user_id uuid', 'plan text', 'stripe_customer_id text')],
      [],
      undefined,
    ],
  ])('for users is %s', (_rule, tables, samples, found) => {
    expect(proposePostgresMapping(tables, samples).user[0]?.table).toBe(found)
  })

  it('finds organizations with seats, members and entitlement rows in tables of their own', () => {
    const tables = [
      table('User', 'id text primary key', 'email text unique', 'clerkId text unique'),
      table(
        'Team',
        'id text primary key',
        'clerkOrgId text unique',
        'stripeCustomerId text',
        'planName text',
        'maxSeats int',
        'isActive boolean',
        'updatedAt timestamptz',
      ),
      table('TeamMember', 'id text primary key', 'teamId text -> Team.id', 'userId text -> User.id'),
      table('Invitation', 'id text primary key', 'teamId text -> Team.id', 'email text'),
      table('TeamFeature', 'teamId text -> Team.id', 'featureKey text', 'enabled boolean'),
      table('ActivityLog', 'id text primary key', 'teamId text -> Team.id', 'name text'),
    ]
    const { user, organization } = proposePostgresMapping(tables, [values('Team.planName', 'Plus')])
    expect(user).toEqual([])
    expect(organization[0]?.shape).toEqual({
      table: 'Team',
      key: 'id',
      subject: 'clerkOrgId',
      customerId: 'stripeCustomerId',
      plan: 'planName',
      seats: 'maxSeats',
      entitlements: { table: 'TeamFeature', subject: 'teamId', feature: 'featureKey', enabled: 'enabled' },
      members: { table: 'TeamMember', organization: 'teamId' },
      updatedAt: 'updatedAt',
    })
    expect(organization[0]?.members?.evidence).toEqual([
      'teamId is a foreign key to public.Team.id',
      'userId says who',
    ])
  })

  it('takes tables without foreign keys by the names of their columns', () => {
    const tables = [
      table('users', 'id bigint primary key', 'stripe_customer_id text', 'plan text'),
      table('user_entitlements', 'id bigint primary key', 'user_id bigint', 'feature text'),
      table('user_features', 'user_id text', 'name text'),
    ]
    const [first] = proposePostgresMapping(tables, []).user
    expect(first?.entitlementRows?.shape).toEqual({
      table: 'user_entitlements',
      subject: 'user_id',
      feature: 'feature',
    })
    expect(first?.entitlementRows?.evidence[0]).toContain('without a foreign key')
  })

  it('knows the subject by another id only where that is unique', () => {
    const users = (clerk: string) => table('users', 'id int primary key', clerk, 'plan text')
    expect(proposePostgresMapping([users('clerk_user_id text unique')], []).user[0]?.shape.subject).toBe(
      'clerk_user_id',
    )
    expect(proposePostgresMapping([users('clerk_user_id text')], []).user[0]?.shape.subject).toBe(undefined)
    const byValue = [values('users.handle', 'user_2abcDEF34567')]
    expect(proposePostgresMapping([users('handle text unique')], byValue).user[0]?.shape.subject).toBe(
      'handle',
    )
  })
})
