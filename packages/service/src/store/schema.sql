-- What the migrations add up to, written by schema.real.test.ts. Change a migration, not this file.

create table trueup.access_step (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  pair_key text collate "C" not null,
  seen_at timestamp with time zone not null,
  check_number bigint,
  state text collate "C",
  facts text,
  packing_version integer not null,
  ended_at timestamp with time zone,
  constraint access_step_pkey PRIMARY KEY (workspace_id, project_id, pair_key, seen_at)
);

create table trueup.alert_channel (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  channel_id text collate "C" not null,
  name text not null,
  kind text not null,
  settings json not null,
  sealed text not null,
  enabled boolean not null default true,
  gets_digest boolean not null,
  messages_per_hour integer not null,
  created_at timestamp with time zone not null,
  constraint alert_channel_pkey PRIMARY KEY (workspace_id, project_id, channel_id),
  constraint alert_channel_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.alert_digest (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  week_ends_at timestamp with time zone not null,
  numbers json not null,
  constraint alert_digest_pkey PRIMARY KEY (workspace_id, project_id, week_ends_at),
  constraint alert_digest_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.alert_episode (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  channel_id text collate "C" not null,
  cause text collate "C" not null,
  episode_id text collate "C" not null,
  last_due_at timestamp with time zone not null,
  constraint alert_episode_pkey PRIMARY KEY (workspace_id, project_id, channel_id, cause),
  constraint alert_episode_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.alert_rule (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  rule_id text collate "C" not null,
  place integer not null,
  enabled boolean not null default true,
  rule json not null,
  created_at timestamp with time zone not null,
  constraint alert_rule_pkey PRIMARY KEY (workspace_id, project_id, rule_id),
  constraint alert_rule_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.alert_told (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  channel_id text collate "C" not null,
  incident_id text collate "C" not null,
  opening integer not null,
  rule_id text collate "C" not null,
  cause text collate "C" not null,
  episode_id text collate "C" not null,
  delivery_id text collate "C" not null,
  told_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  end_delivery_id text collate "C",
  constraint alert_told_pkey PRIMARY KEY (workspace_id, project_id, channel_id, incident_id, opening),
  constraint alert_told_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.api_key (
  workspace_id text collate "C" not null,
  key_id text collate "C" not null,
  project_id text collate "C",
  name text not null,
  scope text not null,
  token_hash bytea not null,
  last_four text not null,
  allowed_addresses text[],
  created_by text collate "C" not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  revoked_by text collate "C",
  constraint api_key_pkey PRIMARY KEY (workspace_id, key_id),
  constraint api_key_project_id_fkey FOREIGN KEY (project_id) REFERENCES trueup.project(project_id),
  constraint api_key_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'read+repair'::text]))),
  constraint api_key_token_hash_key UNIQUE (token_hash),
  constraint api_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES trueup.workspace(workspace_id)
);

create table trueup.attempt (
  attempt_key text collate "C" not null,
  window_started_at timestamp with time zone not null,
  attempts integer not null,
  constraint attempt_pkey PRIMARY KEY (attempt_key)
);

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

create table trueup.check_mark (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  looked_at_until timestamp with time zone not null,
  constraint check_mark_pkey PRIMARY KEY (workspace_id, project_id, source, part)
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

create table trueup.check_preview (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  check_id text collate "C" not null,
  preview json not null,
  made_at timestamp with time zone not null,
  constraint check_preview_pkey PRIMARY KEY (workspace_id, project_id, check_id),
  constraint check_preview_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
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
  in_parts boolean not null default false,
  last_token bigint not null default 0,
  accepts_changes boolean not null default false,
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

create table trueup.check_token (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  pair_key text collate "C" not null,
  token bigint not null,
  constraint check_token_pkey PRIMARY KEY (workspace_id, project_id, pair_key)
);

create table trueup.check_unit (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  check_number bigint not null,
  unit_number integer not null,
  source text collate "C" not null,
  part text collate "C" not null,
  cursor_ids text[],
  done boolean not null default false,
  token bigint not null default 0,
  leased_until timestamp with time zone,
  asked_to_share boolean not null default false,
  rows_read bigint not null default 0,
  constraint check_unit_pkey PRIMARY KEY (workspace_id, project_id, check_number, unit_number),
  constraint check_unit_project_id_check_number_fkey FOREIGN KEY (project_id, check_number) REFERENCES trueup.check_run(project_id, check_number)
);

create table trueup.data_key (
  workspace_id text collate "C" not null,
  version integer not null,
  master_key_id text collate "C" not null,
  made_under text collate "C" not null,
  wrapped text collate "C",
  made_at timestamp with time zone not null,
  retired_at timestamp with time zone,
  constraint data_key_master_key_id_fkey FOREIGN KEY (master_key_id) REFERENCES trueup.master_key(key_id),
  constraint data_key_pkey PRIMARY KEY (workspace_id, version),
  constraint data_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES trueup.workspace(workspace_id) ON DELETE CASCADE
);

create table trueup.deleted_subject (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  subject_key text collate "C" not null,
  deleted_at timestamp with time zone not null,
  event_id text collate "C" not null,
  constraint deleted_subject_pkey PRIMARY KEY (workspace_id, project_id, subject_key),
  constraint deleted_subject_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.delivery (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  delivery_id text collate "C" not null,
  audience text collate "C" not null,
  target_id text collate "C" not null,
  key text collate "C" not null,
  message_id text collate "C" not null,
  type text collate "C" not null,
  cause text collate "C",
  state text collate "C" not null default 'waiting'::text,
  held_for text collate "C",
  content json,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  tries integer not null default 0,
  token bigint not null default 0,
  leased_until timestamp with time zone,
  ended_at timestamp with time zone,
  problem text,
  constraint delivery_pkey PRIMARY KEY (workspace_id, project_id, delivery_id),
  constraint delivery_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE,
  constraint delivery_workspace_id_project_id_key_key UNIQUE (workspace_id, project_id, key)
);

create table trueup.delivery_try (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  delivery_id text collate "C" not null,
  token bigint not null,
  at timestamp with time zone not null,
  outcome text collate "C" not null,
  status integer,
  detail text not null,
  took_ms integer not null,
  constraint delivery_try_pkey PRIMARY KEY (workspace_id, project_id, delivery_id, token),
  constraint delivery_try_workspace_id_project_id_delivery_id_fkey FOREIGN KEY (workspace_id, project_id, delivery_id) REFERENCES trueup.delivery(workspace_id, project_id, delivery_id) ON DELETE CASCADE
);

create table trueup.demo_world (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  seed text collate "C" not null,
  host text collate "C",
  stripe_url text collate "C",
  clerk_url text collate "C",
  leased_until timestamp with time zone,
  state text collate "C" not null default 'preparing'::text,
  failure text,
  made_at timestamp with time zone not null,
  made_by text not null,
  constraint demo_world_pkey PRIMARY KEY (workspace_id, project_id),
  constraint demo_world_project_id_key UNIQUE (project_id),
  constraint demo_world_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.deploy (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  deploy_id text collate "C" not null,
  version text not null,
  url text,
  deployed_at timestamp with time zone not null,
  marked_at timestamp with time zone not null,
  marked_by text not null,
  constraint deploy_pkey PRIMARY KEY (workspace_id, project_id, deploy_id),
  constraint deploy_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.due_check (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  target_kind text collate "C" not null,
  target_id text collate "C" not null,
  generation bigint not null default nextval('trueup.due_generation'::regclass),
  state text collate "C" not null default 'due'::text,
  due_since timestamp with time zone not null default now(),
  not_before timestamp with time zone not null default now(),
  attempts integer not null default 0,
  lease_token bigint,
  leased_until timestamp with time zone,
  failure json,
  constraint due_check_pkey PRIMARY KEY (workspace_id, project_id, target_kind, target_id)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=500);

create table trueup.exception (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  exception_id text collate "C" not null,
  subject_key text collate "C" not null,
  owner text collate "C" not null,
  until timestamp with time zone not null,
  ended_at timestamp with time zone,
  exception json not null,
  constraint exception_pkey PRIMARY KEY (workspace_id, project_id, exception_id)
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
  access_state text collate "C",
  constraint finding_pkey PRIMARY KEY (project_id, check_number, pair_key)
);

create table trueup.first_sign_up (
  only boolean not null default true,
  person_id text collate "C" not null,
  at timestamp with time zone not null,
  constraint first_sign_up_only_check CHECK ("only"),
  constraint first_sign_up_pkey PRIMARY KEY ("only")
);

create table trueup.idempotent_answer (
  workspace_id text collate "C" not null,
  owner text collate "C" not null,
  key text collate "C" not null,
  content text not null,
  begun_at timestamp with time zone not null,
  status integer,
  headers text,
  answer text,
  constraint idempotent_answer_pkey PRIMARY KEY (workspace_id, owner, key)
);

create table trueup.inbox_change (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  change_key text collate "C" not null,
  event_id text collate "C" not null,
  form text collate "C" not null,
  noted_at timestamp with time zone not null,
  constraint inbox_change_pkey PRIMARY KEY (workspace_id, project_id, change_key)
);

create table trueup.inbox_event (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  provider text collate "C" not null,
  event_id text collate "C" not null,
  seq bigint not null generated always as identity,
  type text collate "C" not null,
  object_id text collate "C",
  livemode boolean,
  account text collate "C",
  created_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  verdict text collate "C" not null,
  no_effect text collate "C",
  twin_of text collate "C",
  target_kind text collate "C",
  target_id text collate "C",
  found_by text collate "C" not null,
  deliveries integer not null,
  last_delivered_at timestamp with time zone,
  pending_webhooks integer,
  replays integer not null default 0,
  checked_at timestamp with time zone,
  effects integer not null default 0,
  payload text,
  constraint inbox_event_pkey PRIMARY KEY (workspace_id, project_id, provider, event_id)
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
  kind text collate "C",
  subject_key text collate "C",
  customer_id text collate "C",
  hurts text collate "C",
  assignee text collate "C",
  money_currency text collate "C",
  money_amount numeric,
  last_seen_at timestamp with time zone,
  search_text text collate "C",
  constraint incident_pkey PRIMARY KEY (project_id, incident_id),
  constraint incident_project_id_identity_key_key UNIQUE (project_id, identity_key)
);

create table trueup.incident_cause (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  incident_id text collate "C" not null,
  opening integer not null,
  opened_at timestamp with time zone not null,
  kind text collate "C",
  cause_on text collate "C",
  confidence text collate "C",
  cause json,
  found_at timestamp with time zone,
  findings integer not null default 0,
  looks integer not null default 0,
  due_at timestamp with time zone,
  constraint incident_cause_pkey PRIMARY KEY (workspace_id, project_id, incident_id),
  constraint incident_cause_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.incident_seen (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  incident_id text collate "C" not null,
  constraint incident_seen_pkey PRIMARY KEY (project_id, check_number, incident_id)
);

create table trueup.incident_view (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  view_id text collate "C" not null,
  person_id text collate "C" not null,
  name text not null,
  name_key text collate "C" not null,
  query json not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint incident_view_pkey PRIMARY KEY (workspace_id, project_id, view_id),
  constraint incident_view_workspace_id_person_id_fkey FOREIGN KEY (workspace_id, person_id) REFERENCES trueup.member(workspace_id, person_id) ON DELETE CASCADE,
  constraint incident_view_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE,
  constraint incident_view_workspace_id_project_id_person_id_name_key_key UNIQUE (workspace_id, project_id, person_id, name_key)
);

create table trueup.invite (
  workspace_id text collate "C" not null,
  invite_id text collate "C" not null,
  email text collate "C" not null,
  role text not null,
  token_hash bytea not null,
  invited_by text collate "C" not null,
  mailed boolean not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  accepted_by text collate "C",
  revoked_at timestamp with time zone,
  constraint invite_pkey PRIMARY KEY (workspace_id, invite_id),
  constraint invite_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'member'::text, 'admin'::text]))),
  constraint invite_token_hash_key UNIQUE (token_hash),
  constraint invite_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES trueup.workspace(workspace_id)
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

create table trueup.ledger_follower (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  follower text collate "C" not null,
  next_sequence bigint not null default 0,
  constraint ledger_follower_pkey PRIMARY KEY (workspace_id, project_id, follower),
  constraint ledger_follower_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
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
) with (autovacuum_analyze_threshold=2147483647, autovacuum_vacuum_insert_threshold=-1);

create table trueup.master_key (
  key_id text collate "C" not null,
  proof text collate "C" not null,
  first_used_at timestamp with time zone not null,
  retired_at timestamp with time zone,
  constraint master_key_pkey PRIMARY KEY (key_id)
);

create table trueup.member (
  workspace_id text collate "C" not null,
  person_id text collate "C" not null,
  role text not null,
  joined_at timestamp with time zone not null,
  constraint member_person_id_fkey FOREIGN KEY (person_id) REFERENCES trueup.person(id),
  constraint member_pkey PRIMARY KEY (workspace_id, person_id),
  constraint member_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'member'::text, 'admin'::text, 'owner'::text]))),
  constraint member_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES trueup.workspace(workspace_id)
);

create table trueup.migration (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (number)
);

create table trueup.money_turn (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  sequence bigint not null,
  place smallint not null,
  at timestamp with time zone not null,
  hurts text collate "C" not null,
  currency text collate "C" not null,
  at_risk bigint not null,
  recovered bigint not null,
  constraint money_turn_pkey PRIMARY KEY (workspace_id, project_id, sequence, place),
  constraint money_turn_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.observed_customer (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  match_values json storage main not null,
  customer text storage external not null,
  constraint observed_customer_pkey PRIMARY KEY (project_id, check_number, customer_id)
) with (toast_tuple_target=256, autovacuum_analyze_threshold=2147483647, autovacuum_vacuum_insert_threshold=-1);

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
) with (toast_tuple_target=256, autovacuum_analyze_threshold=2147483647, autovacuum_vacuum_insert_threshold=-1);

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
) with (toast_tuple_target=256, autovacuum_analyze_threshold=2147483647, autovacuum_vacuum_insert_threshold=-1);

create table trueup.onboarding (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  answers json not null,
  draft json,
  changed_at timestamp with time zone not null,
  changed_by text not null,
  constraint onboarding_pkey PRIMARY KEY (workspace_id, project_id),
  constraint onboarding_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.outgoing_endpoint (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  endpoint_id text collate "C" not null,
  url text not null,
  description text not null,
  message_types text[] not null,
  enabled boolean not null default true,
  sealed text not null,
  previous_sealed text,
  previous_until timestamp with time zone,
  secret_hint text not null,
  failing_since timestamp with time zone,
  disabled_because text,
  created_at timestamp with time zone not null,
  constraint outgoing_endpoint_pkey PRIMARY KEY (workspace_id, project_id, endpoint_id),
  constraint outgoing_endpoint_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.person (
  id text collate "C" not null,
  email text collate "C" not null,
  email_verified boolean not null default false,
  name text not null,
  image text,
  two_factor_enabled boolean not null default false,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint person_email_key UNIQUE (email),
  constraint person_pkey PRIMARY KEY (id)
);

create table trueup.person_account (
  id text collate "C" not null,
  person_id text collate "C" not null,
  provider_id text collate "C" not null,
  account_id text collate "C" not null,
  password_hash text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint person_account_person_id_fkey FOREIGN KEY (person_id) REFERENCES trueup.person(id) ON DELETE CASCADE,
  constraint person_account_pkey PRIMARY KEY (id),
  constraint person_account_provider_id_account_id_key UNIQUE (provider_id, account_id)
);

create table trueup.person_check (
  id text collate "C" not null,
  identifier_hash text collate "C" not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint person_check_pkey PRIMARY KEY (id)
);

create table trueup.person_session (
  id text collate "C" not null,
  person_id text collate "C" not null,
  token_hash text collate "C" not null,
  ip_address text,
  user_agent text,
  expires_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint person_session_person_id_fkey FOREIGN KEY (person_id) REFERENCES trueup.person(id) ON DELETE CASCADE,
  constraint person_session_pkey PRIMARY KEY (id),
  constraint person_session_token_hash_key UNIQUE (token_hash)
);

create table trueup.person_two_factor (
  id text collate "C" not null,
  person_id text collate "C" not null,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamp with time zone,
  constraint person_two_factor_person_id_fkey FOREIGN KEY (person_id) REFERENCES trueup.person(id) ON DELETE CASCADE,
  constraint person_two_factor_person_id_key UNIQUE (person_id),
  constraint person_two_factor_pkey PRIMARY KEY (id)
);

create table trueup.pointed_customer (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  customer_id text collate "C" not null,
  found text not null,
  pointed json not null,
  constraint pointed_customer_pkey PRIMARY KEY (project_id, check_number, customer_id)
) with (autovacuum_analyze_threshold=2147483647, autovacuum_vacuum_insert_threshold=-1);

create table trueup.project (
  project_id text collate "C" not null,
  workspace_id text collate "C" not null default 'default'::text,
  name text not null default ''::text,
  time_zone text not null default 'UTC'::text,
  state text not null default 'setting-up'::text,
  created_at timestamp with time zone not null default now(),
  deletion_asked_at timestamp with time zone,
  deletion_asked_by text,
  deletion_due_at timestamp with time zone,
  state_before_deletion text,
  erased_at timestamp with time zone,
  constraint project_pkey PRIMARY KEY (project_id),
  constraint project_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES trueup.workspace(workspace_id)
);

create table trueup.project_config (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  version integer not null,
  document json not null,
  fingerprint text collate "C" not null,
  author text not null,
  note text,
  made_at timestamp with time zone not null,
  reverts_to integer,
  constraint project_config_pkey PRIMARY KEY (workspace_id, project_id, version),
  constraint project_config_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.project_secret (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  secret_id text collate "C" not null,
  field text collate "C" not null,
  name text collate "C" not null,
  sealed text collate "C" not null,
  label text not null,
  made_at timestamp with time zone not null,
  made_by text not null,
  last_used_at timestamp with time zone,
  last_used_for text,
  uses bigint not null default 0,
  constraint project_secret_pkey PRIMARY KEY (workspace_id, project_id, secret_id),
  constraint project_secret_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.project_source (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  name text collate "C" not null,
  kind text collate "C" not null,
  settings json not null,
  place text not null,
  is_live boolean,
  findings json not null,
  connected_at timestamp with time zone not null,
  connected_by text not null,
  tested_at timestamp with time zone not null,
  failure json,
  constraint project_source_pkey PRIMARY KEY (workspace_id, project_id, name),
  constraint project_source_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
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

create table trueup.request_budget (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  source text collate "C" not null,
  tokens double precision not null,
  counted_at timestamp with time zone not null,
  constraint request_budget_pkey PRIMARY KEY (workspace_id, project_id, source)
);

create table trueup.schedule (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  task text not null,
  cron text not null,
  enabled boolean not null default true,
  due_at timestamp with time zone not null,
  last_due_at timestamp with time zone,
  constraint schedule_pkey PRIMARY KEY (project_id, task),
  constraint schedule_project_id_fkey FOREIGN KEY (project_id) REFERENCES trueup.project(project_id)
);

create table trueup.sealed_column (
  table_name text collate "C" not null,
  column_name text collate "C" not null,
  field text collate "C" not null,
  row_columns text[] not null,
  has_project boolean not null,
  constraint sealed_column_pkey PRIMARY KEY (table_name, column_name)
);

create table trueup.secret_use (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  secret_id text collate "C" not null,
  used_for text collate "C" not null,
  hour timestamp with time zone not null,
  field text collate "C" not null,
  name text collate "C" not null,
  uses bigint not null,
  last_at timestamp with time zone not null,
  constraint secret_use_pkey PRIMARY KEY (workspace_id, project_id, secret_id, used_for, hour),
  constraint secret_use_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.sign_in_secret (
  workspace_id text collate "C" not null,
  secret_id text collate "C" not null,
  sealed text collate "C" not null,
  made_at timestamp with time zone not null,
  constraint sign_in_secret_pkey PRIMARY KEY (workspace_id, secret_id),
  constraint sign_in_secret_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES trueup.workspace(workspace_id)
);

create table trueup.sign_up_link (
  token_hash bytea not null,
  email text collate "C" not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint sign_up_link_pkey PRIMARY KEY (token_hash)
);

create table trueup.webhook_endpoint (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  provider text collate "C" not null,
  is_live boolean,
  account text collate "C",
  revision integer not null default 1,
  opened_at timestamp with time zone not null,
  swept_to timestamp with time zone,
  swept_at timestamp with time zone,
  sweep_failure json,
  clock_skew_seconds integer,
  constraint webhook_endpoint_pkey PRIMARY KEY (workspace_id, project_id, provider),
  constraint webhook_endpoint_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.webhook_refusal (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  provider text collate "C" not null,
  reason text collate "C" not null,
  refused bigint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  constraint webhook_refusal_pkey PRIMARY KEY (workspace_id, project_id, provider, reason),
  constraint webhook_refusal_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES trueup.project(workspace_id, project_id) ON DELETE CASCADE
);

create table trueup.webhook_secret (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  provider text collate "C" not null,
  secret_id text collate "C" not null,
  sealed text collate "C" not null,
  label text not null,
  added_at timestamp with time zone not null,
  added_by text not null,
  expires_at timestamp with time zone,
  constraint webhook_secret_pkey PRIMARY KEY (workspace_id, project_id, provider, secret_id),
  constraint webhook_secret_workspace_id_project_id_provider_fkey FOREIGN KEY (workspace_id, project_id, provider) REFERENCES trueup.webhook_endpoint(workspace_id, project_id, provider) ON DELETE CASCADE
);

create table trueup.workspace (
  workspace_id text collate "C" not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  deletion_asked_at timestamp with time zone,
  deletion_asked_by text,
  deletion_due_at timestamp with time zone,
  erased_at timestamp with time zone,
  constraint workspace_pkey PRIMARY KEY (workspace_id)
);

create table trueup.workspace_entry (
  workspace_id text collate "C" not null,
  entry_number bigint not null generated always as identity,
  act text not null,
  at timestamp with time zone not null,
  by text collate "C" not null,
  facts json not null,
  constraint workspace_entry_pkey PRIMARY KEY (workspace_id, entry_number),
  constraint workspace_entry_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES trueup.workspace(workspace_id)
);

CREATE INDEX access_step_ended ON trueup.access_step USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX access_step_last ON trueup.access_step USING btree (workspace_id, project_id, pair_key) INCLUDE (state, seen_at) WHERE (ended_at IS NULL);
CREATE INDEX alert_told_delivery ON trueup.alert_told USING btree (workspace_id, project_id, delivery_id);
CREATE INDEX alert_told_end ON trueup.alert_told USING btree (workspace_id, project_id, end_delivery_id) WHERE (end_delivery_id IS NOT NULL);
CREATE INDEX alert_told_episode ON trueup.alert_told USING btree (workspace_id, project_id, episode_id) WHERE (ended_at IS NULL);
CREATE INDEX alert_told_incident ON trueup.alert_told USING btree (workspace_id, project_id, incident_id) WHERE (ended_at IS NULL);
CREATE INDEX attempt_started ON trueup.attempt USING btree (window_started_at);
CREATE INDEX candidate_subject ON trueup.candidate USING btree (project_id, check_number, subject_key);
CREATE INDEX data_key_of_master ON trueup.data_key USING btree (master_key_id) WHERE (wrapped IS NOT NULL);
CREATE INDEX delivery_due ON trueup.delivery USING btree (due_at) WHERE (state = 'waiting'::text);
CREATE INDEX delivery_newest ON trueup.delivery USING btree (workspace_id, project_id, audience, target_id, created_at DESC, delivery_id);
CREATE INDEX delivery_sent ON trueup.delivery USING btree (workspace_id, project_id, target_id, ended_at) WHERE (state = 'sent'::text);
CREATE INDEX deploy_newest ON trueup.deploy USING btree (workspace_id, project_id, deployed_at DESC, deploy_id);
CREATE INDEX due_check_ready ON trueup.due_check USING btree (workspace_id, project_id, not_before) WHERE (state = 'due'::text);
CREATE INDEX exception_subject ON trueup.exception USING btree (workspace_id, project_id, subject_key);
CREATE INDEX exception_until ON trueup.exception USING btree (workspace_id, project_id, until, exception_id);
CREATE INDEX idempotent_answer_begun ON trueup.idempotent_answer USING btree (begun_at);
CREATE INDEX inbox_change_noted ON trueup.inbox_change USING brin (noted_at);
CREATE UNIQUE INDEX inbox_event_newest ON trueup.inbox_event USING btree (workspace_id, project_id, seq DESC);
CREATE INDEX inbox_event_of_target ON trueup.inbox_event USING btree (workspace_id, project_id, target_id, seq DESC) WHERE (target_id IS NOT NULL);
CREATE INDEX inbox_event_received ON trueup.inbox_event USING brin (received_at);
CREATE INDEX inbox_event_unchecked ON trueup.inbox_event USING btree (workspace_id, project_id, target_kind, target_id) WHERE ((verdict = 'acted-on'::text) AND (checked_at IS NULL));
CREATE INDEX incident_cause_due ON trueup.incident_cause USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX incident_cause_of ON trueup.incident_cause USING btree (workspace_id, project_id, kind, cause_on) WHERE (kind IS NOT NULL);
CREATE INDEX incident_customer ON trueup.incident USING btree (project_id, customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX incident_money ON trueup.incident USING btree (project_id, COALESCE(money_amount, ('-1'::integer)::numeric), incident_id);
CREATE INDEX incident_opened ON trueup.incident USING btree (project_id, opened_at, incident_id);
CREATE INDEX incident_severity ON trueup.incident USING btree (project_id, ((- severity_rank)), opened_at, incident_id);
CREATE INDEX incident_subject ON trueup.incident USING btree (project_id, subject_key) WHERE (subject_key IS NOT NULL);
CREATE INDEX incident_worst_first ON trueup.incident USING btree (project_id, severity_rank DESC, opened_at, incident_id);
CREATE UNIQUE INDEX invite_one_pending ON trueup.invite USING btree (workspace_id, email) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));
CREATE INDEX known_subject_of ON trueup.known_subject USING btree (project_id, subject_key, customer_id);
CREATE INDEX ledger_entry_incident ON trueup.ledger_entry USING btree (project_id, incident_id, sequence) WHERE (incident_id IS NOT NULL);
CREATE INDEX ledger_entry_incident_turn ON trueup.ledger_entry USING btree (project_id, at) WHERE (act = ANY (ARRAY['incident-opened'::text, 'incident-reopened'::text, 'incident-resolved'::text]));
CREATE INDEX ledger_person_sequence ON trueup.ledger_person USING btree (project_id, sequence);
CREATE INDEX link_customer ON trueup.link USING btree (project_id, check_number, customer_id, subject_key);
CREATE UNIQUE INDEX member_one_owner ON trueup.member USING btree (workspace_id) WHERE (role = 'owner'::text);
CREATE INDEX member_person ON trueup.member USING btree (person_id, workspace_id);
CREATE INDEX money_turn_at ON trueup.money_turn USING btree (workspace_id, project_id, at);
CREATE INDEX observed_fact_customer ON trueup.observed_fact USING btree (project_id, check_number, customer_id);
CREATE INDEX observed_subject_points_to ON trueup.observed_subject USING btree (project_id, check_number, points_to, subject_key) WHERE (points_to IS NOT NULL);
CREATE INDEX person_account_person ON trueup.person_account USING btree (person_id);
CREATE INDEX person_check_expires ON trueup.person_check USING btree (expires_at);
CREATE INDEX person_check_identifier ON trueup.person_check USING btree (identifier_hash);
CREATE INDEX person_session_expires ON trueup.person_session USING btree (expires_at);
CREATE INDEX person_session_person ON trueup.person_session USING btree (person_id);
CREATE INDEX project_deletion_due ON trueup.project USING btree (deletion_due_at) WHERE ((deletion_due_at IS NOT NULL) AND (erased_at IS NULL));
CREATE UNIQUE INDEX project_of_workspace ON trueup.project USING btree (workspace_id, project_id);
CREATE INDEX project_secret_of_source ON trueup.project_secret USING btree (workspace_id, project_id, field, name);
CREATE INDEX push_begun ON trueup.push USING btree (project_id, source, begun_at);
CREATE INDEX repair_intended ON trueup.repair USING btree (project_id, source, container, intended_at) WHERE (intended_at IS NOT NULL);
CREATE INDEX repair_of_batch ON trueup.repair USING btree (project_id, batch_id) WHERE (batch_id IS NOT NULL);
CREATE INDEX repair_of_incident ON trueup.repair USING btree (project_id, incident_id);
CREATE UNIQUE INDEX repair_open_once ON trueup.repair USING btree (project_id, incident_id, source, container, record, COALESCE(undoes, ''::text)) WHERE is_open;
CREATE INDEX repair_proposed ON trueup.repair USING btree (project_id, proposed_at, repair_id);
CREATE INDEX schedule_due ON trueup.schedule USING btree (due_at) WHERE enabled;
CREATE INDEX secret_use_hour ON trueup.secret_use USING btree (hour);
CREATE UNIQUE INDEX webhook_endpoint_of_project ON trueup.webhook_endpoint USING btree (project_id, provider);

CREATE TRIGGER incident_columns BEFORE INSERT OR UPDATE OF incident ON trueup.incident FOR EACH ROW EXECUTE FUNCTION trueup.incident_columns();
CREATE TRIGGER only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON trueup.ledger_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION trueup.refuse_change() /* always */;
CREATE TRIGGER only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON trueup.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION trueup.refuse_change() /* always */;
CREATE TRIGGER only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON trueup.workspace_entry FOR EACH STATEMENT EXECUTE FUNCTION trueup.refuse_change() /* always */;
CREATE TRIGGER previous_sealed_is_sealed BEFORE INSERT OR UPDATE OF previous_sealed, workspace_id ON trueup.outgoing_endpoint FOR EACH ROW EXECUTE FUNCTION trueup.refuse_dead_key('previous_sealed');
CREATE TRIGGER sealed_is_sealed BEFORE INSERT OR UPDATE OF sealed, workspace_id ON trueup.alert_channel FOR EACH ROW EXECUTE FUNCTION trueup.refuse_dead_key('sealed');
CREATE TRIGGER sealed_is_sealed BEFORE INSERT OR UPDATE OF sealed, workspace_id ON trueup.outgoing_endpoint FOR EACH ROW EXECUTE FUNCTION trueup.refuse_dead_key('sealed');
CREATE TRIGGER sealed_is_sealed BEFORE INSERT OR UPDATE OF sealed, workspace_id ON trueup.project_secret FOR EACH ROW EXECUTE FUNCTION trueup.refuse_dead_key('sealed');
CREATE TRIGGER sealed_is_sealed BEFORE INSERT OR UPDATE OF sealed, workspace_id ON trueup.sign_in_secret FOR EACH ROW EXECUTE FUNCTION trueup.refuse_dead_key('sealed');
CREATE TRIGGER sealed_is_sealed BEFORE INSERT OR UPDATE OF sealed, workspace_id ON trueup.webhook_secret FOR EACH ROW EXECUTE FUNCTION trueup.refuse_dead_key('sealed');
