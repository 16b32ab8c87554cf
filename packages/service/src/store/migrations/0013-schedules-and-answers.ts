/** When a project's work is due by the clock, and answers to requests that may be sent twice. */
export const sql = `
create table trueup.schedule (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null references trueup.project,
  task text not null,
  cron text not null,
  enabled boolean not null default true,
  -- The moment that it is next due, spread by the project's own share of the jitter.
  due_at timestamptz not null,
  last_due_at timestamptz,
  primary key (project_id, task)
);
create index schedule_due on trueup.schedule (due_at) where enabled;
select trueup.guard_tenant('schedule');

create table trueup.idempotent_answer (
  -- Empty where the route names no workspace.
  workspace_id text collate "C" not null,
  owner text collate "C" not null,
  key text collate "C" not null,
  content text not null,
  begun_at timestamptz not null,
  status integer,
  headers text,
  answer text,
  primary key (workspace_id, owner, key)
);
create index idempotent_answer_begun on trueup.idempotent_answer (begun_at);
select trueup.guard_tenant('idempotent_answer');
`
