/** What the schema keeps: what may be written, what was written, and the latest try of each record. */
export const journalSql = `
create schema if not exists trueup_repair;
revoke all on schema trueup_repair from public;

-- What may be written. Yours to change: a cap of 0 or switched_on = false stops repairs of a column at once.
create table if not exists trueup_repair.policy (
  target text not null,
  schema_name text not null,
  table_name text not null,
  key_column text not null,
  column_name text not null,
  rule jsonb not null,
  cap_an_hour integer not null default 25 check (cap_an_hour >= 0),
  switched_on boolean not null default true,
  last_write_at timestamptz,
  primary key (target, column_name)
);

-- Every change that was made (applied), every order that was given up (tombstone), every change taken back (undone).
create table if not exists trueup_repair.journal (
  id bigint generated always as identity primary key,
  repair_id text not null,
  ordinal integer not null,
  state text not null check (state in ('applied', 'tombstone', 'undone')),
  target text not null,
  schema_name text,
  table_name text,
  key_column text,
  key text not null,
  column_name text,
  old jsonb,
  new jsonb,
  token bigint not null,
  order_hash text,
  at timestamptz not null default clock_timestamp(),
  by_role text not null default session_user,
  undoes bigint unique references trueup_repair.journal (id)
);
create unique index if not exists journal_once on trueup_repair.journal (repair_id, ordinal) where undoes is null;
create index if not exists journal_by_column on trueup_repair.journal (target, column_name, at);
create index if not exists journal_by_record on trueup_repair.journal (target, key);
create index if not exists journal_by_state on trueup_repair.journal (state, at);

-- The greatest token seen for a record: what was sent earlier and comes later is refused.
create table if not exists trueup_repair.fence (
  target text not null,
  key text not null,
  token bigint not null,
  primary key (target, key)
);

create or replace function trueup_repair.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $body$
begin
  raise exception 'The journal of repairs only grows.' using errcode = 'restrict_violation';
end
$body$;
drop trigger if exists only_grows on trueup_repair.journal;
create trigger only_grows before update or delete or truncate on trueup_repair.journal
  for each statement execute function trueup_repair.refuse_change();
`
