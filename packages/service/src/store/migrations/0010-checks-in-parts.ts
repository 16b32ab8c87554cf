/**
 * Checks of a few, and full checks that several processes read. Single checks of one pair take turns by tokens: only
 * the one that was issued last may file. The parts of a full check are leased by the database's clock, each lease under
 * a token of its own, so that nothing of a process that was thought dead is kept. Sources share one budget of requests.
 */
export const sql = `
-- Who has to do with a subject, as it was known for customers before.
create index known_subject_of on trueup.known_subject (project_id, subject_key, customer_id);

-- How often the reading of a customer or a subject was begun; what was begun last may file.
create table trueup.check_token (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  pair_key text collate "C" not null,
  token bigint not null,
  primary key (workspace_id, project_id, pair_key)
);
select trueup.guard_tenant('check_token');

-- Up to when the changes of a source have been looked at.
create table trueup.check_mark (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  looked_at_until timestamptz not null,
  primary key (workspace_id, project_id, source, part)
);
select trueup.guard_tenant('check_mark');

-- Pieces of the work of a full check, each to be done by one process at a time.
create table trueup.check_unit (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  check_number bigint not null,
  unit_number integer not null,
  source text collate "C" not null,
  part text collate "C" not null,
  -- The cursors of the part that are read here; null: all of them, from the beginning where there is none.
  cursor_ids text[],
  done boolean not null default false,
  -- The last that was issued; what carries another is refused. Greater than all tokens of this check before it.
  token bigint not null default 0,
  leased_until timestamptz,
  -- Other processes that have nothing to do and would take a share.
  asked_to_share boolean not null default false,
  rows_read bigint not null default 0,
  primary key (workspace_id, project_id, check_number, unit_number),
  foreign key (project_id, check_number) references trueup.check_run
);
select trueup.guard_tenant('check_unit');

alter table trueup.check_run
  add column in_parts boolean not null default false,
  add column last_token bigint not null default 0,
  add column accepts_changes boolean not null default false;

-- Requests that may be sent to a source, shared by all processes: so many now, and so many more each second.
create table trueup.request_budget (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  source text collate "C" not null,
  tokens double precision not null,
  counted_at timestamptz not null,
  primary key (workspace_id, project_id, source)
);
select trueup.guard_tenant('request_budget');
`
