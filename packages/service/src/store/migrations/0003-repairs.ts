/**
 * Repairs, and what holds them back.
 *
 * The record stands as one document; the columns beside it are what is asked for. A repair of one record for one
 * incident is open once at most, and so is the undoing of one.
 */
export const sql = `
create table trueup.repair (
  project_id text collate "C" not null references trueup.project,
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
  proposed_at timestamptz not null,
  intended_at timestamptz,
  repair json not null,
  primary key (project_id, repair_id)
);
create index repair_proposed on trueup.repair (project_id, proposed_at, repair_id);
create index repair_of_incident on trueup.repair (project_id, incident_id);
create index repair_of_batch on trueup.repair (project_id, batch_id) where batch_id is not null;
create index repair_intended on trueup.repair (project_id, source, container, intended_at)
  where intended_at is not null;
create unique index repair_open_once on trueup.repair
  (project_id, incident_id, source, container, record, coalesce(undoes, '')) where is_open;

-- One row a project: its lock lets one process at a time change a repair, and its token grows with every change, also
-- when an older backup of this database was restored. The row of project '*' switches repairs off everywhere.
create table trueup.repair_control (
  project_id text collate "C" primary key,
  workspace_id text collate "C" not null,
  token bigint not null default 0,
  switched_off json
);
`
