/**
 * What probably broke, for each incident; deploys of the app, as somebody marked them; and the moments at which money
 * began or ceased to be at risk. Causes and moments are made by what follows the ledger, from its first entry on, so
 * that incidents of before have them too.
 */
export const sql = `
create table trueup.incident_cause (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  incident_id text collate "C" not null,
  -- Which opening of the incident it is about; a new one is looked at anew.
  opening integer not null,
  opened_at timestamptz not null,
  -- Null: not worked out yet.
  kind text collate "C",
  cause_on text collate "C",
  confidence text collate "C",
  cause json,
  found_at timestamptz,
  -- How often something else was found than before, and how often it was looked for.
  findings integer not null default 0,
  looks integer not null default 0,
  -- When it is looked for next; null: no more.
  due_at timestamptz,
  primary key (workspace_id, project_id, incident_id),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
create index incident_cause_of on trueup.incident_cause (workspace_id, project_id, kind, cause_on)
  where kind is not null;
create index incident_cause_due on trueup.incident_cause (due_at) where due_at is not null;
select trueup.guard_tenant('incident_cause');

create table trueup.deploy (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  deploy_id text collate "C" not null,
  version text not null,
  url text,
  deployed_at timestamptz not null,
  marked_at timestamptz not null,
  marked_by text not null,
  primary key (workspace_id, project_id, deploy_id),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
create index deploy_newest on trueup.deploy (workspace_id, project_id, deployed_at desc, deploy_id);
select trueup.guard_tenant('deploy');

create table trueup.money_turn (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  -- The entry of the ledger that it follows from, and which of its turns it is.
  sequence bigint not null,
  place smallint not null,
  at timestamptz not null,
  hurts text collate "C" not null,
  currency text collate "C" not null,
  -- A month's, in minor units; below zero where something ended.
  at_risk bigint not null,
  recovered bigint not null,
  primary key (workspace_id, project_id, sequence, place),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
create index money_turn_at on trueup.money_turn (workspace_id, project_id, at);
select trueup.guard_tenant('money_turn');
`
