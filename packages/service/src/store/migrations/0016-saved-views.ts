/** Ways of looking at the incidents of a project that a person keeps under a name. They go with the membership. */
export const sql = `
create table trueup.incident_view (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  view_id text collate "C" not null,
  person_id text collate "C" not null,
  name text not null,
  -- Without its case and the blanks around it: a person has a name once.
  name_key text collate "C" not null,
  query json not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (workspace_id, project_id, view_id),
  unique (workspace_id, project_id, person_id, name_key),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade,
  foreign key (workspace_id, person_id) references trueup.member (workspace_id, person_id) on delete cascade
);
select trueup.guard_tenant('incident_view');
`
