import type { Parsed, Refusal } from '../../refusal.ts'
import type { SubjectType } from '../../subject/subject.ts'
import { foundText } from '../found-text.ts'
import type { Column, EntitlementRows, MemberRows, PostgresMapping } from '../postgres-mapping.ts'
import { isName, parseTableName } from './table-name.ts'

/** The columns of a mapping that are named by one text, in the order in which they are asked for. */
export const postgresColumnFields = [
  'key',
  'subject',
  'customerId',
  'email',
  'emailVerified',
  'plan',
  'premium',
  'trialEndsAt',
  'seats',
  'deletedAt',
  'updatedAt',
] as const
export type PostgresColumnField = (typeof postgresColumnFields)[number]

/** A mapping as it is written in the configuration. Tables are `users` or `schema.table`, columns their names. */
export interface PostgresMappingShape
  extends Readonly<Partial<Record<Exclude<PostgresColumnField, 'key'>, string | undefined>>> {
  readonly table: string
  readonly key: string
  /** A column that holds features, or the table that has a row for each. */
  readonly entitlements?:
    | string
    | {
        readonly table: string
        readonly subject: string
        readonly feature: string
        readonly enabled?: string | undefined
      }
    | undefined
  /** Organizations only: the table that has a row for each member. */
  readonly members?: { readonly table: string; readonly organization: string } | undefined
}

/** Why a mapping was refused. Closed list. */
export type PostgresMappingRefusalCode =
  | 'table-malformed'
  | 'column-malformed'
  /** Nothing says who has access. */
  | 'access-missing'
  /** Two fields are read from one column, which can be right for one of them at most. */
  | 'column-mapped-twice'
  | 'email-missing'
  | 'seats-of-users'

export interface PostgresMappingRefusal extends Refusal<PostgresMappingRefusalCode> {
  /** `plan`, `entitlements.table`. */
  readonly field: string
}

/**
 * Reads the mapping of one type of subject and reports everything that is wrong with it at once. Whether the tables
 * and columns are there is for the database to say.
 *
 * @example
 * parsePostgresMapping('user', { table: 'users', key: 'id', customerId: 'stripe_customer_id', plan: 'plan' })
 */
export function parsePostgresMapping(
  type: SubjectType,
  shape: PostgresMappingShape,
): { readonly mapping: PostgresMapping | null; readonly refusals: readonly PostgresMappingRefusal[] } {
  const refusals: PostgresMappingRefusal[] = []
  const take = <T>(field: string, parsed: Parsed<T, PostgresMappingRefusalCode>): T | null => {
    if (parsed.ok) return parsed.value
    refusals.push({ field, ...parsed.refusal })
    return null
  }
  const columnOf = (field: string, text: string | undefined): Column | null =>
    text === undefined ? null : take(field, parseColumn(text))
  const table = take('table', parseTable(shape.table))
  const columns = Object.fromEntries(
    postgresColumnFields.map((field) => [field, columnOf(field, shape[field])]),
  ) as Record<PostgresColumnField, Column | null>
  const entitlements = entitlementsOf(shape.entitlements, take, columnOf)
  const members = membersOf(shape.members, take, columnOf)
  refusals.push(...contradictions(type, shape))
  if (!table || columns.key === null || refusals.length > 0) return { mapping: null, refusals }
  return { mapping: { ...table, ...columns, key: columns.key, entitlements, members }, refusals }
}

type Take = <T>(field: string, parsed: Parsed<T, PostgresMappingRefusalCode>) => T | null
type ColumnOf = (field: string, text: string | undefined) => Column | null

function entitlementsOf(
  shape: PostgresMappingShape['entitlements'],
  take: Take,
  columnOf: ColumnOf,
): Column | EntitlementRows | null {
  if (shape === undefined || typeof shape === 'string') return columnOf('entitlements', shape)
  const table = take('entitlements.table', parseTable(shape.table))
  const subject = columnOf('entitlements.subject', shape.subject)
  const feature = columnOf('entitlements.feature', shape.feature)
  const enabled = columnOf('entitlements.enabled', shape.enabled)
  return table && subject !== null && feature !== null ? { ...table, subject, feature, enabled } : null
}

function membersOf(
  shape: PostgresMappingShape['members'],
  take: Take,
  columnOf: ColumnOf,
): MemberRows | null {
  if (!shape) return null
  const table = take('members.table', parseTable(shape.table))
  const organization = columnOf('members.organization', shape.organization)
  return table && organization !== null ? { ...table, organization } : null
}

function contradictions(type: SubjectType, shape: PostgresMappingShape): readonly PostgresMappingRefusal[] {
  const refusals: PostgresMappingRefusal[] = []
  if (shape.plan === undefined && shape.premium === undefined && shape.entitlements === undefined) {
    refusals.push({
      field: 'plan',
      code: 'access-missing',
      found: 'none of plan, premium and entitlements',
      needed: `the column that says what ${type === 'user' ? 'users' : 'organizations'} may use`,
      fix: "Add plan: 'plan', premium: 'is_premium', or both.",
    })
  }
  if (shape.emailVerified !== undefined && shape.email === undefined) {
    refusals.push({
      field: 'emailVerified',
      code: 'email-missing',
      found: `${JSON.stringify(shape.emailVerified)} without email`,
      needed: 'the column of the address that is verified',
      fix: "Add email: 'email', or take emailVerified out.",
    })
  }
  for (const field of ['seats', 'members'] as const) {
    if (type === 'organization' || shape[field] === undefined) continue
    refusals.push({
      field,
      code: 'seats-of-users',
      found: JSON.stringify(shape[field]),
      needed: 'no seats for users: one user has one seat',
      fix: `Take ${field} out of the mapping of users, and map it for organizations.`,
    })
  }
  return [...refusals, ...mappedTwice(shape)]
}

/** A column that says both who pays and what they may use is a slip of the pen; two ids may well be one column. */
function mappedTwice(shape: PostgresMappingShape): readonly PostgresMappingRefusal[] {
  const valueFields = postgresColumnFields.filter((field) => field !== 'key' && field !== 'subject')
  const texts = [
    ...valueFields.map((field) => ({ field: field as string, text: shape[field] })),
    {
      field: 'entitlements',
      text: typeof shape.entitlements === 'string' ? shape.entitlements : undefined,
    },
  ]
  return texts.flatMap(({ field, text }, place) => {
    const first = texts.slice(0, place).find((other) => text !== undefined && other.text === text)
    if (!first) return []
    return [
      {
        field,
        code: 'column-mapped-twice' as const,
        found: `${JSON.stringify(text)}, which is ${first.field} already`,
        needed: 'a column of its own',
        fix: `Name the column of ${field}, or take it out of the mapping.`,
      },
    ]
  })
}

function parseTable(text: string): Parsed<{ schema: string; table: string }, PostgresMappingRefusalCode> {
  const name = parseTableName(text)
  if (name) return { ok: true, value: { ...name } }
  return {
    ok: false,
    refusal: {
      code: 'table-malformed',
      found: foundText(text),
      needed: 'a table, or a schema and a table with one dot between them; each name of at most 63 bytes',
      fix: 'Write it as the database has it, such as users or billing.accounts; a name with a dot in it in double quotes.',
    },
  }
}

function parseColumn(text: string): Parsed<Column, PostgresMappingRefusalCode> {
  if (isName(text) && text.trim() === text) return { ok: true, value: text }
  return {
    ok: false,
    refusal: {
      code: 'column-malformed',
      found: foundText(text),
      needed: 'the name of one column, of at most 63 bytes, without blanks around it',
      fix: 'Write the column as the database has it, such as stripe_customer_id.',
    },
  }
}
