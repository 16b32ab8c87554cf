import type { PostgresReader } from '../connection/index.ts'
import { readServerVersion } from '../schema/server-version.ts'
import { type RoleFacts, roleSql } from './role-sql.ts'

/** What a role can do beside reading what it is meant to read. Closed list. */
export type RolePowerKind =
  | 'superuser'
  | 'creates-roles'
  | 'creates-databases'
  | 'replicates'
  | 'owns'
  | 'writes-tables'
  | 'uses-sequences'
  | 'creates-in-schemas'
  | 'creates-schemas'
  | 'dangerous-membership'
  | 'future-writes'
  | 'writes-large-objects'
  | 'untrusted-languages'
  | 'member-of'
  | 'bypasses-row-security'
  | 'runs-as-owner'
  | 'leads-out'
  | 'writes-extension-tables'
  | 'everybody-creates'
  | 'temporary-tables'
  | 'creates-large-objects'
  | 'read-only-by-default'

export interface RolePower {
  readonly kind: RolePowerKind
  /** Whether the role can change data of the app by it, or get to. What only might is left open, and said. */
  readonly writes: boolean
  readonly found: string
  /** What closes it; `null` where it needs no closing. */
  readonly fix: string | null
}

/** What the connected role can really do. */
export interface RoleReport {
  readonly role: string
  /** The server's version, as a number: 15.4 is 150004. */
  readonly version: number
  /** The gravest first. */
  readonly powers: readonly RolePower[]
  /** Whether any of them lets it write. */
  readonly canWrite: boolean
  /** All tables that it may read, in whole or some columns: `public.users`. */
  readonly readable: readonly string[]
}

/**
 * Finds out what the connected role can do, from the catalogs: rights of its own, of roles that it can become, and of
 * everybody. The session is read-only, and that is no barrier: whoever holds the password can begin another one.
 *
 * @example
 * const report = await probeRole(connection)
 * if (report.canWrite) throw new Error(report.powers[0]?.found)
 */
export async function probeRole(reader: PostgresReader): Promise<RoleReport> {
  const version = await readServerVersion(reader)
  const [row] = await reader.read<{ facts: RoleFacts }>(roleSql(version))
  if (!row) throw new Error('A query without a table answers with one row.')
  const powers = powersOf(row.facts)
  return {
    role: row.facts.role,
    version,
    powers,
    canWrite: powers.some(({ writes }) => writes),
    readable: row.facts.readable,
  }
}

/** Predefined roles that can do more than read what the grants say. https://www.postgresql.org/docs/current/predefined-roles.html */
const dangerousRoles = [
  'pg_write_all_data',
  'pg_write_server_files',
  'pg_execute_server_program',
  'pg_signal_backend',
  'pg_maintain',
  'pg_create_subscription',
  'pg_database_owner',
]

function powersOf(facts: RoleFacts): readonly RolePower[] {
  if (facts.superuser) {
    // It owns and may do everything, so nothing more of it is worth a line.
    return [
      writes('superuser', 'It is a superuser, or can become one: nothing is closed to it.', useReadRole),
    ]
  }
  const { memberships } = facts
  const dangerous = memberships.filter((role) => dangerousRoles.includes(role))
  const schemas = [...facts.schemas]
  return [
    when(facts.createsRoles, () =>
      writes('creates-roles', 'It can create roles, and give them rights of others.', useReadRole),
    ),
    when(facts.replicates, () =>
      writes(
        'replicates',
        'It can replicate: read every table of the server, and fill its disk.',
        useReadRole,
      ),
    ),
    when(facts.createsDatabases, () => writes('creates-databases', 'It can create databases.', useReadRole)),
    ofSome(facts.owned, (names) =>
      writes(
        'owns',
        `It owns ${names}: an owner can do anything with them, and give itself every right.`,
        useReadRole,
      ),
    ),
    ofSome(facts.writable, (names) => writes('writes-tables', `It can write ${names}.`, revokeWrites)),
    ofSome(facts.sequences, (names) =>
      writes('uses-sequences', `It can move the sequences ${names}.`, revokeWrites),
    ),
    ofSome(schemas, (names) =>
      writes('creates-in-schemas', `It can create tables and functions in ${names}.`, revokeWrites),
    ),
    when(facts.createsSchemas, () =>
      writes('creates-schemas', 'It can create schemas in this database.', revokeWrites),
    ),
    ofSome(dangerous, (names) => writes('dangerous-membership', `It is a member of ${names}.`, useReadRole)),
    ofSome(facts.futureGrants, (names) =>
      writes(
        'future-writes',
        `It will be able to write what is yet to be made (default privileges): ${names}.`,
        revokeWrites,
      ),
    ),
    when(facts.largeObjects > 0 || facts.largeObjectsUnguarded, () =>
      writes('writes-large-objects', 'It can write large objects.', revokeWrites),
    ),
    ofSome(facts.untrusted, (names) =>
      writes(
        'untrusted-languages',
        `It can run functions in languages that PostgreSQL does not fence in: ${names}.`,
        revokeExecute,
      ),
    ),
    ofSome(facts.definers, (names) =>
      open(
        'runs-as-owner',
        `It can call functions that run with the rights of their owner, and may write: ${names}.`,
        revokeExecute,
      ),
    ),
    ofSome(facts.waysOut, (names) =>
      open(
        'leads-out',
        `It can reach out of the database, and back in by another way: ${names}.`,
        revokeExecute,
      ),
    ),
    ofSome(facts.writableOfExtensions, (names) =>
      open('writes-extension-tables', `It can write tables that belong to extensions: ${names}.`, null),
    ),
    ofSome(facts.schemasOfEverybody, (names) =>
      open(
        'everybody-creates',
        `Everybody can create tables and functions in ${names}.`,
        'Run: revoke create on schema public from public.',
      ),
    ),
    when(facts.bypassesRowSecurity, () =>
      open('bypasses-row-security', 'It sees rows that row-level security hides from others.', null),
    ),
    ofSome(
      memberships.filter((role) => !dangerous.includes(role)),
      (names) =>
        open('member-of', `It has, or can take, the rights of ${names}; they are counted in here.`, null),
    ),
    when(facts.temporaryTables, () =>
      open('temporary-tables', 'It can make temporary tables, which nobody else sees.', null),
    ),
    when(facts.createsLargeObjects, () =>
      open('creates-large-objects', 'It can create large objects, as everybody can.', null),
    ),
    when(facts.readOnlyByDefault, () =>
      open(
        'read-only-by-default',
        'Its sessions begin read-only, which is no barrier: whoever holds the password can switch that off.',
        null,
      ),
    ),
  ].flat()
}

const useReadRole = 'Connect with a role that may only read: Trueup writes the SQL that makes one.'
const revokeWrites =
  'Take these rights away, or connect with a role that may only read: Trueup writes the SQL that makes one.'
const revokeExecute =
  'Run: revoke execute on function ... from public, for those that the app does not need it for.'

function writes(kind: RolePowerKind, found: string, fix: string): RolePower {
  return { kind, writes: true, found, fix }
}

function open(kind: RolePowerKind, found: string, fix: string | null): RolePower {
  return { kind, writes: false, found, fix }
}

function when(is: boolean, power: () => RolePower): readonly RolePower[] {
  return is ? [power()] : []
}

const mostNames = 5

function ofSome(names: readonly string[], power: (names: string) => RolePower): readonly RolePower[] {
  if (names.length === 0) return []
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
  return [power(`${names.slice(0, mostNames).join('; ')}${more}`)]
}
