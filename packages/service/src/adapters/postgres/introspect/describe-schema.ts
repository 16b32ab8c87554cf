import type { DescribedTable } from '@trueup/core'
import type { PostgresReader } from '../connection/index.ts'

/** Tables of one answer; a database with more is looked at schema by schema. */
const mostTables = 2000

/**
 * Describes the tables and views of the app, with the types, keys and references of their columns: those of all schemas
 * but PostgreSQL's own, and what extensions brought. It reads catalogs alone.
 */
export async function describeSchema(reader: PostgresReader): Promise<readonly DescribedTable[]> {
  const rows = await reader.read<{ described: DescribedTable }>(describeSql, [mostTables])
  return rows.map(({ described }) => described)
}

const describeSql = `select json_build_object(
    'schema', n.nspname,
    'table', c.relname,
    'isView', c.relkind = 'v',
    'estimatedRows', case when c.reltuples > 0 then c.reltuples end,
    'columns', (
      select coalesce(json_agg(json_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'kind', case
          when t.typcategory = 'A' then 'list'
          when t.typname in ('json', 'jsonb') then 'json'
          when t.typname = 'uuid' then 'uuid'
          when t.typname in ('timestamptz', 'timestamp', 'date') then 'moment'
          when t.typcategory in ('S', 'E') then 'text'
          when t.typcategory = 'N' and t.typname in ('int2', 'int4', 'int8', 'numeric', 'float4', 'float8') then 'number'
          when t.typcategory = 'B' then 'flag'
          else 'other' end,
        'nullable', not a.attnotnull,
        'primaryKey', exists (
          select from pg_catalog.pg_index i
          where i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1 and i.indkey[0] = a.attnum
        ),
        'unique', exists (
          select from pg_catalog.pg_index i
          where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
            and i.indnkeyatts = 1 and i.indkey[0] = a.attnum
        ),
        'references', (
          select json_build_object('schema', fn.nspname, 'table', fc.relname, 'column', fa.attname)
          from pg_catalog.pg_constraint k
          join pg_catalog.pg_class fc on fc.oid = k.confrelid
          join pg_catalog.pg_namespace fn on fn.oid = fc.relnamespace
          join pg_catalog.pg_attribute fa on fa.attrelid = k.confrelid and fa.attnum = k.confkey[1]
          where k.contype = 'f' and k.conrelid = c.oid and k.conkey = array[a.attnum]
          limit 1
        )
      ) order by a.attnum), '[]')
      from pg_catalog.pg_attribute a
      join pg_catalog.pg_type declared on declared.oid = a.atttypid
      join pg_catalog.pg_type t on t.oid = case when declared.typtype = 'd' then declared.typbasetype else declared.oid end
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    )
  ) as described
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v') and not c.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
    and not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
  order by n.nspname = 'public' desc, n.nspname, c.relname
  limit $1`
