import { flagWords } from '../../repair-rule.ts'
import { quoteText } from './quote.ts'
import { sideEffectsSql } from './side-effects-sql.ts'

/** What holds inside every function, whatever the session that calls it has set. */
const settings = `set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set standard_conforming_strings = on
set lock_timeout = '2s'`

/**
 * The functions of the schema. A value is turned into its column's type by the column's own input, and compared as
 * JSON, so that text, flags, numbers, moments, enums, lists and JSON are all told apart exactly and no operator of
 * another schema is asked. Names stand in statements only as the policy or the catalog has them.
 */
export const functionsSql = `
-- Whether a rule of the policy lets a value in.
create or replace function trueup_repair.permits(rule jsonb, stood jsonb, value jsonb) returns boolean
language plpgsql stable ${settings} as $body$
declare
  kind text := rule ->> 'kind';
  txt text := value #>> '{}';
  moment timestamptz;
begin
  if value is null then return false; end if;
  if jsonb_typeof(value) = 'null' then return coalesce((rule ->> 'nullable')::boolean, false); end if;
  if kind = 'any-of' then
    return exists (select from jsonb_array_elements(rule -> 'values') as v (item) where v.item = value);
  elsif kind = 'flag' then
    return jsonb_typeof(value) = 'boolean' or value in ('0', '1')
      or jsonb_typeof(value) = 'string' and lower(txt) = any (array[${flagWords.map(quoteText).join(', ')}]);
  elsif kind = 'whole-number' then
    if jsonb_typeof(value) not in ('number', 'string') or txt !~ '^-?[0-9]{1,15}$' then return false; end if;
    return txt::bigint between (rule ->> 'least')::bigint and (rule ->> 'most')::bigint;
  elsif kind = 'moment' then
    if jsonb_typeof(value) in ('number', 'string') and txt ~ '^[0-9]{9,14}$' then
      moment := to_timestamp(case when txt::numeric < 1e11 then txt::numeric else txt::numeric / 1000 end);
    elsif jsonb_typeof(value) = 'string'
      and txt ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'
    then
      moment := txt::timestamptz;
    else
      return false;
    end if;
    return moment <= clock_timestamp() + make_interval(days => (rule ->> 'mostDaysAhead')::integer);
  elsif kind = 'id' then
    return jsonb_typeof(value) = 'string' and length(txt) <= (rule ->> 'longest')::integer
      and length(txt) > length(rule ->> 'startsWith') and starts_with(txt, rule ->> 'startsWith')
      and substr(txt, length(rule ->> 'startsWith') + 1) ~ '^[A-Za-z0-9_-]+$';
  elsif kind = 'features' then
    if jsonb_typeof(value) = 'array' then
      return not exists (select from jsonb_array_elements(value) as v (item)
        where not (jsonb_typeof(v.item) = 'string' and (rule -> 'among') ? (v.item #>> '{}'))
          and not (coalesce(jsonb_typeof(stood), '') = 'array' and exists (
            select from jsonb_array_elements(case jsonb_typeof(stood) when 'array' then stood else '[]' end) as s (item) where s.item = v.item)));
    elsif jsonb_typeof(value) = 'object' then
      return not exists (select from jsonb_each(value) as v (feature, item)
        where not (jsonb_typeof(v.item) = 'boolean' and (rule -> 'among') ? v.feature)
          and not coalesce(jsonb_typeof(stood) = 'object' and stood -> v.feature = v.item, false));
    end if;
    return false;
  end if;
  return false;
exception when data_exception then
  return false;
end
$body$;

create or replace function trueup_repair.refusal(code text, message text) returns jsonb
language sql immutable ${settings} as $body$
  select jsonb_build_object('kind', 'refused', 'code', code, 'message', message)
$body$;

-- What is known of an order: the answer that it had, or null. An id that was used for another order is refused.
create or replace function trueup_repair.known(order_id text, wanted_hash text) returns jsonb
language plpgsql volatile ${settings} as $body$
declare
  line trueup_repair.journal;
begin
  select * into line from trueup_repair.journal j
    where j.repair_id = order_id and j.ordinal = 1 and j.undoes is null;
  if not found then return null; end if;
  if line.state = 'tombstone' then
    return trueup_repair.refusal('abandoned', 'The order was given up.');
  elsif line.order_hash is distinct from wanted_hash then
    return trueup_repair.refusal('not-allowed', 'The id of the order was used for another one.');
  end if;
  return jsonb_build_object('kind', 'applied', 'at', line.at);
end
$body$;

-- A record's key as the table has it, so that 7 and 07 are one record; null: there is no such record.
create or replace function trueup_repair.locate(order_target text, order_key text) returns text
language plpgsql volatile ${settings} as $body$
declare
  place record;
  key_type text;
  canonical text;
begin
  select p.schema_name, p.table_name, p.key_column into place
    from trueup_repair.policy p where p.target = order_target limit 1;
  if not found then return null; end if;
  select format_type(a.atttypid, a.atttypmod) into key_type from pg_attribute a
    where a.attrelid = to_regclass(format('%I.%I', place.schema_name, place.table_name))
      and a.attname = place.key_column and a.attnum > 0 and not a.attisdropped;
  if key_type is null then return null; end if;
  begin
    execute format(
      'select t.%1$I::text from %2$I.%3$I as t, jsonb_to_record($1) as k (key %4$s) where t.%1$I = k.key limit 1',
      place.key_column, place.schema_name, place.table_name, key_type)
      into canonical using jsonb_build_object('key', order_key);
  exception when data_exception then
    return null;
  end;
  return canonical;
end
$body$;

-- Notes a token of a record, and says which is the greatest. Sessions that work on one record take turns here.
create or replace function trueup_repair.see_token(order_target text, canonical text, order_token bigint)
returns bigint
language sql volatile ${settings} as $body$
  insert into trueup_repair.fence as f (target, key, token) values (order_target, canonical, order_token)
  on conflict (target, key) do update set token = greatest(f.token, excluded.token)
  returning token
$body$;

-- A number that other programs would round is told as text.
create or replace function trueup_repair.told(value jsonb) returns jsonb
language plpgsql immutable ${settings} as $body$
begin
  if jsonb_typeof(value) = 'number' and abs((value #>> '{}')::numeric) > 9007199254740991 then
    return to_jsonb(value #>> '{}');
  end if;
  return coalesce(value, 'null');
end
$body$;

-- Some columns of a record as they are now, or null where there is no such record.
create or replace function trueup_repair.values_of(order_target text, canonical text, columns text[]) returns jsonb
language plpgsql volatile ${settings} as $body$
declare
  place record;
  fields text;
  found_values jsonb;
begin
  select p.schema_name, p.table_name, p.key_column, min(format_type(a.atttypid, a.atttypmod)) as key_type into place
    from trueup_repair.policy p
    join pg_attribute a on a.attrelid = to_regclass(format('%I.%I', p.schema_name, p.table_name))
      and a.attname = p.key_column and a.attnum > 0 and not a.attisdropped
    where p.target = order_target group by 1, 2, 3 limit 1;
  if not found then return null; end if;
  select string_agg(format('%L, trueup_repair.told(to_jsonb(t.%I))', c.name, c.name), ', ') into fields
    from unnest(columns) as c (name);
  execute format(
    'select jsonb_build_object(%1$s) from %2$I.%3$I as t, jsonb_to_record($1) as k (key %4$s) where t.%5$I = k.key',
    fields, place.schema_name, place.table_name, place.key_type, place.key_column)
    into found_values using jsonb_build_object('key', canonical);
  return found_values;
end
$body$;

create or replace function trueup_repair.inspect(order_target text, order_key text, columns text[]) returns jsonb
language plpgsql volatile security definer ${settings} as $body$
declare
  canonical text;
  found_values jsonb;
  effects jsonb;
begin
  if coalesce(cardinality(columns), 0) not between 1 and 20 or exists (
    select from unnest(columns) as c (name)
    where not exists (select from trueup_repair.policy p where p.target = order_target and p.column_name = c.name))
  then
    return trueup_repair.refusal('not-allowed', 'The policy does not name this table and all of these columns.');
  end if;
  canonical := trueup_repair.locate(order_target, order_key);
  if canonical is not null then
    found_values := trueup_repair.values_of(order_target, canonical, columns);
  end if;
  select coalesce(jsonb_agg(e.effect), '[]') into effects
    from (select format('%I.%I', p.schema_name, p.table_name)::regclass as relation
      from trueup_repair.policy p where p.target = order_target limit 1) as place
    cross join lateral (${sideEffectsSql('place.relation', 'columns')}) as e;
  return jsonb_build_object('kind', 'found', 'found', found_values is not null,
    'values', coalesce(found_values, '{}'), 'sideEffects', effects);
end
$body$;

-- Changes one record, once. changes: [{"column": ..., "before": ..., "after": ...}, ...]
create or replace function trueup_repair.apply(
  order_id text, order_target text, order_key text, order_changes jsonb, order_deadline timestamptz, order_token bigint
) returns jsonb
language plpgsql volatile security definer ${settings} as $body$
declare
  wanted_hash text;
  answer jsonb;
  canonical text;
  latest bigint;
  place record;
  columns text[];
  asked record;
  types text;
  assignments text;
  guards text;
  arrived text;
  olds text;
  news text;
  key_type text;
  befores jsonb;
  afters jsonb;
  old_values jsonb;
  new_values jsonb;
  changed bigint;
  has_arrived boolean;
  written_at timestamptz;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    return trueup_repair.refusal('not-allowed', 'Orders are taken at read committed only.');
  end if;
  if pg_my_temp_schema() <> 0 then
    return trueup_repair.refusal('not-allowed',
      'This session holds temporary objects, which triggers could take for tables of the app. Use a new one.');
  end if;
  if order_id is null or length(order_id) not between 1 and 200 or order_key is null or length(order_key) > 500
    or order_deadline is null or not isfinite(order_deadline) or order_token is null
    or order_changes is null or jsonb_typeof(order_changes) <> 'array' or pg_column_size(order_changes) > 65536
  then
    return trueup_repair.refusal('not-allowed', 'The order is not in the shape of one.');
  end if;
  select array_agg(c.change ->> 'column' order by c.change ->> 'column') as named,
      coalesce(bool_and(jsonb_typeof(c.change) = 'object' and jsonb_typeof(c.change -> 'column') = 'string'
        and c.change ? 'before' and c.change ? 'after'), false) as is_whole,
      count(*) between 1 and 20 and count(distinct c.change ->> 'column') = count(*) as is_plain
    into asked from jsonb_array_elements(order_changes) as c (change);
  columns := asked.named;
  if not asked.is_whole or not asked.is_plain then
    return trueup_repair.refusal('not-allowed', 'The changes of the order are not in the shape of changes.');
  end if;

  select p.schema_name, p.table_name, p.key_column, to_regclass(format('%I.%I', p.schema_name, p.table_name)) as relation
    into place from trueup_repair.policy p where p.target = order_target limit 1;
  if not found or place.relation is null then
    return trueup_repair.refusal('not-allowed', 'The policy does not name this table.');
  end if;

  wanted_hash := encode(sha256(convert_to(jsonb_build_array(order_target, order_key, order_changes)::text, 'UTF8')), 'hex');
  answer := trueup_repair.known(order_id, wanted_hash);
  if answer is not null then return answer; end if;

  canonical := trueup_repair.locate(order_target, order_key);
  if canonical is null then return jsonb_build_object('kind', 'conflict', 'found', null); end if;
  latest := trueup_repair.see_token(order_target, canonical, order_token);
  -- The same order may have been written by another session while this one waited for its turn.
  answer := trueup_repair.known(order_id, wanted_hash);
  if answer is not null then return answer; end if;
  if latest > order_token then
    return trueup_repair.refusal('token-superseded', 'A later try of a repair of this record was seen.');
  end if;
  if clock_timestamp() > order_deadline then
    return trueup_repair.refusal('deadline-passed', 'The deadline of the order has passed.');
  end if;

  -- From here on whoever writes to these columns takes turns, so that the cap is counted by one at a time.
  perform from trueup_repair.policy p
    where p.target = order_target and p.column_name = any (columns) order by p.column_name for update;
  select count(p.column_name) = count(*) as is_named, bool_and(p.switched_on) as is_on,
      bool_and(trueup_repair.permits(p.rule, c.change -> 'before', c.change -> 'after')
        -- What a repair took away may be put back, whatever it was.
        or exists (select from trueup_repair.journal j where j.state = 'applied' and j.target = order_target
          and j.key = canonical and j.column_name = p.column_name and j.old = c.change -> 'after')) as is_permitted
    into asked from jsonb_array_elements(order_changes) as c (change)
    left join trueup_repair.policy p on p.target = order_target and p.column_name = c.change ->> 'column';
  if not asked.is_named then
    return trueup_repair.refusal('not-allowed', 'The policy does not name all of these columns.');
  elsif not asked.is_on then
    return trueup_repair.refusal('switched-off', 'Repairs are switched off at the target.');
  elsif not asked.is_permitted then
    return trueup_repair.refusal('not-allowed', 'The policy does not let one of these values in.');
  end if;
  if exists (
    select from trueup_repair.policy p where p.target = order_target and p.column_name = any (columns)
      and p.cap_an_hour <= (select count(*) from trueup_repair.journal j
        where j.state = 'applied' and j.target = p.target and j.column_name = p.column_name
          and j.at > clock_timestamp() - interval '1 hour'))
  then
    return trueup_repair.refusal('cap-reached', 'The writes of this hour are spent.');
  end if;

  select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', '),
      string_agg(format('%1$I = a.%1$I', a.attname), ', '),
      string_agg(format('to_jsonb(t.%1$I) is not distinct from to_jsonb(b.%1$I)', a.attname), ' and '),
      string_agg(format('to_jsonb(t.%1$I) is not distinct from to_jsonb(a.%1$I)', a.attname), ' and '),
      string_agg(format('%1$L, to_jsonb(b.%1$I)', a.attname), ', '),
      string_agg(format('%1$L, to_jsonb(t.%1$I)', a.attname), ', '), count(*)
    into types, assignments, guards, arrived, olds, news, changed
    from pg_attribute a where a.attrelid = place.relation and a.attname::text = any (columns)
      and a.attnum > 0 and not a.attisdropped;
  select format_type(k.atttypid, k.atttypmod) into key_type from pg_attribute k
    where k.attrelid = place.relation and k.attname = place.key_column;
  select jsonb_object_agg(c.change ->> 'column', c.change -> 'before'),
      jsonb_object_agg(c.change ->> 'column', c.change -> 'after')
    into befores, afters from jsonb_array_elements(order_changes) as c (change);
  if changed <> cardinality(columns) then
    return trueup_repair.refusal('not-allowed', 'The table has not all of these columns any more.');
  end if;

  begin
    execute format(
      'update %1$I.%2$I as t set %3$s
        from jsonb_to_record($1) as k (key %4$s), jsonb_to_record($2) as b (%5$s), jsonb_to_record($3) as a (%5$s)
        where t.%6$I = k.key and %7$s
        returning jsonb_build_object(%8$s), jsonb_build_object(%9$s)',
      place.schema_name, place.table_name, assignments, key_type, types, place.key_column, guards, olds, news)
      into old_values, new_values
      using jsonb_build_object('key', canonical), befores, afters;
    get diagnostics changed = row_count;
    if changed > 1 then
      answer := trueup_repair.refusal('not-allowed', 'More than one row has this key.');
      raise exception using errcode = 'TU000';
    elsif changed = 0 then
      execute format(
        'select %6$s from %1$I.%2$I as t, jsonb_to_record($1) as k (key %3$s), jsonb_to_record($2) as b (%4$s)
          where t.%5$I = k.key',
        place.schema_name, place.table_name, key_type, types, place.key_column, guards)
        into has_arrived
        using jsonb_build_object('key', canonical), befores;
      if has_arrived then
        answer := trueup_repair.refusal('not-allowed', 'A trigger or rule of the table keeps the row as it is.');
      else
        answer := jsonb_build_object('kind', 'conflict', 'found', trueup_repair.values_of(order_target, canonical, columns));
      end if;
      raise exception using errcode = 'TU000';
    end if;

    execute format(
      'select %6$s from %1$I.%2$I as t, jsonb_to_record($1) as k (key %3$s), jsonb_to_record($2) as a (%4$s)
        where t.%5$I = k.key',
      place.schema_name, place.table_name, key_type, types, place.key_column, arrived)
      into has_arrived
      using jsonb_build_object('key', canonical), afters;
    if has_arrived is distinct from true then
      answer := trueup_repair.refusal('not-allowed', 'A trigger or rule of the table writes another value.');
      raise exception using errcode = 'TU000';
    end if;

    written_at := clock_timestamp();
    if written_at > order_deadline then
      answer := trueup_repair.refusal('deadline-passed', 'The deadline of the order has passed.');
      raise exception using errcode = 'TU000';
    end if;
    insert into trueup_repair.journal
      (repair_id, ordinal, state, target, schema_name, table_name, key_column, key, column_name, old, new, token, order_hash, at)
      select order_id, c.ordinal, 'applied', order_target, place.schema_name, place.table_name, place.key_column, canonical,
        c.name, old_values -> c.name, new_values -> c.name, order_token, wanted_hash, written_at
      from unnest(columns) with ordinality as c (name, ordinal);
    update trueup_repair.policy p set last_write_at = written_at
      where p.target = order_target and p.column_name = any (columns);
  exception
    when sqlstate 'TU000' then
      return answer;
    when others then
      -- What may go well another time is left to the caller; all of it is rolled back.
      if left(sqlstate, 2) in ('40', '53', '54', '55', '57', '58', 'XX') then raise; end if;
      answer := trueup_repair.known(order_id, wanted_hash);
      return coalesce(answer, trueup_repair.refusal('not-allowed',
        format('The database refused the change (SQLSTATE %s).', sqlstate)));
  end;
  return jsonb_build_object('kind', 'applied', 'at', written_at);
end
$body$;

create or replace function trueup_repair.settle(order_id text) returns text
language sql stable security definer ${settings} as $body$
  select coalesce((select case j.state when 'applied' then 'applied' else 'abandoned' end
    from trueup_repair.journal j where j.repair_id = order_id and j.ordinal = 1 and j.undoes is null), 'not-applied')
$body$;

-- Gives an order up for good. Waits for one that is under way.
create or replace function trueup_repair.abandon(
  order_id text, order_target text, order_key text, order_token bigint
) returns text
language plpgsql volatile security definer ${settings} as $body$
declare
  canonical text;
  settled text;
begin
  if current_setting('transaction_isolation') <> 'read committed' or order_id is null or length(order_id) not between 1 and 200
    or order_target is null or length(order_target) > 200 or order_key is null or length(order_key) > 500 or order_token is null
  then
    raise exception 'This is not an order that can be given up.' using errcode = 'invalid_parameter_value';
  end if;
  select trueup_repair.settle(order_id) into settled;
  if settled <> 'not-applied' then return settled; end if;
  if (select count(*) from trueup_repair.journal j
    where j.state = 'tombstone' and j.at > clock_timestamp() - interval '1 hour') >= 1000
  then
    raise exception 'A thousand orders were given up within the hour.' using errcode = 'program_limit_exceeded';
  end if;
  canonical := trueup_repair.locate(order_target, order_key);
  if canonical is not null then perform trueup_repair.see_token(order_target, canonical, order_token); end if;
  insert into trueup_repair.journal (repair_id, ordinal, state, target, key, token)
    values (order_id, 1, 'tombstone', order_target, coalesce(canonical, order_key), order_token)
    on conflict (repair_id, ordinal) where undoes is null do nothing;
  return trueup_repair.settle(order_id);
end
$body$;

-- Takes back every repair since a moment, the latest first, where the value is still the one that the repair wrote.
-- For the owner of the database; it runs with the rights of whoever calls it.
create or replace function trueup_repair.undo_all(since timestamptz)
returns table (repair_id text, target text, key text, column_name text, outcome text)
language plpgsql volatile ${settings} as $body$
declare
  line trueup_repair.journal;
  types record;
  changed bigint;
begin
  perform from trueup_repair.policy p order by p.target, p.column_name for update;
  for line in
    select j.* from trueup_repair.journal j
    where j.state = 'applied' and j.at >= since
      and not exists (select from trueup_repair.journal u where u.undoes = j.id)
    order by j.id desc
  loop
    repair_id := line.repair_id;
    target := line.target;
    key := line.key;
    column_name := line.column_name;
    begin
      select max(format_type(a.atttypid, a.atttypmod)) filter (where a.attname = line.key_column) as of_key,
          max(format_type(a.atttypid, a.atttypmod)) filter (where a.attname = line.column_name) as of_value
        into types from pg_attribute a
        where a.attrelid = to_regclass(format('%I.%I', line.schema_name, line.table_name)) and a.attnum > 0 and not a.attisdropped;
      if types.of_key is null or types.of_value is null then
        outcome := 'column missing';
      else
        execute format(
          'update %1$I.%2$I as t set %3$I = o.value
            from jsonb_to_record($1) as k (key %4$s), jsonb_to_record($2) as o (value %5$s), jsonb_to_record($3) as n (value %5$s)
            where t.%6$I = k.key and to_jsonb(t.%3$I) is not distinct from to_jsonb(n.value)',
          line.schema_name, line.table_name, line.column_name, types.of_key, types.of_value, line.key_column)
          using jsonb_build_object('key', line.key), jsonb_build_object('value', line.old),
            jsonb_build_object('value', line.new);
        get diagnostics changed = row_count;
        if changed > 1 then raise exception using errcode = 'TU000'; end if;
        if changed = 1 then
          insert into trueup_repair.journal
            (repair_id, ordinal, state, target, schema_name, table_name, key_column, key, column_name, old, new, token, undoes)
            values (line.repair_id, line.ordinal, 'undone', line.target, line.schema_name, line.table_name, line.key_column,
              line.key, line.column_name, line.new, line.old, line.token, line.id);
          outcome := 'undone';
        else
          outcome := 'conflict';
        end if;
      end if;
    exception when others then
      outcome := 'failed (SQLSTATE ' || sqlstate || ')';
    end;
    return next;
  end loop;
end
$body$;
`
