/**
 * What each customer pays a month, so that the reach of the match rules can be summed by the database; and how many
 * rows each part of a source gave and what its tables were, so that the next check notices when they are not the same.
 */
export const sql = `
alter table trueup.observed_fact add column monthly_currency text collate "C";
alter table trueup.observed_fact add column monthly_amount bigint;

-- Stays when the observations of a check are deleted.
create table trueup.check_rows (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  source text collate "C" not null,
  part text collate "C" not null,
  row_count bigint not null,
  primary key (project_id, check_number, source, part)
);

-- Stays likewise.
create table trueup.check_shape (
  project_id text collate "C" not null,
  check_number bigint not null,
  workspace_id text collate "C" not null,
  part text collate "C" not null,
  shape text collate "C" not null,
  primary key (project_id, check_number, part)
);
`
