/** Statements run as this role where the user of the connection is one whom row-level security does not hold. */
export const appRole = 'trueup_app'

/**
 * Workspaces, what is known of a project, and the second wall between them: row-level security on every table that has
 * a workspace, forced on its owner too. A transaction names the tenant that it works for in `trueup.workspace` and
 * `trueup.project` (empty: every project of the workspace); `*` is every workspace.
 *
 * A superuser passes by every policy, so where the schema is made by one, statements run as a role that does not. A
 * user that may not create roles is not a superuser, and the policies hold it as they are.
 */
export const sql = `
create table trueup.workspace (
  workspace_id text collate "C" primary key,
  name text not null,
  created_at timestamptz not null default now()
);
insert into trueup.workspace (workspace_id, name) values ('default', 'Default');

alter table trueup.project
  add column name text not null default '',
  add column time_zone text not null default 'UTC',
  -- setting-up: not checked by itself yet; live; paused
  add column state text not null default 'setting-up',
  add column created_at timestamptz not null default now(),
  add foreign key (workspace_id) references trueup.workspace;
create unique index project_of_workspace on trueup.project (workspace_id, project_id);

do $$
begin
  -- Another database of this server may be making it at this moment.
  create role ${appRole} nologin;
exception when duplicate_object or unique_violation or insufficient_privilege then null;
end
$$;

do $$
begin
  grant ${appRole} to current_user;
exception when insufficient_privilege or undefined_object or unique_violation or internal_error then null;
end
$$;

create function trueup.grant_app(table_name text, privileges text default 'select, insert, update, delete')
  returns void language plpgsql set search_path = pg_catalog as $$
begin
  if exists (select from pg_roles where rolname = '${appRole}') then
    execute format('grant %s on trueup.%I to ${appRole}', privileges, table_name);
  end if;
end
$$;

create function trueup.guard_tenant(table_name text, privileges text default 'select, insert, update, delete')
  returns void language plpgsql set search_path = pg_catalog as $$
declare
  condition text := $c$ (workspace_id = (select current_setting('trueup.workspace', true))
    or (select current_setting('trueup.workspace', true)) = '*') $c$;
begin
  if exists (select from pg_attribute
    where attrelid = format('trueup.%I', table_name)::regclass and attname = 'project_id' and not attisdropped) then
    condition := condition || $c$ and (coalesce((select current_setting('trueup.project', true)), '') = ''
      or project_id = (select current_setting('trueup.project', true))) $c$;
  end if;
  execute format('alter table trueup.%I enable row level security', table_name);
  execute format('alter table trueup.%I force row level security', table_name);
  execute format('create policy tenant on trueup.%I using (%s) with check (%s)', table_name, condition, condition);
  perform trueup.grant_app(table_name, privileges);
end
$$;
revoke execute on function trueup.grant_app, trueup.guard_tenant from public;

do $$
declare
  found_table text;
begin
  if exists (select from pg_roles where rolname = '${appRole}') then
    grant usage on schema trueup to ${appRole};
  end if;
  for found_table in
    select relname from pg_class
    where relnamespace = 'trueup'::regnamespace and relkind = 'r' and exists (
      select from pg_attribute where attrelid = pg_class.oid and attname = 'workspace_id' and not attisdropped)
    order by relname
  loop
    perform trueup.guard_tenant(found_table,
      case when found_table in ('ledger_entry', 'ledger_checkpoint') then 'select, insert'
           else 'select, insert, update, delete' end);
  end loop;
end
$$;

-- The one row that is about every project: repairs are switched off everywhere by it.
create policy everywhere on trueup.repair_control using (project_id = '*') with check (project_id = '*');
`
