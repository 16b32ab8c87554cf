/**
 * The Access Ledger: staged drafts, numbered entries, what stands beside them and can be erased, and checkpoints.
 *
 * Entries and checkpoints are only ever added. Their owner has no right to change them, and triggers that fire in every
 * session refuse it as well, for a superuser too. No foreign key leads to an entry: checking one would need the right
 * to update it.
 */
export const sql = `
create table trueup.ledger_draft (
  project_id text collate "C" not null references trueup.project,
  draft_number bigint generated always as identity,
  workspace_id text collate "C" not null,
  key text collate "C" not null,
  draft json not null,
  primary key (project_id, draft_number),
  unique (project_id, key)
);

create table trueup.ledger_entry (
  project_id text collate "C" not null references trueup.project,
  sequence bigint not null,
  workspace_id text collate "C" not null,
  key text collate "C" not null,
  act text not null,
  at timestamptz not null,
  incident_id text collate "C",
  -- The canonical JSON in UTF-8, as it was hashed.
  entry bytea not null,
  hash bytea not null,
  primary key (project_id, sequence),
  unique (project_id, key)
);
create index ledger_entry_incident on trueup.ledger_entry (project_id, incident_id, sequence)
  where incident_id is not null;

create table trueup.ledger_personal (
  project_id text collate "C" not null,
  sequence bigint not null,
  workspace_id text collate "C" not null,
  salt bytea not null,
  personal text not null,
  primary key (project_id, sequence)
);

-- Whom an entry is about.
create table trueup.ledger_person (
  project_id text collate "C" not null,
  person text collate "C" not null,
  sequence bigint not null,
  workspace_id text collate "C" not null,
  primary key (project_id, person, sequence)
);
create index ledger_person_sequence on trueup.ledger_person (project_id, sequence);

create table trueup.ledger_checkpoint (
  project_id text collate "C" not null references trueup.project,
  size bigint not null,
  workspace_id text collate "C" not null,
  root bytea not null,
  -- The roots of the complete subtrees one after the other, 32 bytes each.
  range bytea not null,
  note text not null,
  signed_at timestamptz not null,
  primary key (project_id, size)
);

create function trueup.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The table %.% only grows: % is refused.', tg_table_schema, tg_table_name, tg_op
    using errcode = 'restrict_violation';
end
$$;
create trigger only_grows before update or delete or truncate on trueup.ledger_entry
  for each statement execute function trueup.refuse_change();
alter table trueup.ledger_entry enable always trigger only_grows;
create trigger only_grows before update or delete or truncate on trueup.ledger_checkpoint
  for each statement execute function trueup.refuse_change();
alter table trueup.ledger_checkpoint enable always trigger only_grows;
revoke update, delete, truncate on trueup.ledger_entry, trueup.ledger_checkpoint from public, current_user;

-- Each entry is written once and hardly ever read again.
alter table trueup.ledger_entry alter column entry set storage external;
`
