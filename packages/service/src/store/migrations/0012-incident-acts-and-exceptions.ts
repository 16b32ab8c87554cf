/**
 * What incidents are listed by stands in columns beside the document, and exceptions have a table.
 *
 * The columns are read from the document by a trigger, not by whoever writes it: a version that does not know them
 * writes them too while it still runs beside this one, and those that stand already are filled in the same way. A
 * document may hold U+0000 and lone surrogates, which text cannot: they are replaced, as in every column of text.
 */
export const sql = String.raw`
alter table trueup.incident
  add column kind text collate "C",
  add column subject_key text collate "C",
  add column customer_id text collate "C",
  add column hurts text collate "C",
  add column assignee text collate "C",
  add column money_currency text collate "C",
  add column money_amount numeric,
  add column last_seen_at timestamptz,
  -- Folded: only A to Z, which is the same in memory and in every database.
  add column search_text text collate "C";

create function trueup.incident_columns() returns trigger language plpgsql set search_path = pg_catalog as $$
declare
  held json := new.incident;
  said record;
begin
  if position('\u' in held::text) > 0 then
    held := regexp_replace(held::text, '(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})',
      '\1' || chr(65533), 'g')::json;
  end if;
  -- Read in one go: every other way of taking a part out reads the whole document again.
  select * into said from json_to_record(held) as document (kind text, subject json, "customerId" text,
    hurts text, assignee text, "moneyAtRisk" json, "lastSeenAt" json, sentence text);
  new.kind := said.kind;
  new.subject_key := (said.subject->>'type') || ':' || (said.subject->>'id');
  new.customer_id := said."customerId";
  new.hurts := said.hurts;
  new.assignee := said.assignee;
  new.money_currency := said."moneyAtRisk"->>'currency';
  new.money_amount := said."moneyAtRisk"->>'amount';
  new.last_seen_at := said."lastSeenAt"->>'$date';
  new.search_text := lower(concat_ws(' ', new.incident_id, new.subject_key, said."customerId",
    said.sentence) collate "C");
  return new;
end
$$;
create trigger incident_columns before insert or update of incident on trueup.incident
  for each row execute function trueup.incident_columns();
update trueup.incident set incident = incident;

-- None by when they were last seen, which every check changes: the rows could no longer be changed in place.
create index incident_opened on trueup.incident (project_id, opened_at, incident_id);
create index incident_money on trueup.incident (project_id, (coalesce(money_amount, -1)), incident_id);
create index incident_severity on trueup.incident
  (project_id, (-severity_rank), opened_at, incident_id);
create index incident_subject on trueup.incident (project_id, subject_key) where subject_key is not null;
create index incident_customer on trueup.incident (project_id, customer_id) where customer_id is not null;

create table trueup.exception (
  workspace_id text collate "C" not null,
  project_id text collate "C" not null,
  exception_id text collate "C" not null,
  subject_key text collate "C" not null,
  owner text collate "C" not null,
  until timestamptz not null,
  ended_at timestamptz,
  exception json not null,
  primary key (workspace_id, project_id, exception_id)
);
create index exception_until on trueup.exception (workspace_id, project_id, until, exception_id);
create index exception_subject on trueup.exception (workspace_id, project_id, subject_key);
select trueup.guard_tenant('exception');
`
