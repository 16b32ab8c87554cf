/**
 * A query for what an update of some columns of a table sets off, one line of text each: triggers, rules, foreign keys
 * that follow, and generated columns. Tables below it (partitions, heirs) are looked at too.
 *
 * @param table An expression of the type `regclass`.
 * @param columns An expression of the type `text[]`.
 */
export function sideEffectsSql(table: string, columns: string): string {
  return `with recursive below(relation) as (
    select (${table})::oid
    union
    select i.inhrelid from pg_catalog.pg_inherits i join below on i.inhparent = below.relation
  ),
  written as (
    select a.attrelid, a.attnum from pg_catalog.pg_attribute a join below on a.attrelid = below.relation
    where a.attnum > 0 and not a.attisdropped and a.attname::text = any (${columns})
  )
  select pg_catalog.format('trigger %s on %s: %s, calls %s', t.tgname, t.tgrelid::pg_catalog.regclass,
      case when t.tgtype & 2 <> 0 then 'before' when t.tgtype & 64 <> 0 then 'instead of' else 'after' end
        || case when t.tgtype & 1 <> 0 then ' the row changes' else ' the statement' end,
      t.tgfoid::pg_catalog.regproc) as effect
  from pg_catalog.pg_trigger t join below on t.tgrelid = below.relation
  where not t.tgisinternal and t.tgenabled <> 'D' and t.tgtype & 16 <> 0
    and (coalesce(pg_catalog.array_length(t.tgattr::pg_catalog.int2[], 1), 0) = 0
      or exists (select from written w where w.attrelid = t.tgrelid and w.attnum = any (t.tgattr::pg_catalog.int2[])))
    and (t.tgparentid = 0 or t.tgrelid = (${table})::oid)
  union all
  select pg_catalog.format('rule %s on %s: %s', r.rulename, r.ev_class::pg_catalog.regclass,
      case when r.is_instead then 'in place of the update' else 'beside the update' end)
  from pg_catalog.pg_rewrite r join below on r.ev_class = below.relation
  where r.ev_type = '2' and r.ev_enabled <> 'D'
  union all
  select pg_catalog.format('foreign key %s of %s: %s', c.conname, c.conrelid::pg_catalog.regclass,
      case c.confupdtype when 'c' then 'takes the new value over' when 'n' then 'is emptied'
        else 'is set to its default' end)
  from pg_catalog.pg_constraint c join below on c.confrelid = below.relation
  where c.contype = 'f' and c.confupdtype in ('c', 'n', 'd')
    and exists (select from written w where w.attrelid = c.confrelid and w.attnum = any (c.confkey))
  union all
  select pg_catalog.format('generated column %s of %s: is computed again', a.attname, a.attrelid::pg_catalog.regclass)
  from pg_catalog.pg_attribute a join below on a.attrelid = below.relation
  where a.attnum > 0 and not a.attisdropped and a.attgenerated <> ''
  order by 1`
}
