import type { ConnectionFinding, PostgresMappingShape, PostgresProposals } from '@trueup/core'
import type { ConnectionTarget, PostgresConnection } from '../adapters/postgres/connection/index.ts'
import { placeOf } from '../adapters/postgres/connection/index.ts'
import { newPassword, scramVerifier } from '../adapters/postgres/role/new-password.ts'
import type { RoleReport } from '../adapters/postgres/role/probe-role.ts'
import { defaultReadRole, readRoleSql } from '../adapters/postgres/role/read-role-sql.ts'
import { roleConnectionString } from '../adapters/postgres/role/role-connection-string.ts'
import { replicaFindings, roleFindings, versionText } from '../adapters/postgres/test-source.ts'
import { defaultUrlVariable } from '../config/default-url-variable.ts'
import { renderValue } from '../config/render-config.ts'
import { type LookedAtDatabase, lookAtDatabase, type Sought } from './postgres.ts'

/** What is known of a database after a look, with what to do next. */
export interface DatabaseReport {
  /** Whether the role only reads, and what was proposed can be read with it. */
  readonly ok: boolean
  readonly urlVariable: string
  readonly connection: readonly ConnectionFinding[]
  readonly role: Pick<RoleReport, 'role' | 'canWrite' | 'powers'> & {
    readonly findings: readonly ConnectionFinding[]
  }
  readonly proposals: PostgresProposals
  /** What stands in the way of reading the proposed tables. */
  readonly reading: readonly ConnectionFinding[]
  /** The access source as code; `null` where nothing was found to propose. */
  readonly configuration: string | null
  /** How to make a role that can only read what is proposed; `null` where this one is such a role, or nothing is. */
  readonly readRole: { readonly sql: string; readonly connectionString: string } | null
}

export interface ReportOptions {
  readonly target: ConnectionTarget
  readonly urlVariable: string
  readonly sought: Sought
  readonly allowWriteRole: boolean
}

/**
 * Looks at a database and says what was found and what to do.
 *
 * @throws SourceError when the database cannot be reached or read
 */
export async function reportDatabase(
  connection: PostgresConnection,
  { target, urlVariable, sought, allowWriteRole }: ReportOptions,
): Promise<DatabaseReport> {
  const looked = await lookAtDatabase(connection, sought)
  const { role, proposals, shapes, hindrances } = looked
  const isProposed = Object.keys(shapes).length > 0
  const isSound = (!role.canWrite || allowWriteRole) && hindrances.length === 0 && isProposed
  return {
    ok: isSound,
    urlVariable,
    connection: connectionFindings(target, looked),
    role: {
      role: role.role,
      canWrite: role.canWrite,
      powers: role.powers,
      findings: roleSection(looked, allowWriteRole),
    },
    proposals,
    // That it is a replica which lags stands with the connection.
    reading: hindrances
      .filter(({ code }) => code !== 'replica-lagging')
      .map(({ code, message, fix }) => ({
        name: code === 'rows-hidden' ? 'rows' : 'table',
        state: code === 'permission-missing' ? ('missing' as const) : ('failed' as const),
        found: message,
        fix: code === 'permission-missing' || code === 'rows-hidden' ? 'Run the SQL below.' : fix,
      })),
    configuration: isProposed ? configurationOf(shapes, urlVariable, role.canWrite && allowWriteRole) : null,
    readRole: isProposed && !(isSound && !role.canWrite) ? readRoleOf(looked, target) : null,
  }
}

function connectionFindings(
  target: ConnectionTarget,
  { role, state }: LookedAtDatabase,
): readonly ConnectionFinding[] {
  const endpoint = {
    direct: '',
    'session-pooler': ', session pooler',
    'transaction-pooler': ', transaction pooler',
  }
  const server: ConnectionFinding = {
    name: 'server',
    state: 'ok',
    found: `${placeOf(target)}, PostgreSQL ${versionText(role.version)}${endpoint[target.endpoint]}`,
    fix: null,
  }
  const encryption: ConnectionFinding =
    target.tls.kind === 'off'
      ? {
          name: 'encryption',
          state: 'warning',
          found: 'none (sslmode=disable)',
          fix: 'Leave sslmode out unless the database is on this machine or network.',
        }
      : { name: 'encryption', state: 'ok', found: tlsText[target.tls.kind], fix: null }
  return [server, encryption, ...replicaFindings(state)]
}

const tlsText = {
  'verify-full': 'TLS, the certificate and its name are checked',
  pinned: 'TLS, the certificate is checked against the pinned authority',
}

function roleSection(
  { role, tables }: LookedAtDatabase,
  allowWriteRole: boolean,
): readonly ConnectionFinding[] {
  const mapped = new Set(tables.map(({ schema, table }) => `${schema}.${table}`))
  const more = role.readable.filter((path) => !mapped.has(path))
  const reads: ConnectionFinding = {
    name: 'reads',
    state: 'ok',
    found: `more than it needs: ${more.slice(0, 5).join(', ')}${more.length > 5 ? ` and ${more.length - 5} more` : ''}`,
    fix: null,
  }
  return [
    { name: 'name', state: 'ok', found: role.role, fix: null },
    ...roleFindings(role.powers, allowWriteRole),
    ...role.powers
      .filter(({ writes, fix }) => !writes && fix === null)
      .map(({ found }) => ({ name: 'beside', state: 'ok' as const, found, fix: null })),
    ...(more.length > 0 && !role.canWrite ? [reads] : []),
  ]
}

function configurationOf(
  shapes: LookedAtDatabase['shapes'],
  urlVariable: string,
  allowWriteRole: boolean,
): string {
  const { user, organization } = shapes
  const isShort = user !== undefined && organization === undefined
  const tables: Record<string, PostgresMappingShape> = {
    ...(user ? { users: user } : {}),
    ...(organization ? { organizations: organization } : {}),
  }
  const postgres = {
    ...(urlVariable === defaultUrlVariable ? {} : { url: urlVariable }),
    ...(allowWriteRole ? { allowWriteRole } : {}),
    ...(isShort ? user : tables),
  }
  return `access: ${renderValue([{ postgres }])},`
}

/** A role of its own for reading, and the connection string that goes with it. */
function readRoleOf(
  { tables }: LookedAtDatabase,
  target: ConnectionTarget,
): NonNullable<DatabaseReport['readRole']> {
  const password = newPassword()
  const sql = readRoleSql({ verifier: scramVerifier(password), database: target.database, tables })
  return { sql, connectionString: roleConnectionString(target, defaultReadRole, password) }
}
