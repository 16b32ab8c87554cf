import { maintainPrivilege } from '../schema/server-version.ts'

/** What the catalogs say of the connected role: each a list of names, most of them empty for a role that only reads. */
export interface RoleFacts {
  readonly role: string
  /** Roles that it can become with SET ROLE, or that it has the rights of. */
  readonly memberships: readonly string[]
  readonly superuser: boolean
  readonly createsRoles: boolean
  readonly createsDatabases: boolean
  readonly replicates: boolean
  readonly bypassesRowSecurity: boolean
  readonly owned: readonly string[]
  /** `public.users: insert, update`. */
  readonly writable: readonly string[]
  /** The same, of tables that an extension brought. */
  readonly writableOfExtensions: readonly string[]
  readonly sequences: readonly string[]
  readonly schemas: readonly string[]
  /** Schemas in which everybody may create, which PostgreSQL 14 and older have by default. */
  readonly schemasOfEverybody: readonly string[]
  readonly createsSchemas: boolean
  readonly temporaryTables: boolean
  readonly futureGrants: readonly string[]
  /** Functions that run with their owner's rights: `public.set_plan(text) as postgres`. */
  readonly definers: readonly string[]
  readonly untrusted: readonly string[]
  /** Functions and servers that lead out of the database. */
  readonly waysOut: readonly string[]
  readonly largeObjects: number
  readonly largeObjectsUnguarded: boolean
  readonly createsLargeObjects: boolean
  /** Tables that it may read, in whole or some columns. */
  readonly readable: readonly string[]
  readonly readOnlyByDefault: boolean
}

/** Every right counts, of whichever role it can become, and of everybody: that is what can be done with a password. */
export function roleSql(version: number): string {
  const tablePrivileges = [
    'DELETE',
    'TRUNCATE',
    'TRIGGER',
    ...(version >= maintainPrivilege ? ['MAINTAIN'] : []),
  ]
  return `with reach as materialized (
    select oid, rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls
    from pg_catalog.pg_roles where pg_has_role(oid, 'MEMBER')
  ),
  spaces as materialized (
    select oid, nspname, nspacl, nspowner from pg_catalog.pg_namespace
    where nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'
  ),
  relations as materialized (
    select c.oid, c.relkind, n.nspname || '.' || c.relname as name, exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    ) as of_extension
    from pg_catalog.pg_class c join spaces n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  ),
  writes as materialized (
    select r.name || ': ' || string_agg(lower(p.privilege), ', ' order by p.privilege) as name, r.of_extension
    from relations r
    cross join lateral (
      select privilege from unnest(array['INSERT', 'UPDATE', 'REFERENCES']) as wanted (privilege)
      where exists (select from reach where has_any_column_privilege(reach.oid, r.oid, privilege))
      union all
      select privilege from unnest(array[${tablePrivileges.map((name) => `'${name}'`).join(', ')}]) as wanted (privilege)
      where exists (select from reach where has_table_privilege(reach.oid, r.oid, privilege))
    ) p
    where r.relkind <> 'S' group by r.oid, r.name, r.of_extension
  ),
  functions as materialized (
    select p.oid, p.prosecdef, p.proowner, l.lanname, l.lanpltrusted, e.extname,
      n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name
    from pg_catalog.pg_proc p
    join spaces n on n.oid = p.pronamespace
    join pg_catalog.pg_language l on l.oid = p.prolang
    left join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
    left join pg_catalog.pg_extension e on e.oid = d.refobjid
    where p.prorettype not in ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)
      and exists (
        select from reach
        where has_schema_privilege(reach.oid, n.oid, 'USAGE') and has_function_privilege(reach.oid, p.oid, 'EXECUTE')
      )
  )
  select json_build_object(
    'role', current_user,
    'memberships', ${list('select rolname from reach where rolname <> current_user')},
    'superuser', (select bool_or(rolsuper) from reach),
    'createsRoles', (select bool_or(rolcreaterole) from reach),
    'createsDatabases', (select bool_or(rolcreatedb) from reach),
    'replicates', (select bool_or(rolreplication) from reach),
    'bypassesRowSecurity', (select bool_or(rolbypassrls) from reach),
    'owned', ${list(`select pg_describe_object(classid, objid, objsubid) from pg_catalog.pg_shdepend
      where deptype = 'o' and refclassid = 'pg_catalog.pg_authid'::regclass and refobjid in (select oid from reach)
        and dbid in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
      union select 'database ' || datname from pg_catalog.pg_database where datdba in (select oid from reach) and datname = current_database()`)},
    'writable', ${list('select name from writes where not of_extension')},
    'writableOfExtensions', ${list('select name from writes where of_extension')},
    'sequences', ${list(`select name from relations where relkind = 'S' and not of_extension and exists (
      select from reach where has_sequence_privilege(reach.oid, relations.oid, 'USAGE') or has_sequence_privilege(reach.oid, relations.oid, 'UPDATE'))`)},
    'schemas', ${list(`select nspname from spaces where not ${byEverybody} and exists (
      select from reach where has_schema_privilege(reach.oid, spaces.oid, 'CREATE'))`)},
    'schemasOfEverybody', ${list(`select nspname from spaces where ${byEverybody}`)},
    'createsSchemas', (select bool_or(has_database_privilege(oid, current_database(), 'CREATE')) from reach),
    'temporaryTables', (select bool_or(has_database_privilege(oid, current_database(), 'TEMPORARY')) from reach),
    'futureGrants', ${list(`select case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'n' then 'schemas' else 'others' end
        || ' of ' || pg_get_userbyid(d.defaclrole) || ': ' || lower(a.privilege_type)
      from pg_catalog.pg_default_acl d cross join lateral aclexplode(d.defaclacl) a
      where d.defaclobjtype in ('r', 'S', 'n') and a.privilege_type not in ('SELECT', 'USAGE') and a.grantee in (select oid from reach)`)},
    'definers', ${list(`select name || ' as ' || pg_get_userbyid(proowner) from functions
      where prosecdef and proowner not in (select oid from reach)`)},
    'untrusted', ${list(`select name || ' in ' || lanname from functions where not lanpltrusted and lanname not in ('c', 'internal')`)},
    'waysOut', ${list(`select extname || ': ' || min(name) || case when count(*) > 1 then ' and ' || count(*) - 1 || ' more' else '' end
      from functions where extname in ('dblink', 'http', 'pg_net', 'file_fdw', 'adminpack', 'pg_cron', 'aws_lambda', 'aws_s3') group by extname
      union all
      select 'foreign server ' || srvname from pg_catalog.pg_foreign_server
      where exists (select from reach where has_server_privilege(reach.oid, pg_foreign_server.oid, 'USAGE'))`)},
    'largeObjects', (select count(*) from pg_catalog.pg_largeobject_metadata where lomowner in (select oid from reach)
      or exists (select from aclexplode(lomacl) a where a.privilege_type = 'UPDATE' and (a.grantee = 0 or a.grantee in (select oid from reach)))),
    'largeObjectsUnguarded', current_setting('lo_compat_privileges') = 'on',
    'createsLargeObjects', has_function_privilege('pg_catalog.lo_create(oid)', 'EXECUTE'),
    'readable', ${list(`select name from relations where relkind <> 'S' and exists (
      select from reach where has_any_column_privilege(reach.oid, relations.oid, 'SELECT'))`)},
    'readOnlyByDefault', current_setting('default_transaction_read_only') = 'on'
  ) as facts`
}

/** What was granted to everybody, since that is not the role's own to give back. */
const byEverybody = `exists (select from aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a where a.grantee = 0 and a.privilege_type = 'CREATE')`

function list(sql: string): string {
  return `(select coalesce(json_agg(name order by name), '[]') from (${sql}) as listed (name))`
}
