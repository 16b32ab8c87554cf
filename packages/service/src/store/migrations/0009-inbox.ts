import { appRole } from './0006-tenants.ts'

/**
 * Webhooks that came in: where they are sent, the secrets that sign them, the events themselves, and who is due for a
 * check because of them.
 *
 * An event is kept once, under its provider's own id. What follows from it is kept in the same transaction: the
 * customer or subject is due, in one row however many events named it.
 *
 * The tables that take a row for each event have no foreign key to the project: checking one takes longer than the row,
 * and has every transaction lock the row of the project. What is left of a project that was deleted goes with what is
 * too old.
 */
export const sql = `
create table trueup.webhook_endpoint (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  provider text collate "C" not null,
  -- Events of the other mode, or of another account, are refused; null: not known.
  is_live boolean,
  account text collate "C",
  -- Goes up when either changes, so that a refusal is entered in the ledger once for each.
  revision integer not null default 1,
  opened_at timestamptz not null,
  -- How far the provider's own list of events was compared, when that was, and what it failed with.
  swept_to timestamptz,
  swept_at timestamptz,
  sweep_failure json,
  -- The provider's clock minus ours.
  clock_skew_seconds integer,
  primary key (workspace_id, project_id, provider),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
create unique index webhook_endpoint_of_project on trueup.webhook_endpoint (project_id, provider);
select trueup.guard_tenant('webhook_endpoint');

create table trueup.webhook_secret (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  provider text collate "C" not null,
  secret_id text collate "C" not null,
  sealed text collate "C" not null,
  -- What may be shown of it.
  label text not null,
  added_at timestamptz not null,
  added_by text not null,
  -- Signs until then; null: until it is taken away.
  expires_at timestamptz,
  primary key (workspace_id, project_id, provider, secret_id),
  foreign key (workspace_id, project_id, provider) references trueup.webhook_endpoint on delete cascade
);
select trueup.guard_tenant('webhook_secret');
select trueup.guard_sealed('webhook_secret', 'sealed', 'webhook-secret', array['provider', 'secret_id']);

create table trueup.inbox_event (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  provider text collate "C" not null,
  event_id text collate "C" not null,
  -- The order in which events were stored.
  seq bigint generated always as identity,
  type text collate "C" not null,
  object_id text collate "C",
  livemode boolean,
  account text collate "C",
  created_at timestamptz not null,
  received_at timestamptz not null,
  -- acted-on, twin, not-acted-on
  verdict text collate "C" not null,
  no_effect text collate "C",
  twin_of text collate "C",
  target_kind text collate "C",
  target_id text collate "C",
  -- webhook, or sweep: it was found in the provider's own list, and had not come.
  found_by text collate "C" not null,
  deliveries integer not null,
  last_delivered_at timestamptz,
  -- Deliveries that the provider had not succeeded with when the sweep found the event.
  pending_webhooks integer,
  replays integer not null default 0,
  -- The check that followed from it was completed; and how often that was, a replay apart.
  checked_at timestamptz,
  effects integer not null default 0,
  -- On one line, without secrets. Forgotten before the row is.
  payload text,
  primary key (workspace_id, project_id, provider, event_id)
);
create unique index inbox_event_newest on trueup.inbox_event (workspace_id, project_id, seq desc);
create index inbox_event_unchecked on trueup.inbox_event (workspace_id, project_id, target_kind, target_id)
  where verdict = 'acted-on' and checked_at is null;
create index inbox_event_of_target on trueup.inbox_event (workspace_id, project_id, target_id, seq desc)
  where target_id is not null;
-- Rows are added in the order of this time, so that a small index tells where the old ones are.
create index inbox_event_received on trueup.inbox_event using brin (received_at);
select trueup.guard_tenant('inbox_event');

-- By what two events of one change are known.
create table trueup.inbox_change (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  change_key text collate "C" not null,
  event_id text collate "C" not null,
  form text collate "C" not null,
  noted_at timestamptz not null,
  primary key (workspace_id, project_id, change_key)
);
create index inbox_change_noted on trueup.inbox_change using brin (noted_at);
select trueup.guard_tenant('inbox_change');

create sequence trueup.due_generation;
create sequence trueup.due_token;
do $$
begin
  if exists (select from pg_roles where rolname = '${appRole}') then
    grant usage on sequence trueup.due_generation, trueup.due_token to ${appRole};
  end if;
end
$$;

-- Who is to be checked. A row goes when its check is completed and nothing named it meanwhile.
create table trueup.due_check (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  -- customer, subject, object
  target_kind text collate "C" not null,
  target_id text collate "C" not null,
  -- Goes up with every batch of events that names it.
  generation bigint not null default nextval('trueup.due_generation'),
  -- due, set-aside
  state text collate "C" not null default 'due',
  due_since timestamptz not null default now(),
  not_before timestamptz not null default now(),
  attempts integer not null default 0,
  -- Only who holds the latest token may complete it.
  lease_token bigint,
  leased_until timestamptz,
  failure json,
  primary key (workspace_id, project_id, target_kind, target_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
create index due_check_ready on trueup.due_check (workspace_id, project_id, not_before) where state = 'due';
select trueup.guard_tenant('due_check');

-- Subjects that were deleted, so that one who still pays can be named for as long as there is a customer.
create table trueup.deleted_subject (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  subject_key text collate "C" not null,
  deleted_at timestamptz not null,
  event_id text collate "C" not null,
  primary key (workspace_id, project_id, subject_key),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
select trueup.guard_tenant('deleted_subject');

-- Requests that were refused, a row for each reason: whoever sends them can add no rows.
create table trueup.webhook_refusal (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  provider text collate "C" not null,
  reason text collate "C" not null,
  refused bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (workspace_id, project_id, provider, reason),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
select trueup.guard_tenant('webhook_refusal');
`
