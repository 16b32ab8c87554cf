/**
 * What was promised and granted over time: a row for each pair whenever one of the two sides changed. What a check reads
 * is deleted when the next one is done; this stays.
 */
export const sql = `
alter table trueup.finding add column access_state text collate "C";

create table trueup.access_step (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  pair_key text collate "C" not null,
  seen_at timestamptz not null,
  -- Of a reading of this pair alone that filed nothing: none.
  check_number bigint,
  -- None: there is no such pair any more.
  state text collate "C",
  -- What billing held, packed as in observations, where the state is not one that both sides agree in.
  facts text,
  packing_version integer not null,
  -- When the next step was seen; none: this is the last.
  ended_at timestamptz,
  primary key (workspace_id, project_id, pair_key, seen_at)
);
create index access_step_last on trueup.access_step (workspace_id, project_id, pair_key) include (state, seen_at)
  where ended_at is null;
create index access_step_ended on trueup.access_step (ended_at) where ended_at is not null;
select trueup.guard_tenant('access_step');
`
