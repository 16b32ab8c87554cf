/**
 * People: who they are, how they sign in, the workspaces that they belong to, invites, and keys for machines.
 *
 * The tables `person`, `person_session`, `person_account`, `person_check` and `person_two_factor` are those of the
 * sign-in library, under our names; it wants their key to be called `id`. People have no workspace: they are members of
 * some. No table holds what opens a door: passwords are hashed with scrypt, links, sessions and keys with SHA-256 (they
 * are 256 random bits), and what an authenticator app shares with us is encrypted.
 */
export const sql = `
create table trueup.person (
  id text collate "C" primary key,
  email text collate "C" not null unique,
  email_verified boolean not null default false,
  name text not null,
  image text,
  two_factor_enabled boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table trueup.person_session (
  id text collate "C" primary key,
  person_id text collate "C" not null references trueup.person on delete cascade,
  token_hash text collate "C" not null unique,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  -- When the person last showed, in this session, that it is them.
  confirmed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index person_session_person on trueup.person_session (person_id);
create index person_session_expires on trueup.person_session (expires_at);

-- A way to sign in: a password, or an account of the identity provider.
create table trueup.person_account (
  id text collate "C" primary key,
  person_id text collate "C" not null references trueup.person on delete cascade,
  provider_id text collate "C" not null,
  account_id text collate "C" not null,
  password_hash text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (provider_id, account_id)
);
create index person_account_person on trueup.person_account (person_id);

-- What is under way: a password reset, a sign-in that waits for its second factor or for the identity provider.
create table trueup.person_check (
  id text collate "C" primary key,
  identifier_hash text collate "C" not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index person_check_identifier on trueup.person_check (identifier_hash);
create index person_check_expires on trueup.person_check (expires_at);

create table trueup.person_two_factor (
  id text collate "C" primary key,
  person_id text collate "C" not null unique references trueup.person on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);

-- One row, written by whoever signs up first.
create table trueup.first_sign_up (
  "only" boolean primary key default true check ("only"),
  person_id text collate "C" not null,
  at timestamptz not null
);

-- Where anybody may sign up: a link to the address, so that nobody learns which addresses are known here.
create table trueup.sign_up_link (
  token_hash bytea primary key,
  email text collate "C" not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- How often somebody tried, by what they tried on. Old rows mean nothing.
create table trueup.attempt (
  attempt_key text collate "C" primary key,
  window_started_at timestamptz not null,
  attempts integer not null
);
create index attempt_started on trueup.attempt (window_started_at);

create table trueup.member (
  workspace_id text collate "C" not null references trueup.workspace,
  person_id text collate "C" not null references trueup.person,
  role text not null check (role in ('viewer', 'member', 'admin', 'owner')),
  joined_at timestamptz not null,
  primary key (workspace_id, person_id)
);
create unique index member_one_owner on trueup.member (workspace_id) where role = 'owner';
create index member_person on trueup.member (person_id, workspace_id);

create table trueup.invite (
  workspace_id text collate "C" not null references trueup.workspace,
  invite_id text collate "C" not null,
  email text collate "C" not null,
  role text not null check (role in ('viewer', 'member', 'admin')),
  token_hash bytea not null unique,
  invited_by text collate "C" not null,
  -- Whether the link went to the address alone, so that whoever has it reads the mail of the address.
  mailed boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by text collate "C",
  revoked_at timestamptz,
  primary key (workspace_id, invite_id)
);
create unique index invite_one_pending on trueup.invite (workspace_id, email)
  where accepted_at is null and revoked_at is null;

create table trueup.api_key (
  workspace_id text collate "C" not null references trueup.workspace,
  key_id text collate "C" not null,
  -- null: every project of the workspace
  project_id text collate "C" references trueup.project,
  name text not null,
  scope text not null check (scope in ('read', 'read+repair')),
  token_hash bytea not null unique,
  -- What is shown in its place.
  last_four text not null,
  allowed_addresses text[],
  created_by text collate "C" not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text collate "C",
  primary key (workspace_id, key_id)
);

-- Acts of people on a workspace that concern no project's records, which have the ledger. It only grows.
create table trueup.workspace_entry (
  workspace_id text collate "C" not null references trueup.workspace,
  entry_number bigint generated always as identity,
  act text not null,
  at timestamptz not null,
  -- A person's id, or command-line.
  by text collate "C" not null,
  -- Ids and settings, never an address or a name: these can be erased, an entry cannot.
  facts json not null,
  primary key (workspace_id, entry_number)
);
create trigger only_grows before update or delete or truncate on trueup.workspace_entry
  for each statement execute function trueup.refuse_change();
alter table trueup.workspace_entry enable always trigger only_grows;
revoke update, delete, truncate on trueup.workspace_entry from public, current_user;

select trueup.guard_tenant('member');
select trueup.guard_tenant('invite');
select trueup.guard_tenant('api_key');
select trueup.guard_tenant('workspace_entry', 'select, insert');
select trueup.grant_app('person');
select trueup.grant_app('person_session');
select trueup.grant_app('person_account');
select trueup.grant_app('person_check');
select trueup.grant_app('person_two_factor');
select trueup.grant_app('first_sign_up', 'select, insert');
select trueup.grant_app('sign_up_link');
select trueup.grant_app('attempt');
`
