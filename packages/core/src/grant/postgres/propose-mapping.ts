import type { SubjectType } from '../../subject/subject.ts'
import { type ColumnProposal, columnTraits, plainName, weighColumn } from './column-traits.ts'
import type { ColumnSample, DescribedColumn, DescribedTable } from './described-schema.ts'
import { type PostgresMappingShape, postgresColumnFields } from './parse-mapping.ts'
import {
  type EntitlementRowsShape,
  entitlementRowsOf,
  type MemberRowsShape,
  memberRowsOf,
  type RelatedProposal,
} from './related-tables.ts'
import { type TableName, tableText } from './table-name.ts'

/** A table offered for one type of subject, with everything that speaks for it, for a person to confirm. */
export interface TableProposal extends TableName {
  readonly type: SubjectType
  /** Why this table. */
  readonly evidence: readonly string[]
  readonly key: ColumnProposal
  /** The likeliest column of each field, and behind it what else would do. */
  readonly fields: readonly (ColumnProposal & { readonly alternatives: readonly ColumnProposal[] })[]
  readonly entitlementRows: RelatedProposal<EntitlementRowsShape> | null
  readonly members: RelatedProposal<MemberRowsShape> | null
  /** What it comes to, to be pasted into the configuration. */
  readonly shape: PostgresMappingShape
  /** What was looked for and not found, that a check would miss. */
  readonly missing: readonly string[]
  /** Greater is likelier; it orders proposals and says nothing else. */
  readonly weight: number
}

/** The tables that may hold subjects of each type, the likeliest first; none where nothing fits. */
export type PostgresProposals = Readonly<Record<SubjectType, readonly TableProposal[]>>

/** How surely the name of a table, in the singular, says what its rows are. */
const tableNames: Readonly<Record<SubjectType, Readonly<Record<string, number>>>> = {
  user: {
    user: 60,
    profile: 45,
    userprofile: 45,
    account: 30,
    customer: 25,
    subscriber: 25,
    member: 20,
    person: 20,
    people: 20,
  },
  organization: {
    organization: 60,
    organisation: 60,
    org: 60,
    team: 55,
    workspace: 55,
    company: 45,
    tenant: 45,
    account: 25,
    group: 15,
  },
}

/**
 * Proposes how to map a database, from what its catalogs and a sample of rows show: by names, types, constraints, and
 * values. Every guess comes with its evidence. Where nothing says who has access, nothing is proposed.
 *
 * @example
 * proposePostgresMapping(tables, samples).user[0]?.shape
 * // { table: 'users', key: 'id', customerId: 'stripe_customer_id', plan: 'plan' }
 */
export function proposePostgresMapping(
  tables: readonly DescribedTable[],
  samples: readonly ColumnSample[],
): PostgresProposals {
  const propose = (type: SubjectType) =>
    tables
      .flatMap((table) => proposeTable(type, table, tables, samples) ?? [])
      .toSorted((a, b) => b.weight - a.weight)
  return { user: propose('user'), organization: propose('organization') }
}

/** Whether a table can hold subjects at all, so that it is worth a look at its rows. */
export function mayHoldSubjects(table: DescribedTable): boolean {
  return (
    keyOf(table) !== null &&
    table.columns.some((column) => columnTraits.some((trait) => weighColumn(trait, column, null)))
  )
}

function proposeTable(
  type: SubjectType,
  table: DescribedTable,
  tables: readonly DescribedTable[],
  samples: readonly ColumnSample[],
): TableProposal | null {
  const key = keyOf(table)
  if (!key) return null
  const fields = fieldsOf(type, table, key, samples)
  const entitlementRows = fields.some(({ field }) => field === 'entitlements')
    ? null
    : (entitlementRowsOf(table, key, tables)[0] ?? null)
  const members = type === 'organization' ? (memberRowsOf(table, key, tables)[0] ?? null) : null
  const has = (field: ColumnProposal['field']) => fields.some((proposal) => proposal.field === field)
  const saysAccess = has('plan') || has('premium') || has('entitlements') || entitlementRows !== null
  const named = tableNames[type][singular(table.table)] ?? 0
  const otherwiseNamed = tableNames[type === 'user' ? 'organization' : 'user'][singular(table.table)] ?? 0
  // A name that says nothing may be that of users who pay; one that says the other type is not this one's.
  const isPlausible =
    named > 0 || (otherwiseNamed === 0 && type === 'user' && has('customerId') && !pointsToSubjects(table))
  if (!saysAccess || !isPlausible) return null
  const weight =
    named +
    fields.reduce((sum, { field, weight }) => sum + (fieldWeights[field] ?? 5) * (weight / 80), 0) +
    (entitlementRows ? 15 : 0) +
    (members ? 20 : 0) -
    (table.isView ? 10 : 0)
  return {
    schema: table.schema,
    table: table.table,
    type,
    evidence: tableEvidence(type, table, named),
    key: keyProposal(key),
    fields,
    entitlementRows,
    members,
    shape: shapeOf(table, key, fields, entitlementRows, members),
    missing: missingOf(type, has, members !== null),
    weight,
  }
}

const fieldWeights: Partial<Record<ColumnProposal['field'], number>> = {
  customerId: 50,
  plan: 35,
  premium: 30,
  entitlements: 15,
  seats: 15,
}

function fieldsOf(
  type: SubjectType,
  table: DescribedTable,
  key: DescribedColumn,
  samples: readonly ColumnSample[],
): TableProposal['fields'] {
  const taken = new Set<string>([key.name])
  const fields: TableProposal['fields'][number][] = []
  for (const trait of columnTraits.filter(({ types }) => types.includes(type))) {
    const candidates = table.columns
      .filter(({ name }) => !taken.has(name))
      .flatMap((column) => weighColumn(trait, column, sampleOf(table, column, samples)) ?? [])
      .toSorted((a, b) => b.weight - a.weight)
    const [best, ...alternatives] = candidates
    if (!best) continue
    taken.add(best.column)
    fields.push({ ...best, alternatives })
  }
  // A proof of an address says nothing without the address.
  const hasEmail = fields.some(({ field }) => field === 'email')
  return hasEmail ? fields : fields.filter(({ field }) => field !== 'emailVerified')
}

function sampleOf(
  table: DescribedTable,
  column: DescribedColumn,
  samples: readonly ColumnSample[],
): ColumnSample | null {
  return (
    samples.find(
      (sample) =>
        sample.schema === table.schema && sample.table === table.table && sample.column === column.name,
    ) ?? null
  )
}

const keyKinds: readonly DescribedColumn['kind'][] = ['text', 'number', 'uuid']

/** The primary key, if it is one column; else a unique column that is never null. A view has neither, and may have an `id`. */
function keyOf(table: DescribedTable): DescribedColumn | null {
  const usable = table.columns.filter(({ kind }) => keyKinds.includes(kind))
  return (
    usable.find(({ primaryKey }) => primaryKey) ??
    usable.find(({ unique, nullable, name }) => unique && !nullable && plainName(name) === 'id') ??
    usable.find(({ unique, nullable }) => unique && !nullable) ??
    (table.isView ? (usable.find(({ name }) => plainName(name) === 'id') ?? null) : null)
  )
}

function keyProposal(key: DescribedColumn): ColumnProposal {
  const said = key.primaryKey ? 'primary key' : key.unique ? 'unique and never null' : 'named id, in a view'
  return { field: 'key', column: key.name, weight: key.primaryKey ? 100 : 50, evidence: [said, key.type] }
}

/** Rows that point to a subject are about one, and are none: subscriptions, payments, sessions. */
function pointsToSubjects(table: DescribedTable): boolean {
  return table.columns.some(
    ({ name, primaryKey }) =>
      !primaryKey &&
      /^(user|member|team|org|organization|workspace|account|profile)(id|uid)$/.test(plainName(name)),
  )
}

function tableEvidence(type: SubjectType, table: DescribedTable, named: number): readonly string[] {
  const rows = table.estimatedRows === null ? [] : [`about ${table.estimatedRows} rows`]
  return [
    named > 0 ? `is named ${table.table}` : `holds customer ids, and does not point to other ${type}s`,
    table.isView ? 'is a view' : 'is a table',
    ...rows,
  ]
}

function shapeOf(
  table: DescribedTable,
  key: DescribedColumn,
  fields: TableProposal['fields'],
  entitlementRows: TableProposal['entitlementRows'],
  members: TableProposal['members'],
): PostgresMappingShape {
  const columnOf = (wanted: ColumnProposal['field']) => fields.find(({ field }) => field === wanted)?.column
  const columns = postgresColumnFields.flatMap((field) => {
    const column = field === 'key' ? undefined : columnOf(field)
    return column === undefined ? [] : [[field, column] as const]
  })
  const entitlements = columnOf('entitlements') ?? entitlementRows?.shape
  return {
    table: tableText(table),
    key: key.name,
    ...Object.fromEntries(columns),
    ...(entitlements ? { entitlements } : {}),
    ...(members ? { members: members.shape } : {}),
  }
}

function missingOf(
  type: SubjectType,
  has: (field: ColumnProposal['field']) => boolean,
  hasMembers: boolean,
): readonly string[] {
  const looked: readonly (readonly [boolean, string])[] = [
    [has('customerId'), 'no column holds Stripe customer ids: match by metadata of the customer instead'],
    [has('plan') || has('premium'), 'no column says the plan, or whether it is paid'],
    [has('deletedAt'), 'no column marks rows as deleted'],
    [has('updatedAt'), 'no column says when a row changed: changes are found by full checks only'],
    [
      type === 'user' || has('seats') || hasMembers,
      'nothing says how many seats there are, or who is a member',
    ],
  ]
  return looked.flatMap(([isThere, said]) => (isThere ? [] : [said]))
}

/** The name without a prefix such as `app_`, in the singular. */
function singular(table: string): string {
  const last = table
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .split(/[_\W]+/)
    .filter(Boolean)
  const name = plainName(
    last.length > 1 && /^(app|tbl|core|auth|public|my)$/i.test(last[0] ?? '')
      ? last.slice(1).join('')
      : table,
  )
  return name === 'people' ? name : name.replace(/ies$/, 'y').replace(/s$/, '')
}
