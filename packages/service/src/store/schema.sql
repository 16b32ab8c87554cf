-- What the migrations add up to, written by schema.real.test.ts. Change a migration, not this file.

create table trueup.can_differ (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  pair_key text collate "C" not null,
  constraint can_differ_pkey PRIMARY KEY (project_id, check_number, pair_key)
);

create table trueup.candidate (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  subject_key text collate "C" not null,
  rule integer not null,
  constraint candidate_pkey PRIMARY KEY (project_id, check_number, customer_id, subject_key)
);

create table trueup.check_cursor (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  cursor_id text collate "C" not null,
  cursor json not null,
  constraint check_cursor_pkey PRIMARY KEY (project_id, check_number, source, part, cursor_id),
  constraint check_cursor_project_id_check_number_fkey FOREIGN KEY (project_id, check_number) REFERENCES trueup.check_run(project_id, check_number)
);

create table trueup.check_part (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  state json not null,
  constraint check_part_pkey PRIMARY KEY (project_id, check_number, source, part),
  constraint check_part_project_id_check_number_fkey FOREIGN KEY (project_id, check_number) REFERENCES trueup.check_run(project_id, check_number)
);

create table trueup.check_requests (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  sent bigint not null,
  constraint check_requests_pkey PRIMARY KEY (project_id, check_number, source, part),
  constraint check_requests_project_id_check_number_fkey FOREIGN KEY (project_id, check_number) REFERENCES trueup.check_run(project_id, check_number)
);

create table trueup.check_rows (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  row_count bigint not null,
  constraint check_rows_pkey PRIMARY KEY (project_id, check_number, source, part)
);

create table trueup.check_run (
  project_id text collate "C" not null,
  check_number bigint not null generated always as identity,
  workspace_id text collate "C" not null,
  kind text not null,
  dry_run boolean not null,
  as_of timestamp with time zone not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  phase text not null default 'read'::text,
  config_fingerprint text not null,
  packing_version integer not null,
  counts json,
  compared_up_to text collate "C",
  match_rules json not null default '[]'::json,
  sought boolean not null default false,
  forgotten boolean not null default false,
  constraint check_run_pkey PRIMARY KEY (project_id, check_number),
  constraint check_run_project_id_fkey FOREIGN KEY (project_id) REFERENCES trueup.project(project_id)
);

create table trueup.check_shape (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  part text collate "C" not null,
  shape text collate "C" not null,
  constraint check_shape_pkey PRIMARY KEY (project_id, check_number, part)
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
  constraint finding_pkey PRIMARY KEY (project_id, check_number, pair_key)
);

create table trueup.incident (
  project_id text collate "C" not null,
  incident_id text collate "C" not null,
  workspace_id text collate "C" not null,
  identity_key text collate "C" not null,
  state text not null,
  severity_rank smallint not null,
  opened_at timestamp with time zone not null,
  incident json not null,
  constraint incident_pkey PRIMARY KEY (project_id, incident_id),
  constraint incident_project_id_identity_key_key UNIQUE (project_id, identity_key)
);

create table trueup.incident_seen (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  incident_id text collate "C" not null,
  constraint incident_seen_pkey PRIMARY KEY (project_id, check_number, incident_id)
);

create table trueup.known_subject (
  project_id text collate "C" not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  subject_key text collate "C" not null,
  constraint known_subject_pkey PRIMARY KEY (project_id, customer_id, subject_key)
);

create table trueup.ledger_checkpoint (
  project_id text collate "C" not null,
  size bigint not null,
  workspace_id text collate "C" not null,
  root bytea not null,
  range bytea not null,
  note text not null,
  signed_at timestamp with time zone not null,
  constraint ledger_checkpoint_pkey PRIMARY KEY (project_id, size),
  constraint ledger_checkpoint_project_id_fkey FOREIGN KEY (project_id) REFERENCES trueup.project(project_id)
);

create table trueup.ledger_draft (
  project_id text collate "C" not null,
  draft_number bigint not null generated always as identity,
  workspace_id text collate "C" not null,
  key text collate "C" not null,
  draft json not null,
  constraint ledger_draft_pkey PRIMARY KEY (project_id, draft_number),
  constraint ledger_draft_project_id_fkey FOREIGN KEY (project_id) REFERENCES trueup.project(project_id),
  constraint ledger_draft_project_id_key_key UNIQUE (project_id, key)
);

create table trueup.ledger_entry (
  project_id text collate "C" not null,
  sequence bigint not null,
  workspace_id text collate "C" not null,
  key text collate "C" not null,
  act text not null,
  at timestamp with time zone not null,
  incident_id text collate "C",
  entry bytea storage external not null,
  hash bytea not null,
  constraint ledger_entry_pkey PRIMARY KEY (project_id, sequence),
  constraint ledger_entry_project_id_fkey FOREIGN KEY (project_id) REFERENCES trueup.project(project_id),
  constraint ledger_entry_project_id_key_key UNIQUE (project_id, key)
);

create table trueup.ledger_person (
  project_id text collate "C" not null,
  person text collate "C" not null,
  sequence bigint not null,
  workspace_id text collate "C" not null,
  constraint ledger_person_pkey PRIMARY KEY (project_id, person, sequence)
);

create table trueup.ledger_personal (
  project_id text collate "C" not null,
  sequence bigint not null,
  workspace_id text collate "C" not null,
  salt bytea not null,
  personal text not null,
  constraint ledger_personal_pkey PRIMARY KEY (project_id, sequence)
);

create table trueup.link (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  subject_key text collate "C" not null,
  customer_id text collate "C" not null,
  rule integer not null,
  constraint link_pkey PRIMARY KEY (project_id, check_number, subject_key, customer_id)
);

create table trueup.migration (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (number)
);

create table trueup.observed_customer (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  match_values json storage main not null,
  customer text storage external not null,
  constraint observed_customer_pkey PRIMARY KEY (project_id, check_number, customer_id)
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
  match_values json storage main not null,
  fact text storage external not null,
  monthly_currency text collate "C",
  monthly_amount bigint,
  constraint observed_fact_pkey PRIMARY KEY (project_id, check_number, fact_id)
);

create table trueup.observed_price (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  price_id text collate "C" not null,
  price json not null,
  constraint observed_price_pkey PRIMARY KEY (project_id, check_number, price_id)
);

create table trueup.observed_reversal (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  payment_id text collate "C" not null,
  reversal_ids text collate "C" not null,
  reversal json not null,
  constraint observed_reversal_pkey PRIMARY KEY (project_id, check_number, payment_id, reversal_ids)
);

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
  match_values json storage main not null,
  reading text storage external not null,
  constraint observed_subject_pkey PRIMARY KEY (project_id, check_number, subject_key, source)
);

create table trueup.pointed_customer (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  found text not null,
  pointed json not null,
  constraint pointed_customer_pkey PRIMARY KEY (project_id, check_number, customer_id)
);

create table trueup.project (
  project_id text collate "C" not null,
  workspace_id text collate "C" not null default 'default'::text,
  name text not null default ''::text,
  time_zone text not null default 'UTC'::text,
  state text not null default 'setting-up'::text,
  created_at timestamp with time zone not null default now(),
  constraint project_pkey PRIMARY KEY (project_id),
  constraint project_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES trueup.workspace(workspace_id)
);

create table trueup.push (
  project_id text collate "C" not null,
  source text collate "C" not null,
  push_id text collate "C" not null,
  workspace_id text collate "C" not null,
  mode text not null,
  state text not null default 'open'::text,
  generation bigint not null,
  begun_at timestamp with time zone not null,
  received bigint not null default 0,
  result json,
  constraint push_pkey PRIMARY KEY (project_id, source, push_id),
  constraint push_project_id_source_fkey FOREIGN KEY (project_id, source) REFERENCES trueup.pushed_source(project_id, source)
);

create table trueup.push_part (
  project_id text collate "C" not null,
  source text collate "C" not null,
  push_id text collate "C" not null,
  sequence integer not null,
  workspace_id text collate "C" not null,
  digest text collate "C" not null,
  constraint push_part_pkey PRIMARY KEY (project_id, source, push_id, sequence),
  constraint push_part_project_id_source_push_id_fkey FOREIGN KEY (project_id, source, push_id) REFERENCES trueup.push(project_id, source, push_id) ON DELETE CASCADE
);

create table trueup.pushed_source (
  project_id text collate "C" not null,
  source text collate "C" not null,
  workspace_id text collate "C" not null,
  shown_generation bigint not null default 0,
  last_generation bigint not null default 0,
  last_full_at timestamp with time zone,
  last_push_at timestamp with time zone,
  constraint pushed_source_pkey PRIMARY KEY (project_id, source),
  constraint pushed_source_project_id_fkey FOREIGN KEY (project_id) REFERENCES trueup.project(project_id)
);

create table trueup.pushed_subject (
  project_id text collate "C" not null,
  source text collate "C" not null,
  generation bigint not null,
  subject_type text collate "C" not null,
  subject_id text collate "C" not null,
  workspace_id text collate "C" not null,
  is_increment boolean not null,
  deleted boolean not null,
  updated_at timestamp with time zone,
  pushed_at timestamp with time zone not null,
  subject json not null,
  constraint pushed_subject_pkey PRIMARY KEY (project_id, source, generation, subject_type, subject_id)
);

create table trueup.repair (
  project_id text collate "C" not null,
  repair_id text collate "C" not null,
  workspace_id text collate "C" not null,
  incident_id text collate "C" not null,
  state text collate "C" not null,
  is_open boolean not null,
  source text collate "C" not null,
  container text collate "C" not null,
  record text collate "C" not null,
  fields text[] not null,
  batch_id text collate "C",
  undoes text collate "C",
  proposed_at timestamp with time zone not null,
  intended_at timestamp with time zone,
  repair json not null,
  constraint repair_pkey PRIMARY KEY (project_id, repair_id),
  constraint repair_project_id_fkey FOREIGN KEY (project_id) REFERENCES trueup.project(project_id)
);

create table trueup.repair_control (
  project_id text collate "C" not null,
  workspace_id text collate "C" not null,
  token bigint not null default 0,
  switched_off json,
  constraint repair_control_pkey PRIMARY KEY (project_id)
);

create table trueup.workspace (
  workspace_id text collate "C" not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint workspace_pkey PRIMARY KEY (workspace_id)
);

CREATE INDEX candidate_subject ON trueup.candidate USING btree (project_id, check_number, subject_key);
CREATE INDEX incident_worst_first ON trueup.incident USING btree (project_id, severity_rank DESC, opened_at, incident_id);
CREATE INDEX ledger_entry_incident ON trueup.ledger_entry USING btree (project_id, incident_id, sequence) WHERE (incident_id IS NOT NULL);
CREATE INDEX ledger_person_sequence ON trueup.ledger_person USING btree (project_id, sequence);
CREATE INDEX link_customer ON trueup.link USING btree (project_id, check_number, customer_id, subject_key);
CREATE INDEX observed_fact_customer ON trueup.observed_fact USING btree (project_id, check_number, customer_id);
CREATE INDEX observed_subject_points_to ON trueup.observed_subject USING btree (project_id, check_number, points_to, subject_key) WHERE (points_to IS NOT NULL);
CREATE UNIQUE INDEX project_of_workspace ON trueup.project USING btree (workspace_id, project_id);
CREATE INDEX push_begun ON trueup.push USING btree (project_id, source, begun_at);
CREATE INDEX repair_intended ON trueup.repair USING btree (project_id, source, container, intended_at) WHERE (intended_at IS NOT NULL);
CREATE INDEX repair_of_batch ON trueup.repair USING btree (project_id, batch_id) WHERE (batch_id IS NOT NULL);
CREATE INDEX repair_of_incident ON trueup.repair USING btree (project_id, incident_id);
CREATE UNIQUE INDEX repair_open_once ON trueup.repair USING btree (project_id, incident_id, source, container, record, COALESCE(undoes, ''::text)) WHERE is_open;
CREATE INDEX repair_proposed ON trueup.repair USING btree (project_id, proposed_at, repair_id);

CREATE TRIGGER only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON trueup.ledger_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION trueup.refuse_change() /* always */;
CREATE TRIGGER only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON trueup.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION trueup.refuse_change() /* always */;
