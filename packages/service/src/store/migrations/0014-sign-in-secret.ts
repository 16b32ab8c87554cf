/**
 * What sessions are signed with and second factors are sealed under, itself sealed like every secret: so the keys of the
 * vault change under it, and nobody is signed out by that. It is of no workspace, and stands with the first one.
 */
export const sql = `
create table trueup.sign_in_secret (
  workspace_id text collate "C" not null references trueup.workspace,
  secret_id text collate "C" not null,
  sealed text collate "C" not null,
  made_at timestamptz not null,
  primary key (workspace_id, secret_id)
);
select trueup.guard_tenant('sign_in_secret');
select trueup.guard_sealed('sign_in_secret', 'sealed', 'sign-in-secret', array['secret_id']);
`
