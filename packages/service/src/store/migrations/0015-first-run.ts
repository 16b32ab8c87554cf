/**
 * What a person chose while setting a project up, what a dry run would have filed, and the made-up worlds that demo
 * projects stand on.
 */
export const sql = `
-- Choices that stand nowhere else, and the configuration as far as it was filled in. Neither is in force.
create table trueup.onboarding (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  answers json not null,
  draft json,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (workspace_id, project_id),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
select trueup.guard_tenant('onboarding');

-- What a dry run found, bounded, since its observations go when the next check is done.
create table trueup.check_preview (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  check_id text collate "C" not null,
  preview json not null,
  made_at timestamptz not null,
  primary key (workspace_id, project_id, check_id),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
select trueup.guard_tenant('check_preview');

-- A project on made-up accounts. They live in one process at a time, which says here where, for as long as it lives.
create table trueup.demo_world (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null unique,
  -- The same seed makes the same world, and the same keys to it.
  seed text collate "C" not null,
  host text collate "C",
  stripe_url text collate "C",
  clerk_url text collate "C",
  leased_until timestamptz,
  -- How far it was told: preparing, ready, failed.
  state text collate "C" not null default 'preparing',
  failure text,
  made_at timestamptz not null,
  made_by text not null,
  primary key (workspace_id, project_id),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
select trueup.guard_tenant('demo_world');
`
