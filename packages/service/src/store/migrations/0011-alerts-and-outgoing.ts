/**
 * Who is told of what: alert channels and rules, endpoints of the app, and every message on its way to them.
 *
 * What is to be told is worked out from the entries of the ledger: a follower remembers up to which entry it has come,
 * in the same transaction as the messages that came of them. So each is made once, and none is missed.
 */
export const sql = `
create table trueup.ledger_follower (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  follower text collate "C" not null,
  next_sequence bigint not null default 0,
  primary key (workspace_id, project_id, follower),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);

create table trueup.alert_channel (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  channel_id text collate "C" not null,
  name text not null,
  kind text not null,
  -- What may be shown; addresses and keys stand in \`sealed\`.
  settings json not null,
  sealed text not null,
  enabled boolean not null default true,
  gets_digest boolean not null,
  messages_per_hour integer not null,
  created_at timestamptz not null,
  primary key (workspace_id, project_id, channel_id),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);

create table trueup.alert_rule (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  rule_id text collate "C" not null,
  place integer not null,
  enabled boolean not null default true,
  rule json not null,
  created_at timestamptz not null,
  primary key (workspace_id, project_id, rule_id),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);

-- The current course of one cause in one channel: from the first incident that was told to the end of the last.
create table trueup.alert_episode (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  channel_id text collate "C" not null,
  cause text collate "C" not null,
  episode_id text collate "C" not null,
  last_due_at timestamptz not null,
  primary key (workspace_id, project_id, channel_id, cause),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);

-- An incident is told to a channel once each time it opens.
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
  told_at timestamptz not null,
  ended_at timestamptz,
  -- Which message says that it has ended; none where the rule asks for none.
  end_delivery_id text collate "C",
  primary key (workspace_id, project_id, channel_id, incident_id, opening),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
create index alert_told_incident on trueup.alert_told (workspace_id, project_id, incident_id) where ended_at is null;
create index alert_told_episode on trueup.alert_told (workspace_id, project_id, episode_id) where ended_at is null;
create index alert_told_delivery on trueup.alert_told (workspace_id, project_id, delivery_id);
create index alert_told_end on trueup.alert_told (workspace_id, project_id, end_delivery_id)
  where end_delivery_id is not null;

create table trueup.alert_digest (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  week_ends_at timestamptz not null,
  numbers json not null,
  primary key (workspace_id, project_id, week_ends_at),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);

create table trueup.outgoing_endpoint (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  endpoint_id text collate "C" not null,
  url text not null,
  description text not null,
  message_types text[] not null,
  enabled boolean not null default true,
  -- What signs: the newest secret, and the one before it until its end.
  sealed text not null,
  previous_sealed text,
  previous_until timestamptz,
  secret_hint text not null,
  failing_since timestamptz,
  disabled_because text,
  created_at timestamptz not null,
  primary key (workspace_id, project_id, endpoint_id),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);

-- A message on its way to a channel or an endpoint. Its id and content are kept before the first try, so that every
-- try sends the same.
create table trueup.delivery (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  delivery_id text collate "C" not null,
  audience text collate "C" not null,
  target_id text collate "C" not null,
  -- What makes it itself; the same is kept once.
  key text collate "C" not null,
  message_id text collate "C" not null,
  type text collate "C" not null,
  cause text collate "C",
  state text collate "C" not null default 'waiting',
  held_for text collate "C",
  content json,
  created_at timestamptz not null,
  due_at timestamptz not null,
  tries integer not null default 0,
  token bigint not null default 0,
  leased_until timestamptz,
  ended_at timestamptz,
  problem text,
  primary key (workspace_id, project_id, delivery_id),
  unique (workspace_id, project_id, key),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
create index delivery_newest on trueup.delivery (workspace_id, project_id, audience, target_id, created_at desc, delivery_id);
create index delivery_due on trueup.delivery (due_at) where state = 'waiting';
create index delivery_sent on trueup.delivery (workspace_id, project_id, target_id, ended_at) where state = 'sent';

create table trueup.delivery_try (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  delivery_id text collate "C" not null,
  token bigint not null,
  at timestamptz not null,
  outcome text collate "C" not null,
  status integer,
  detail text not null,
  took_ms integer not null,
  primary key (workspace_id, project_id, delivery_id, token),
  foreign key (workspace_id, project_id, delivery_id) references trueup.delivery on delete cascade
);

-- What a week brought is counted by when it happened.
create index ledger_entry_incident_turn on trueup.ledger_entry (project_id, at)
  where act in ('incident-opened', 'incident-reopened', 'incident-resolved');

select trueup.guard_tenant('ledger_follower');
select trueup.guard_tenant('alert_channel');
select trueup.guard_tenant('alert_rule');
select trueup.guard_tenant('alert_episode');
select trueup.guard_tenant('alert_told');
select trueup.guard_tenant('alert_digest');
select trueup.guard_tenant('outgoing_endpoint');
select trueup.guard_tenant('delivery');
select trueup.guard_tenant('delivery_try');
select trueup.guard_sealed('alert_channel', 'sealed', 'alert-channel', array['channel_id']);
select trueup.guard_sealed('outgoing_endpoint', 'sealed', 'outgoing-secret', array['endpoint_id']);
select trueup.guard_sealed('outgoing_endpoint', 'previous_sealed', 'outgoing-secret-previous', array['endpoint_id']);
`
