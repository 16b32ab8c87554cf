import type { TableName } from '@trueup/core'
import type { PostgresReader } from '../connection/index.ts'
import { databaseCollationVersions } from './server-version.ts'

/** What a relation is; anything else that has rows is none that can be mapped. */
export type RelationKind = 'table' | 'partitioned-table' | 'view' | 'materialized-view' | 'foreign-table'

/** A column as the catalogs describe it now. */
export interface ColumnState {
  readonly name: string
  /** As one declares it, with its length: `character varying(40)`. */
  readonly type: string
  /** The type that values have in truth, beneath any domain. */
  readonly base: {
    readonly schema: string
    readonly name: string
    /** `A` array, `B` flag, `D` moment, `N` number, `S` text, ... as `pg_type.typcategory` has it. */
    readonly category: string
  }
  readonly notNull: boolean
  /** Whether the role may read it. */
  readonly readable: boolean
  /** Whether no two rows can have the same value, by an index that sorts as the column does. */
  readonly unique: boolean
  /** Whether an index begins with it. */
  readonly indexed: boolean
  /** The schema of the type's own `>` and `=`, where that is not `pg_catalog`, as for `citext`. */
  readonly operatorSchema: string | null
  /** Whether the role may use that schema; without it the column cannot be compared. */
  readonly comparable: boolean
  readonly collation: {
    readonly name: string
    /** What its order was when it was made, and what it is now; `null` where nobody keeps that. */
    readonly recorded: string | null
    readonly actual: string | null
  } | null
}

/** A mapped table as it is now, as far as the role may know. */
export interface TableState extends TableName {
  readonly oid: number
  readonly kind: RelationKind
  readonly mayUseSchema: boolean
  /** `off`: all rows are seen. `open`: a policy lets the role see all. `hides`: rows may be missing, and none says so. */
  readonly rowSecurity: 'off' | 'open' | 'hides'
  /** Whether row-level security is on at all, whoever reads. */
  readonly hasRowSecurity: boolean
  /** What a view shows, as a digest; `null` for a table. */
  readonly definition: string | null
  /** Whether tables inherit from it, so that its indexes do not hold all of its rows. */
  readonly hasHeirs: boolean
  /** As the planner thinks; `null` where it was never counted. */
  readonly estimatedRows: number | null
  readonly columns: readonly ColumnState[]
}

/** What is to be looked at: a table, and its columns that are mapped. */
export interface WantedTable extends TableName {
  readonly columns: readonly string[]
}

/** The server and the wanted tables at one moment. */
export interface DatabaseState {
  readonly inRecovery: boolean
  /** How far a replica is behind; `null` where it cannot be told, or where the server is no replica. */
  readonly lagSeconds: number | null
  /** One for each wanted table, in their order; `null` where there is none. */
  readonly tables: readonly (TableState | null)[]
}

/**
 * Describes the server and some tables as they are now. It reads catalogs alone, which every role may.
 *
 * @param version of the server, since catalogs differ
 */
export async function readDatabaseState(
  reader: PostgresReader,
  version: number,
  wanted: readonly WantedTable[],
): Promise<DatabaseState> {
  const [row] = await reader.read<{ state: DatabaseState }>(stateSql(version), [
    wanted.map(({ schema }) => schema),
    wanted.map(({ table }) => table),
    JSON.stringify(wanted.map(({ columns }) => columns)),
  ])
  if (!row) throw new Error('A query without a table answers with one row.')
  return row.state
}

function stateSql(version: number): string {
  return `select pg_catalog.json_build_object(
    'inRecovery', pg_is_in_recovery(),
    'lagSeconds', ${lagSql},
    'tables', (
      select coalesce(json_agg(${tableSql(version)} order by wanted.place), '[]')
      from unnest($1::text[], $2::text[]) with ordinality as wanted (schema, name, place)
      left join (
        pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
      ) on n.nspname = wanted.schema and c.relname = wanted.name
    )) as state`
}

/**
 * A replica that has replayed all it received is up to date, as long as it still receives; the age of the last
 * transaction alone would call every quiet primary's replica late.
 */
const lagSql = `case
      when not pg_is_in_recovery() then null
      when exists (select from pg_catalog.pg_stat_wal_receiver) and pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn() then 0
      else extract(epoch from now() - pg_last_xact_replay_timestamp())
    end`

function tableSql(version: number): string {
  return `case when c.oid is null then null else json_build_object(
        'schema', wanted.schema,
        'table', wanted.name,
        'oid', c.oid::int8,
        'kind', case c.relkind when 'r' then 'table' when 'p' then 'partitioned-table' when 'v' then 'view'
          when 'm' then 'materialized-view' else 'foreign-table' end,
        'mayUseSchema', has_schema_privilege(n.oid, 'USAGE'),
        'rowSecurity', case when not row_security_active(c.oid) then 'off' when (${everyRowSql}) then 'open' else 'hides' end,
        'hasRowSecurity', c.relrowsecurity,
        'definition', case when c.relkind in ('v', 'm') then md5(pg_get_viewdef(c.oid)) end,
        'hasHeirs', c.relkind = 'r' and c.relhassubclass,
        'estimatedRows', case when c.reltuples > 0 then c.reltuples end,
        'columns', (
          select coalesce(json_agg(${columnSql(version)} order by a.attnum), '[]')
          from pg_catalog.pg_attribute a
          cross join lateral (${baseTypeSql}) base
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            and a.attname::text in (select json_array_elements_text($3::json -> (wanted.place - 1)::int4))
        )
      ) end`
}

/** Whether the policies that apply to the role let it read every row: one that permits all, and none that restricts. */
const everyRowSql = `select coalesce(bool_or(p.polpermissive and p.reads_all), false)
          and coalesce(bool_and(p.polpermissive or p.reads_all), true)
        from (
          select polpermissive, coalesce(pg_get_expr(polqual, polrelid) = 'true', false) as reads_all
          from pg_catalog.pg_policy
          where polrelid = c.oid and polcmd in ('r', '*') and exists (
            select from unnest(polroles) as applies (role)
            where role = 0 or pg_has_role(role, 'USAGE')
          )
        ) p`

/** The type beneath any domain. */
const baseTypeSql = `
            with recursive beneath (oid, typtype, typbasetype) as (
              select t.oid, t.typtype, t.typbasetype from pg_catalog.pg_type t where t.oid = a.atttypid
              union all
              select t.oid, t.typtype, t.typbasetype
              from beneath b join pg_catalog.pg_type t on t.oid = b.typbasetype where b.typtype = 'd'
            )
            select t.oid, t.typname, t.typcategory, tn.nspname
            from beneath b join pg_catalog.pg_type t on t.oid = b.oid join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
            where b.typtype <> 'd'`

function columnSql(version: number): string {
  const databaseVersion =
    version >= databaseCollationVersions
      ? { recorded: 'd.datcollversion', actual: 'pg_database_collation_actual_version(d.oid)' }
      : { recorded: 'null', actual: 'null' }
  return `json_build_object(
            'name', a.attname,
            'type', format_type(a.atttypid, a.atttypmod),
            'base', json_build_object('schema', base.nspname, 'name', base.typname, 'category', base.typcategory),
            'notNull', a.attnotnull,
            'readable', has_column_privilege(c.oid, a.attnum, 'SELECT'),
            'unique', exists (
              select from pg_catalog.pg_index i join pg_catalog.pg_opclass o on o.oid = i.indclass[0]
              where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
                and i.indnkeyatts = 1 and i.indkey[0] = a.attnum and i.indcollation[0] = a.attcollation and o.opcdefault
            ),
            'indexed', exists (
              select from pg_catalog.pg_index i
              where i.indrelid = c.oid and i.indisvalid and i.indpred is null and i.indkey[0] = a.attnum
            ),
            'operatorSchema', ${operatorSql('opn.nspname')},
            'comparable', coalesce(${operatorSql(`has_schema_privilege(opn.oid, 'USAGE')`)}, true),
            'collation', (
              select json_build_object(
                'name', co.collname,
                'recorded', case when co.collprovider = 'd' then ${databaseVersion.recorded} else co.collversion end,
                'actual', case when co.collprovider = 'd' then ${databaseVersion.actual}
                  else pg_collation_actual_version(co.oid) end
              )
              from pg_catalog.pg_collation co, pg_catalog.pg_database d
              where co.oid = a.attcollation and d.datname = current_database()
            )
          )`
}

/** Something about the schema of a type's own comparison operators; null where they are PostgreSQL's. */
function operatorSql(asked: string): string {
  return `(
              select ${asked}
              from pg_catalog.pg_opclass oc
              join pg_catalog.pg_am am on am.oid = oc.opcmethod and am.amname = 'btree'
              join pg_catalog.pg_amop ao on ao.amopfamily = oc.opcfamily and ao.amopstrategy = 5
                and ao.amoplefttype = oc.opcintype and ao.amoprighttype = oc.opcintype
              join pg_catalog.pg_operator op on op.oid = ao.amopopr
              join pg_catalog.pg_namespace opn on opn.oid = op.oprnamespace
              where oc.opcdefault and oc.opcintype = base.oid and opn.nspname <> 'pg_catalog'
            )`
}
