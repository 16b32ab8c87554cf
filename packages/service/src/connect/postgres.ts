import type {
  ColumnSample,
  DescribedTable,
  PostgresMappingShape,
  PostgresProposals,
  SubjectType,
  TableName,
  TableProposal,
} from '@trueup/core'
import { mayHoldSubjects, parsePostgresMapping, proposePostgresMapping, tablePath } from '@trueup/core'
import type { PostgresConnection } from '../adapters/postgres/connection/index.ts'
import { describeSchema } from '../adapters/postgres/introspect/describe-schema.ts'
import { sampleColumns } from '../adapters/postgres/introspect/sample-columns.ts'
import { probeRole, type RoleReport } from '../adapters/postgres/role/probe-role.ts'
import { type Hindrance, hindrancesOf } from '../adapters/postgres/schema/judge-state.ts'
import {
  type DatabaseState,
  readDatabaseState,
  type TableState,
  type WantedTable,
} from '../adapters/postgres/schema/table-state.ts'
import { wantedTables } from '../adapters/postgres/schema/wanted-tables.ts'

/** Which tables may be proposed; `null`: any. */
export interface Sought {
  readonly schema: string | null
  readonly table: TableName | null
}

/** Everything that a database shows before there is a configuration. */
export interface LookedAtDatabase {
  readonly role: RoleReport
  readonly proposals: PostgresProposals
  /** The likeliest table of each type, as the configuration takes it. */
  readonly shapes: Readonly<Partial<Record<SubjectType, PostgresMappingShape>>>
  /** The tables of those, as they are now, each with its mapped columns. */
  readonly tables: readonly TableState[]
  readonly state: DatabaseState
  /** What keeps them from being read with this role. */
  readonly hindrances: readonly Hindrance[]
}

/** Tables whose rows are looked at: the likeliest ones; a database can have thousands. */
const mostSampled = 25

/**
 * Looks at a database: what the role can do, what the tables are, and how they may be mapped.
 *
 * @throws SourceError when the database cannot be reached or read
 */
export async function lookAtDatabase(
  connection: PostgresConnection,
  sought: Sought,
): Promise<LookedAtDatabase> {
  const role = await probeRole(connection)
  const tables = await describeSchema(connection)
  const proposals = await propose(connection, tables, sought)
  const shapes = likeliestShapes(proposals)
  const wanted = mergeTables(
    Object.entries(shapes).flatMap(([type, shape]) => wantedOf(type as SubjectType, shape)),
  )
  const state = await readDatabaseState(connection, role.version, wanted)
  return {
    role,
    proposals,
    shapes,
    tables: state.tables.filter((table) => table !== null),
    state,
    hindrances: hindrancesOf(state, wanted),
  }
}

async function propose(
  connection: PostgresConnection,
  tables: readonly DescribedTable[],
  { schema, table }: Sought,
): Promise<PostgresProposals> {
  const isSought = (found: TableName) =>
    (schema === null || found.schema === schema) && (table === null || tablePath(found) === tablePath(table))
  const candidates = proposePostgresMapping(tables, [])
  // Values speak where names do not: every table that could hold subjects gets a look, the likely ones first.
  const likely = new Set([...candidates.user, ...candidates.organization].map(tablePath))
  const looked = tables
    .filter((found) => isSought(found) && mayHoldSubjects(found))
    .toSorted((a, b) => Number(likely.has(tablePath(b))) - Number(likely.has(tablePath(a))))
    .slice(0, mostSampled)
  const samples: ColumnSample[] = []
  for (const found of looked) samples.push(...(await sampleColumns(connection, found)))
  const { user, organization } = proposePostgresMapping(tables, samples)
  return { user: user.filter(isSought), organization: organization.filter(isSought) }
}

/** The likeliest table of each type. One that is the likeliest of both is that type's for which more speaks. */
function likeliestShapes({ user, organization }: PostgresProposals): LookedAtDatabase['shapes'] {
  const all = [...user, ...organization].toSorted((a, b) => b.weight - a.weight)
  const chosen: TableProposal[] = []
  for (const proposal of all) {
    const isTaken = chosen.some(
      (other) => other.type === proposal.type || tablePath(other) === tablePath(proposal),
    )
    if (!isTaken) chosen.push(proposal)
  }
  return Object.fromEntries(chosen.map(({ type, shape }) => [type, shape]))
}

function wantedOf(type: SubjectType, shape: PostgresMappingShape): readonly WantedTable[] {
  const { mapping } = parsePostgresMapping(type, shape)
  return mapping ? wantedTables(mapping) : []
}

/** A table that serves twice is granted, and looked at, once. */
function mergeTables(wanted: readonly WantedTable[]): readonly WantedTable[] {
  const merged = new Map<string, WantedTable>()
  for (const table of wanted) {
    const path = tablePath(table)
    const columns = [...new Set([...(merged.get(path)?.columns ?? []), ...table.columns])]
    merged.set(path, { ...table, columns })
  }
  return [...merged.values()]
}
