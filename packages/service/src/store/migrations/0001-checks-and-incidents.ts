/**
 * Checks, what they observed and found, and the incidents that came of it.
 *
 * Every text that is compared or paged through is `collate "C"`: its order is then the same on every server, and the
 * same as in memory. Documents are `json`, not `jsonb`, so that they come back exactly as they were written: `jsonb`
 * refuses U+0000, which metadata may hold. The readings of subjects, customers and facts are many and are seldom read
 * again: they are packed, as `packing/` says.
 */
export const sql = `
create table trueup.project (
  project_id text collate "C" primary key,
  workspace_id text collate "C" not null default 'default'
);

create table trueup.check_run (
  project_id text collate "C" not null references trueup.project,
  check_number bigint generated always as identity,
  workspace_id text collate "C" not null,
  kind text not null,
  dry_run boolean not null,
  as_of timestamptz not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  phase text not null default 'read',
  config_fingerprint text not null,
  -- How its observations are packed. A check of another version cannot be resumed.
  packing_version integer not null,
  counts json,
  compared_up_to text collate "C",
  match_rules json not null default '[]',
  -- Whether the pairs that can differ have been sought since the last matching.
  sought boolean not null default false,
  -- Its observations were deleted: it cannot be resumed.
  forgotten boolean not null default false,
  primary key (project_id, check_number)
);

create table trueup.check_part (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  state json not null,
  primary key (project_id, check_number, source, part),
  foreign key (project_id, check_number) references trueup.check_run
);

create table trueup.check_requests (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  sent bigint not null,
  primary key (project_id, check_number, source, part),
  foreign key (project_id, check_number) references trueup.check_run
);

create table trueup.check_cursor (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  cursor_id text collate "C" not null,
  cursor json not null,
  primary key (project_id, check_number, source, part, cursor_id),
  foreign key (project_id, check_number) references trueup.check_run
);

create table trueup.observed_price (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  price_id text collate "C" not null,
  price json not null,
  primary key (project_id, check_number, price_id)
);

-- One row a refund or dispute, so that a page written twice is counted once.
create table trueup.observed_reversal (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  payment_id text collate "C" not null,
  reversal_ids text collate "C" not null,
  reversal json not null,
  primary key (project_id, check_number, payment_id, reversal_ids)
);

create table trueup.observed_customer (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  match_values json not null,
  customer text not null,
  primary key (project_id, check_number, customer_id)
);

create table trueup.observed_fact (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  fact_id text collate "C" not null,
  customer_id text collate "C" not null,
  user_key text collate "C",
  organization_key text collate "C",
  entitling boolean not null,
  match_values json not null,
  fact text not null,
  primary key (project_id, check_number, fact_id)
);
create index observed_fact_customer on trueup.observed_fact (project_id, check_number, customer_id);

create table trueup.observed_subject (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  subject_key text collate "C" not null,
  source text collate "C" not null,
  subject_type text collate "C" not null,
  agreement_key text collate "C",
  points_to text collate "C",
  pointer_unreadable boolean not null,
  deleted boolean not null,
  match_values json not null,
  reading text not null,
  primary key (project_id, check_number, subject_key, source)
);
create index observed_subject_points_to on trueup.observed_subject
  (project_id, check_number, points_to, subject_key) where points_to is not null;

create table trueup.pointed_customer (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  found text not null,
  pointed json not null,
  primary key (project_id, check_number, customer_id)
);

create table trueup.link (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  subject_key text collate "C" not null,
  customer_id text collate "C" not null,
  rule integer not null,
  primary key (project_id, check_number, subject_key, customer_id)
);
create index link_customer on trueup.link (project_id, check_number, customer_id, subject_key);

-- The first subjects among which the winning rule of a customer could not choose.
create table trueup.candidate (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  subject_key text collate "C" not null,
  rule integer not null,
  primary key (project_id, check_number, customer_id, subject_key)
);
create index candidate_subject on trueup.candidate (project_id, check_number, subject_key);

-- Who pointed to a customer, or was linked to it, in any check: so that a payer whose subject is gone can be named.
create table trueup.known_subject (
  project_id text collate "C" not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  subject_key text collate "C" not null,
  primary key (project_id, customer_id, subject_key)
);

-- The keys of the pairs that can differ; all others agree.
create table trueup.can_differ (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  pair_key text collate "C" not null,
  primary key (project_id, check_number, pair_key)
);

create table trueup.finding (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  pair_key text collate "C" not null,
  verdict text not null,
  settling boolean not null,
  drifts json not null,
  finding json not null,
  primary key (project_id, check_number, pair_key)
);

create table trueup.incident (
  project_id text collate "C" not null,
  incident_id text collate "C" not null,
  workspace_id text collate "C" not null,
  identity_key text collate "C" not null,
  state text not null,
  severity_rank smallint not null,
  opened_at timestamptz not null,
  incident json not null,
  primary key (project_id, incident_id),
  unique (project_id, identity_key)
);
create index incident_worst_first on trueup.incident
  (project_id, severity_rank desc, opened_at, incident_id);

create table trueup.incident_seen (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  incident_id text collate "C" not null,
  primary key (project_id, check_number, incident_id)
);

-- Matching and comparing look at every row, but hardly at any reading: readings stand apart, uncompressed, so that the
-- rows are few pages and stay in memory. It is what keeps a check linear where memory is small.
alter table trueup.observed_customer set (toast_tuple_target = 256);
alter table trueup.observed_customer alter column customer set storage external;
alter table trueup.observed_customer alter column match_values set storage main;
alter table trueup.observed_fact set (toast_tuple_target = 256);
alter table trueup.observed_fact alter column fact set storage external;
alter table trueup.observed_fact alter column match_values set storage main;
alter table trueup.observed_subject set (toast_tuple_target = 256);
alter table trueup.observed_subject alter column reading set storage external;
alter table trueup.observed_subject alter column match_values set storage main;
`
