import type { ConnectionFinding, SubjectType } from '@trueup/core'
import { tablePath } from '@trueup/core'
import type { PostgresConnection } from './connection/index.ts'
import { isUnique } from './read/check-keys.ts'
import { columnOf } from './read/page-sql.ts'
import { probeRole, type RolePower } from './role/probe-role.ts'
import { hindrancesOfTables, keyHindrances, lagHindrances } from './schema/judge-state.ts'
import { type DatabaseState, readDatabaseState, type TableState } from './schema/table-state.ts'
import { wantedTables } from './schema/wanted-tables.ts'
import type { PostgresSourceOptions } from './source.ts'

/** Tries everything that reading needs, and says what was found. @throws SourceError when the database cannot be reached. */
export async function testPostgres(
  connection: PostgresConnection,
  { mappings, allowWriteRole }: Pick<PostgresSourceOptions, 'mappings' | 'allowWriteRole'>,
  sent: () => void,
): Promise<readonly ConnectionFinding[]> {
  sent()
  return await connection.inReadOnly(async (reader) => {
    const report = await probeRole(reader)
    const findings: ConnectionFinding[] = [
      {
        name: 'key',
        state: 'ok',
        found: `${report.role} on ${connection.place}, PostgreSQL ${versionText(report.version)}`,
        fix: null,
      },
      ...roleFindings(report.powers, allowWriteRole),
      ...replicaFindings(await readDatabaseState(reader, report.version, [])),
    ]
    for (const type of ['user', 'organization'] as const) {
      const mapping = mappings[type]
      if (!mapping) continue
      const wanted = wantedTables(mapping)
      const state = await readDatabaseState(reader, report.version, wanted)
      const hindrances = hindrancesOfTables(state, wanted)
      const name = partName[type]
      findings.push(
        ...hindrances.map(({ message, fix, code }) => ({
          name,
          state: code === 'permission-missing' ? ('missing' as const) : ('failed' as const),
          found: message,
          fix,
        })),
      )
      if (hindrances.length === 0) findings.push(...tableFindings(name, state, mapping))
    }
    return findings
  })
}

const partName: Readonly<Record<SubjectType, string>> = { user: 'users', organization: 'organizations' }

/** What the role can do beyond reading: refused where it can write, told where something is left open. */
export function roleFindings(
  powers: readonly RolePower[],
  allowWriteRole: boolean,
): readonly ConnectionFinding[] {
  const writing = powers.filter(({ writes }) => writes)
  const told = powers.filter(({ writes, fix }) => !writes && fix !== null)
  const reads: ConnectionFinding = { name: 'role', state: 'ok', found: 'can only read', fix: null }
  return [
    ...(writing.length === 0 ? [reads] : []),
    ...writing.map(({ found, fix }) => ({
      name: 'role',
      state: allowWriteRole ? ('warning' as const) : ('failed' as const),
      found,
      fix,
    })),
    ...told.map(({ found, fix }) => ({ name: 'role', state: 'warning' as const, found, fix })),
  ]
}

/** A replica shows the past: told where it is a moment, refused where it is more. */
export function replicaFindings(state: DatabaseState): readonly ConnectionFinding[] {
  if (!state.inRecovery) return []
  const lagging = lagHindrances(state)
  if (lagging.length > 0) {
    return lagging.map(({ message, fix }) => ({ name: 'replica', state: 'failed', found: message, fix }))
  }
  return [
    {
      name: 'replica',
      state: 'warning',
      found: `The server is a replica, ${Math.round(state.lagSeconds ?? 0)} s behind its primary.`,
      fix: 'Use the address of the primary, so that a change of the last minute is not missed.',
    },
  ]
}

function tableFindings(
  name: string,
  state: DatabaseState,
  mapping: NonNullable<PostgresSourceOptions['mappings'][SubjectType]>,
): readonly ConnectionFinding[] {
  const [own, ...others] = state.tables.filter((table) => table !== null)
  if (!own) return []
  const rows = own.estimatedRows === null ? '' : `, about ${own.estimatedRows.toLocaleString('en-US')} rows`
  const key = columnOf(own, mapping.key)
  return [
    { name, state: 'ok', found: `${tablePath(own)}${rows}`, fix: null },
    ...keyHindrances(`${tablePath(own)}.${key.name}`, key).map(({ message, fix }) => ({
      name,
      state: 'failed' as const,
      found: message,
      fix,
    })),
    ...viewWarning(name, own),
    ...keyWarnings(name, own, mapping),
    ...others.flatMap((table) => joinWarning(name, table, mapping)),
  ]
}

function viewWarning(name: string, table: TableState): readonly ConnectionFinding[] {
  if (table.kind !== 'view') return []
  return [
    {
      name,
      state: 'warning',
      found: `${tablePath(table)} is a view: what its definition leaves out is not seen`,
      fix: 'Make sure that it shows every row that can have access.',
    },
  ]
}

function keyWarnings(
  name: string,
  table: TableState,
  { key, subject }: { readonly key: string; readonly subject: string | null },
): readonly ConnectionFinding[] {
  return [key, ...(subject === null ? [] : [subject])]
    .map((column) => columnOf(table, column))
    .filter((column) => !isUnique(table, column))
    .map((column) => ({
      name,
      state: 'warning' as const,
      found: `${tablePath(table)}.${column.name} has no unique index of its own, so doubles are looked for before every check`,
      fix: 'Give it a UNIQUE constraint, which also makes reading fast.',
    }))
}

function joinWarning(
  name: string,
  table: TableState,
  { entitlements, members }: NonNullable<PostgresSourceOptions['mappings'][SubjectType]>,
): readonly ConnectionFinding[] {
  const isTable = (other: { readonly schema: string; readonly table: string }) =>
    other.schema === table.schema && other.table === table.table
  const joining =
    entitlements && typeof entitlements !== 'string' && isTable(entitlements)
      ? entitlements.subject
      : members && isTable(members)
        ? members.organization
        : null
  if (joining === null || columnOf(table, joining).indexed) return []
  return [
    {
      name,
      state: 'warning',
      found: `${tablePath(table)}.${joining} has no index, so the whole table is read for every page of subjects`,
      fix: `Run: create index concurrently on ${tablePath(table)} (${joining}).`,
    },
  ]
}

/** @example versionText(150004) // '15.4' */
export function versionText(version: number): string {
  return `${Math.floor(version / 10_000)}.${version % 10_000}`
}
