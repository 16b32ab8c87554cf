/**
 * Sealed secrets and the keys that they are sealed under; a project's sources and the versions of its configuration.
 *
 * Secrets are sealed under the data key of their workspace, data keys under a master key that never stands here. A
 * value may only be written under a data key that is live, which a trigger of each table holds: so a key that nothing
 * is sealed under can be taken away while others write.
 */
export const sql = `
create table trueup.master_key (
  key_id text collate "C" primary key,
  -- A text that is known, sealed under the key: it tells whether a key that is given under this id is this one.
  proof text collate "C" not null,
  first_used_at timestamptz not null,
  retired_at timestamptz
);
select trueup.grant_app('master_key');

create table trueup.data_key (
  workspace_id text collate "C" not null references trueup.workspace on delete cascade,
  -- The highest is the one that seals.
  version integer not null,
  master_key_id text collate "C" not null references trueup.master_key,
  -- The master key that it was first sealed under: whoever had that one may have had this one.
  made_under text collate "C" not null,
  -- Sealed under the master key; null: retired, and what was sealed under it is lost for good.
  wrapped text collate "C",
  made_at timestamptz not null,
  retired_at timestamptz,
  primary key (workspace_id, version)
);
create index data_key_of_master on trueup.data_key (master_key_id) where wrapped is not null;
select trueup.guard_tenant('data_key');

-- Where sealed values stand, for changing their keys.
create table trueup.sealed_column (
  table_name text collate "C" not null,
  column_name text collate "C" not null,
  -- What the values are, and the columns that name the row of each: both are bound to it, with workspace and project.
  field text collate "C" not null,
  row_columns text[] not null,
  has_project boolean not null,
  primary key (table_name, column_name)
);
select trueup.grant_app('sealed_column', 'select');

create function trueup.refuse_dead_key() returns trigger language plpgsql set search_path = pg_catalog as $$
declare
  sealed text := to_jsonb(new) ->> tg_argv[0];
begin
  if sealed is null then return new; end if;
  perform from trueup.data_key
    where workspace_id = new.workspace_id and wrapped is not null
      and version = (substring(sealed from '^v(\\d{1,9})\\.[A-Za-z0-9_-]{32}\\.[A-Za-z0-9_-]{22,}$'))::integer
    for share;
  if not found then
    raise exception 'The value for %.% is not sealed under a live data key of its workspace.', tg_table_name, tg_argv[0]
      using errcode = 'check_violation', constraint = 'sealed_under_live_key', table = tg_table_name;
  end if;
  return new;
end
$$;

-- For each column of sealed text: values under a live key only, and known to whoever changes keys.
create function trueup.guard_sealed(table_name text, column_name text, field text, row_columns text[])
  returns void language plpgsql set search_path = pg_catalog as $$
begin
  insert into trueup.sealed_column (table_name, column_name, field, row_columns, has_project)
    values (guard_sealed.table_name, guard_sealed.column_name, guard_sealed.field, guard_sealed.row_columns,
      exists (select from pg_attribute where attrelid = format('trueup.%I', guard_sealed.table_name)::regclass
        and attname = 'project_id' and not attisdropped));
  execute format('create trigger %I before insert or update of %I, workspace_id on trueup.%I
    for each row execute function trueup.refuse_dead_key(%L)', column_name || '_is_sealed', column_name, table_name, column_name);
end
$$;
revoke execute on function trueup.guard_sealed from public;

create table trueup.project_secret (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  secret_id text collate "C" not null,
  -- What it is: stripe-key, clerk-key, postgres-url, ...
  field text collate "C" not null,
  -- Which of them: the source that it belongs to.
  name text collate "C" not null,
  sealed text collate "C" not null,
  -- What may be shown of it.
  label text not null,
  made_at timestamptz not null,
  made_by text not null,
  last_used_at timestamptz,
  last_used_for text,
  uses bigint not null default 0,
  primary key (workspace_id, project_id, secret_id),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
create index project_secret_of_source on trueup.project_secret (workspace_id, project_id, field, name);
select trueup.guard_tenant('project_secret');
select trueup.guard_sealed('project_secret', 'sealed', 'project-secret', array['field', 'name', 'secret_id']);

-- What a secret was used for, a row an hour. Stays when the secret is gone, until it is too old.
create table trueup.secret_use (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  secret_id text collate "C" not null,
  used_for text collate "C" not null,
  hour timestamptz not null,
  field text collate "C" not null,
  name text collate "C" not null,
  uses bigint not null,
  last_at timestamptz not null,
  primary key (workspace_id, project_id, secret_id, used_for, hour),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
create index secret_use_hour on trueup.secret_use (hour);
select trueup.guard_tenant('secret_use');

create table trueup.project_source (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  -- As the configuration names it; the callback of an app that makes repairs itself is named callback.
  name text collate "C" not null,
  kind text collate "C" not null,
  -- What is not secret: the pinned authority, whether a role may write, the address of a callback.
  settings json not null,
  -- Account, instance, or host and database, as the last test found it.
  place text not null,
  is_live boolean,
  findings json not null,
  connected_at timestamptz not null,
  connected_by text not null,
  tested_at timestamptz not null,
  -- Code and words of what the last test failed with; null: it passed.
  failure json,
  primary key (workspace_id, project_id, name),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
select trueup.guard_tenant('project_source');

-- Every version that ever held; the highest holds.
create table trueup.project_config (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  version integer not null,
  -- As it was given, the same document as trueup.config.ts.
  document json not null,
  fingerprint text collate "C" not null,
  author text not null,
  note text,
  made_at timestamptz not null,
  -- The version that was brought back by this one.
  reverts_to integer,
  primary key (workspace_id, project_id, version),
  foreign key (workspace_id, project_id) references trueup.project (workspace_id, project_id) on delete cascade
);
select trueup.guard_tenant('project_config');
`
