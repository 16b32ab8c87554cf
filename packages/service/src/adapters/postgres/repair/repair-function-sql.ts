import { functionsSql } from './functions-sql.ts'
import { journalSql } from './journal-sql.ts'
import { assertRoleName, quoteJson, quoteName, quoteText, quoteVerifier } from './quote.ts'
import {
  containerOf,
  defaultCapAnHour,
  defaultRepairRole,
  type RepairPolicy,
  type RepairTable,
} from './repair-policy.ts'

/** What the login role may call; nothing else is granted to it. */
const calls = [
  'trueup_repair.inspect(text, text, text[])',
  'trueup_repair.apply(text, text, text, jsonb, timestamptz, bigint)',
  'trueup_repair.settle(text)',
  'trueup_repair.abandon(text, text, text, bigint)',
]

/**
 * The SQL that sets up repairs in the app's own database, for its owner to read and run (PostgreSQL 13 to 17,
 * Supabase; with the rights of the tables' owner and CREATEROLE). It makes a schema `trueup_repair` with a policy, a
 * journal and functions; a role without a login that may write the named columns; and a login role that may call the
 * functions and nothing else. Run again it takes over the policy's tables, columns and rules; the journal stays, and
 * so do the caps and switches of columns that were there.
 *
 * @throws RangeError for names that PostgreSQL cannot hold.
 *
 * @example
 * repairFunctionSql({
 *   tables: [{
 *     schema: 'public', table: 'users', key: 'id',
 *     columns: [{ column: 'plan', rule: { kind: 'any-of', values: ['free', 'pro'] } }],
 *   }],
 * })
 */
export function repairFunctionSql(policy: RepairPolicy): string {
  const { tables, capAnHour = defaultCapAnHour, role = defaultRepairRole, verifier } = policy
  assertRoleName(role)
  return `-- Lets Trueup repair single rows of the columns named at the end, and nothing else.
-- Run it as the owner of the tables. It may be run again: the journal, the caps and the switches stay as they are.
--
-- Stop all repairs:        update trueup_repair.policy set switched_on = false;
-- Change a cap:            update trueup_repair.policy set cap_an_hour = 100 where column_name = 'plan';
-- See what was written:    select * from trueup_repair.journal order by id;
-- Take all of it back:     select * from trueup_repair.undo_all(now() - interval '1 day');
-- Change its password:     alter role ${quoteName(role)} password '...';
begin;
set local client_min_messages = warning;
set local search_path = pg_catalog, pg_temp;
${rolesSql(role, verifier)}${journalSql}${functionsSql}
${grantsSql(role)}
${policySql(tables, capAnHour, role)}
commit;
`
}

/** The SQL that takes everything away again, the journal with it. The repaired rows stay as they are. */
export function repairFunctionUninstallSql({
  role = defaultRepairRole,
}: Pick<RepairPolicy, 'role'> = {}): string {
  assertRoleName(role)
  return `begin;
set local client_min_messages = warning;
set local search_path = pg_catalog, pg_temp;
do $body$
declare
  owner text := ${quoteText(ownerOf(role))};
  line record;
begin
  for line in
    select n.nspname, c.relname, p.polname from pg_policy p
    join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
    where p.polname in ('trueup_repair_read', 'trueup_repair_write')
  loop
    execute format('drop policy %I on %I.%I', line.polname, line.nspname, line.relname);
  end loop;
  for line in
    select distinct n.nspname, c.relname from pg_attribute a
    join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    cross join lateral aclexplode(a.attacl) as g join pg_roles r on r.oid = g.grantee
    where r.rolname = owner
  loop
    execute format('revoke all on %I.%I from %I', line.nspname, line.relname, owner);
  end loop;
  for line in
    select distinct n.nspname from pg_namespace n
    cross join lateral aclexplode(n.nspacl) as g join pg_roles r on r.oid = g.grantee
    where r.rolname = owner
  loop
    execute format('revoke all on schema %I from %I', line.nspname, owner);
  end loop;
end
$body$;
drop schema if exists trueup_repair cascade;
do $body$
declare
  leaving text;
begin
  foreach leaving in array array[${quoteText(role)}, ${quoteText(ownerOf(role))}] loop
    begin
      execute format('drop role if exists %I', leaving);
    exception when dependent_objects_still_exist then
      raise warning 'The role % is kept: something else depends on it.', leaving;
    end;
  end loop;
end
$body$;
commit;
`
}

function ownerOf(role: string): string {
  return `${role}_owner`
}

function rolesSql(role: string, verifier: string | undefined): string {
  const owner = ownerOf(role)
  return `
do $body$
begin
  if not exists (select from pg_roles where rolname = ${quoteText(owner)}) then
    create role ${quoteName(owner)} nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = ${quoteText(role)}) then
    create role ${quoteName(role)} login noinherit connection limit 10${verifier === undefined ? '' : ` password ${quoteVerifier(verifier)}`};
    alter role ${quoteName(role)} set statement_timeout = '15s';
    alter role ${quoteName(role)} set idle_in_transaction_session_timeout = '15s';
  end if;
  if exists (select from pg_roles where rolname = ${quoteText(owner)} and (rolcanlogin or rolsuper)) then
    raise exception 'The role % must not be able to log in, nor be a superuser.', ${quoteText(owner)};
  end if;
  if exists (select from pg_roles where rolname = ${quoteText(role)}
    and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls))
  then
    raise exception 'The role % may do more than log in.', ${quoteText(role)};
  end if;
  if exists (select from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = ${quoteText(role)}) then
    raise exception 'The role % is a member of another role.', ${quoteText(role)};
  end if;
  -- Functions are given to a role by those who are its members.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    grant ${quoteName(owner)} to current_user;
  end if;
end
$body$;
`
}

function grantsSql(role: string): string {
  const owner = quoteName(ownerOf(role))
  const login = quoteName(role)
  return `revoke all on all tables in schema trueup_repair from public, ${owner}, ${login};
revoke all on all functions in schema trueup_repair from public, ${login};
revoke all on schema trueup_repair from ${owner}, ${login};
grant usage, create on schema trueup_repair to ${owner};
grant select, update (last_write_at) on trueup_repair.policy to ${owner};
grant select, insert on trueup_repair.journal to ${owner};
grant select, insert, update on trueup_repair.fence to ${owner};
${calls.map((call) => `alter function ${call} owner to ${owner};`).join('\n')}
grant execute on all functions in schema trueup_repair to ${owner};
revoke execute on function trueup_repair.undo_all(timestamptz) from ${owner};
revoke execute on all functions in schema trueup_repair from public;
revoke create on schema trueup_repair from ${owner};
grant usage on schema trueup_repair to ${login};
${calls.map((call) => `grant execute on function ${call} to ${login};`).join('\n')}`
}

/** The tables, checked by the database that has them: a key that is unique, columns of types that can be compared. */
function policySql(tables: readonly RepairTable[], capAnHour: number, role: string): string {
  const wanted = tables.flatMap((table) =>
    table.columns.map(({ column, rule }) => ({
      target: containerOf(table),
      schema_name: table.schema,
      table_name: table.table,
      key_column: table.key,
      column_name: column,
      rule,
    })),
  )
  for (const table of tables) {
    for (const name of [table.schema, table.table, table.key, ...table.columns.map(({ column }) => column)])
      quoteName(name)
  }
  return `
do $body$
declare
  owner text := ${quoteText(ownerOf(role))};
  wanted jsonb := ${quoteJson(wanted)};
  line record;
  relation regclass;
begin
  for line in select distinct p.schema_name, p.table_name from trueup_repair.policy p loop
    if to_regclass(format('%I.%I', line.schema_name, line.table_name)) is not null then
      execute format('revoke select, update on %I.%I from %I', line.schema_name, line.table_name, owner);
    end if;
  end loop;
  delete from trueup_repair.policy p where not exists (
    select from jsonb_to_recordset(wanted) as w (target text, column_name text) where w.target = p.target and w.column_name = p.column_name);

  for line in select distinct w.target, w.schema_name, w.table_name, w.key_column from jsonb_to_recordset(wanted)
    as w (target text, schema_name text, table_name text, key_column text)
  loop
    relation := to_regclass(format('%I.%I', line.schema_name, line.table_name));
    if relation is null or (select c.relkind from pg_class c where c.oid = relation) not in ('r', 'p') then
      raise exception 'There is no table %.', line.target;
    end if;
    if not exists (
      select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = relation and i.indisunique and i.indisvalid and i.indnkeyatts = 1 and i.indpred is null
        and a.attname = line.key_column)
    then
      raise exception 'The table % has no unique index on % alone.', line.target, line.key_column;
    end if;
    execute format('grant usage on schema %I to %I', line.schema_name, owner);
    execute format('grant select (%I) on %I.%I to %I', line.key_column, line.schema_name, line.table_name, owner);
    if (select c.relrowsecurity from pg_class c where c.oid = relation) then
      -- Row-level security would hide every row from the role.
      execute format('drop policy if exists trueup_repair_read on %I.%I', line.schema_name, line.table_name);
      execute format('drop policy if exists trueup_repair_write on %I.%I', line.schema_name, line.table_name);
      execute format('create policy trueup_repair_read on %I.%I for select to %I using (true)', line.schema_name, line.table_name, owner);
      execute format('create policy trueup_repair_write on %I.%I for update to %I using (true) with check (true)', line.schema_name, line.table_name, owner);
    end if;
  end loop;

  for line in select w.*, t.typname, t.typtype, coalesce(e.typtype, t.typtype) as item_type, a.attname, a.attgenerated
    from jsonb_to_recordset(wanted) as w (target text, schema_name text, table_name text, key_column text, column_name text, rule jsonb)
    left join pg_attribute a on a.attrelid = to_regclass(format('%I.%I', w.schema_name, w.table_name))
      and a.attname = w.column_name and a.attnum > 0 and not a.attisdropped
    left join pg_type t on t.oid = a.atttypid left join pg_type e on e.oid = t.typelem and t.typcategory = 'A'
  loop
    if line.attname is null or line.attgenerated <> '' then
      raise exception 'The table % has no column % that can be written.', line.target, line.column_name;
    elsif line.column_name = line.key_column then
      raise exception 'The key % of % cannot be written.', line.key_column, line.target;
    elsif line.item_type not in ('b', 'e', 'd') then
      raise exception 'The column % of % is of a type that is not written: %.', line.column_name, line.target, line.typname;
    end if;
    execute format('grant select (%1$I), update (%1$I) on %2$I.%3$I to %4$I',
      line.column_name, line.schema_name, line.table_name, owner);
    insert into trueup_repair.policy as p (target, schema_name, table_name, key_column, column_name, rule, cap_an_hour)
      values (line.target, line.schema_name, line.table_name, line.key_column, line.column_name, line.rule, ${Math.trunc(capAnHour)})
      on conflict (target, column_name) do update set schema_name = excluded.schema_name,
        table_name = excluded.table_name, key_column = excluded.key_column, rule = excluded.rule;
  end loop;
end
$body$;`
}
