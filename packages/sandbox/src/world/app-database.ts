/** Where an app keeps what it grants: in Clerk metadata, in its own database, or in its database with a mirror in Clerk. */
export const accessKeepings = ['clerk', 'postgres', 'both'] as const
export type AccessKeeping = (typeof accessKeepings)[number]

/** A row of `users`. The columns that say nothing about access are what such tables hold besides. */
export interface AppUserRow {
  /** A UUID. */
  readonly id: string
  /** The same person in Clerk; the table has this column only where the app uses Clerk. */
  readonly clerk_user_id: string | null
  readonly email: string | null
  readonly email_verified_at: Date | null
  readonly full_name: string | null
  readonly locale: string
  readonly stripe_customer_id: string | null
  readonly plan: string | null
  readonly is_premium: boolean | null
  readonly trial_ends_at: Date | null
  readonly last_seen_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly deleted_at: Date | null
}

/** A row of `organizations`. Features stand in the row. */
export interface AppOrganizationRow {
  /** Clerk's id where the app uses Clerk, else one of the same form. */
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly stripe_customer_id: string | null
  readonly plan: string | null
  readonly features: readonly string[]
  readonly seats: number | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly deleted_at: Date | null
}

/** A row of `organization_members`. */
export interface AppMemberRow {
  readonly organization_id: string
  readonly user_id: string
  readonly role: 'admin' | 'member'
  readonly joined_at: Date
}

/** A row of `user_entitlements`: the features of users stand in rows of their own. */
export interface AppEntitlementRow {
  readonly user_id: string
  readonly feature: string
  /** Some are switched off and not taken away. */
  readonly enabled: boolean
}

/** The database of the app, as plain data. */
export interface AppDatabase {
  /** Makes the tables, without rows; for PostgreSQL 13 and later. */
  readonly schemaSql: string
  readonly users: readonly AppUserRow[]
  readonly organizations: readonly AppOrganizationRow[]
  readonly organizationMembers: readonly AppMemberRow[]
  readonly userEntitlements: readonly AppEntitlementRow[]
}

/**
 * The tables of an app that keeps access in its own database.
 *
 * @param usesClerk Whether users have a column for their id in Clerk.
 */
export function appSchemaSql(usesClerk: boolean): string {
  return `create table users (
  id uuid primary key,
${usesClerk ? '  clerk_user_id text unique,\n' : ''}  email text,
  email_verified_at timestamptz,
  full_name text,
  locale text not null default 'en',
  stripe_customer_id text,
  plan text,
  is_premium boolean,
  trial_ends_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index users_updated_at on users (updated_at);
create index users_stripe_customer_id on users (stripe_customer_id);

create table organizations (
  id text primary key,
  name text not null,
  slug text not null,
  stripe_customer_id text,
  plan text,
  features text[] not null default '{}',
  seats integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index organizations_updated_at on organizations (updated_at);

create table organization_members (
  organization_id text not null references organizations (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  role text not null default 'member',
  joined_at timestamptz not null default now(),
  primary key (organization_id, user_id)
);

create table user_entitlements (
  user_id uuid not null references users (id) on delete cascade,
  feature text not null,
  enabled boolean not null default true,
  primary key (user_id, feature)
);
`
}
