/**
 * Projects and workspaces that are to be deleted: for some days it can be taken back, then all that is theirs is erased
 * but the ledger, which only ever grows. What names nobody stays of the row itself, so that its entries have a place.
 */
export const sql = `
alter table trueup.project
  add column deletion_asked_at timestamptz,
  add column deletion_asked_by text,
  add column deletion_due_at timestamptz,
  -- What it goes back to where the deletion is taken back.
  add column state_before_deletion text,
  add column erased_at timestamptz;
create index project_deletion_due on trueup.project (deletion_due_at)
  where deletion_due_at is not null and erased_at is null;

alter table trueup.workspace
  add column deletion_asked_at timestamptz,
  add column deletion_asked_by text,
  add column deletion_due_at timestamptz,
  add column erased_at timestamptz;
`
