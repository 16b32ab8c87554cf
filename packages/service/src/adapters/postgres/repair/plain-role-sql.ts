import { assertRoleName, quoteName, quoteText, quoteVerifier } from './quote.ts'
import { defaultRepairRole, type RepairTable } from './repair-policy.ts'

/**
 * The SQL for a role that may update the mapped columns and nothing else, for those who do not install the repair
 * function (see {@link createPlainRoleTarget}). It can be run again.
 *
 * @throws RangeError for names that PostgreSQL cannot hold.
 */
export function plainRoleSql({
  tables,
  role = defaultRepairRole,
  verifier,
}: {
  readonly tables: readonly RepairTable[]
  /** Default `trueup_repair`. */
  readonly role?: string
  /** The role's password as PostgreSQL stores it, set only where the role is made. */
  readonly verifier?: string
}): string {
  assertRoleName(role)
  const login = quoteName(role)
  const grants = tables.flatMap((table) => {
    const name = `${quoteName(table.schema)}.${quoteName(table.table)}`
    const columns = table.columns.map(({ column }) => quoteName(column)).join(', ')
    return [
      `revoke all on ${name} from ${login};`,
      `grant usage on schema ${quoteName(table.schema)} to ${login};`,
      `grant select (${quoteName(table.key)}, ${columns}), update (${columns}) on ${name} to ${login};`,
    ]
  })
  return `-- Lets Trueup update these columns: of every row of the tables, and as often as it wants. The repair function is
-- the safer way; with this one the caps are kept by Trueup alone.
-- Where a table has row-level security, add policies for select and update to the role.
-- Change its password: alter role ${login} password '...';
begin;
do $body$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = ${quoteText(role)}) then
    create role ${login} login noinherit connection limit 10${verifier === undefined ? '' : ` password ${quoteVerifier(verifier)}`};
  end if;
end
$body$;
${grants.join('\n')}
commit;
`
}
