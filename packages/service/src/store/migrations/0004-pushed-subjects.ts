/**
 * Subjects that the app pushes or imports, in generations. Every push writes a generation of its own; a source shows
 * one of them, and a full push is finished by showing its own instead. So a push that was broken off is never seen.
 */
export const sql = `
create table trueup.pushed_source (
  project_id text collate "C" not null references trueup.project,
  source text collate "C" not null,
  workspace_id text collate "C" not null,
  shown_generation bigint not null default 0,
  last_generation bigint not null default 0,
  last_full_at timestamptz,
  last_push_at timestamptz,
  primary key (project_id, source)
);

create table trueup.push (
  project_id text collate "C" not null,
  source text collate "C" not null,
  push_id text collate "C" not null,
  workspace_id text collate "C" not null,
  mode text not null,
  state text not null default 'open',
  generation bigint not null,
  begun_at timestamptz not null,
  received bigint not null default 0,
  result json,
  primary key (project_id, source, push_id),
  foreign key (project_id, source) references trueup.pushed_source
);
create index push_begun on trueup.push (project_id, source, begun_at);

-- What each part held, so that one that is sent again is known.
create table trueup.push_part (
  project_id text collate "C" not null,
  source text collate "C" not null,
  push_id text collate "C" not null,
  sequence integer not null,
  workspace_id text collate "C" not null,
  digest text collate "C" not null,
  primary key (project_id, source, push_id, sequence),
  foreign key (project_id, source, push_id) references trueup.push on delete cascade
);

create table trueup.pushed_subject (
  project_id text collate "C" not null,
  source text collate "C" not null,
  generation bigint not null,
  subject_type text collate "C" not null,
  subject_id text collate "C" not null,
  workspace_id text collate "C" not null,
  -- Came by an incremental push: newer than what a full push that was open then still brings.
  is_increment boolean not null,
  deleted boolean not null,
  updated_at timestamptz,
  pushed_at timestamptz not null,
  subject json not null,
  primary key (project_id, source, generation, subject_type, subject_id)
);
`
