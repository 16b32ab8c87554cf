import type { Catalogue } from '../../access/catalogue.ts'
import { SourceError } from '../../source-error.ts'
import type { SubjectType } from '../../subject/subject.ts'
import { foundText } from '../found-text.ts'
import type { Granted, Read, SubjectReading } from '../granted.ts'
import type { Column, PostgresMapping } from '../postgres-mapping.ts'
import { readCustomerId } from '../read-customer-id.ts'
import { readEntitlements } from '../read-entitlements.ts'
import { readFlag } from '../read-flag.ts'
import { isAbsent } from '../read-path.ts'
import { readPlan } from '../read-plan.ts'
import { readMembers, readSeats } from '../read-seats.ts'
import { readTrialEnd } from '../read-trial-end.ts'
import { readDeleted } from './read-deleted.ts'
import { type FeatureRow, readFeatureRows } from './read-feature-rows.ts'
import { tablePath } from './table-name.ts'

/** A row of the mapped table, with the rows of other tables that belong to it. */
export interface PostgresRow {
  /**
   * Mapped columns by name: text, numbers, flags and what JSON holds; moments as ISO 8601 in UTC; SQL's null as `null`.
   * A mapped column that is not among them was not read, which is not the same as holding nothing.
   */
  readonly values: Readonly<Record<Column, unknown>>
  /** The row's entitlement rows; `null` where none are mapped. */
  readonly features: readonly FeatureRow[] | null
  /** How many members the organization has; `null` where none are counted. */
  readonly members: unknown
}

/** What reading a row needs to know beside the row. */
export interface PostgresReadRules {
  readonly type: SubjectType
  readonly mapping: PostgresMapping
  readonly catalogue: Catalogue
  /** The name of the source, such as `postgres`. */
  readonly source: string
}

const unmapped = { state: 'unmapped' } as const
type Values = PostgresRow['values']
type Evidence = SubjectReading['fields'][number]

/**
 * A reader of the rows of one mapped table. Whatever stands in a row is read: as a value, as nothing, or as something
 * that cannot be read, and that never as nothing. A row whose mark of deletion cannot be read says nothing of what is
 * granted.
 *
 * A subject whose mapped id is null goes by the row's key, so that the row is not lost.
 *
 * @returns a function that throws a SourceError `answer-unreadable` for a row without a key, which no table has whose
 *   key is one.
 *
 * @example
 * const read = postgresRowReader({ type: 'user', mapping, catalogue, source: 'postgres' })
 * read({ values: { id: '7', plan: 'pro' }, features: null, members: null }, readAt)
 */
export function postgresRowReader(
  rules: PostgresReadRules,
): (row: PostgresRow, readAt: Date) => SubjectReading {
  const { type, mapping, source } = rules
  const evidenceOf = evidenceReader(mapping)
  const grantedOf = grantedReader(rules)
  return (row, readAt) => {
    const { values } = row
    const key = idText(values[mapping.key])
    if (key === null) throw rowWithoutKey(rules)
    const id = (mapping.subject === null ? null : idText(values[mapping.subject])) ?? key
    const deleted = readColumn(values, mapping.deletedAt, (value) => readDeleted(value, readAt))
    const granted = grantedOf(row)
    return {
      subject: { type, id },
      ...(id === key ? {} : { recordId: key }),
      source,
      customerId: readColumn(values, mapping.customerId, readCustomerId),
      externalId: id === key ? null : key,
      emails: verifiedEmails(values, mapping, readAt),
      name: null,
      granted: deleted.state === 'unreadable' ? unreadableFor(deleted, granted) : granted,
      deleted: deleted.state === 'value' && deleted.value,
      updatedAt: momentOf(values, mapping.updatedAt),
      readAt,
      fields: evidenceOf(row),
    }
  }
}

function grantedReader({ mapping, catalogue }: PostgresReadRules): (row: PostgresRow) => Granted {
  const { entitlements } = mapping
  return ({ values, features, members }) => {
    const { plan, unknownPlanValue } = planOf(values, mapping.plan, catalogue)
    return {
      plan,
      unknownPlanValue,
      paid: readColumn(values, mapping.premium, readFlag),
      trialEndsAt: readColumn(values, mapping.trialEndsAt, readTrialEnd),
      entitlements:
        entitlements === null || typeof entitlements === 'string'
          ? readColumn(values, entitlements, readEntitlements)
          : features
            ? readFeatureRows(features)
            : notRead,
      seats: readColumn(values, mapping.seats, readSeats),
      members: mapping.members ? readMembers(members) : unmapped,
    }
  }
}

function planOf(
  values: Values,
  column: Column | null,
  catalogue: Catalogue,
): Pick<Granted, 'plan' | 'unknownPlanValue'> {
  const read = readColumn<unknown>(values, column, (value) => ({ state: 'value', value }))
  return read.state === 'value' ? readPlan(read.value, catalogue) : { plan: read, unknownPlanValue: null }
}

const notRead = { state: 'unreadable', found: 'nothing: it was not read', needed: 'its value' } as const

/** Only what was read and is null holds nothing. */
function readColumn<T>(values: Values, column: Column | null, read: (value: unknown) => Read<T>): Read<T> {
  if (column === null) return unmapped
  const value = Object.hasOwn(values, column) ? values[column] : undefined
  return value === undefined ? notRead : read(value)
}

/** What a row grants of which nobody can tell whether it is deleted. */
function unreadableFor(mark: Read<boolean> & { readonly state: 'unreadable' }, granted: Granted): Granted {
  const unless = <T>(read: Read<T>): Read<T> =>
    read.state === 'unmapped' ? read : { ...mark, found: `${mark.found} as the mark of deletion` }
  return {
    plan: unless(granted.plan),
    unknownPlanValue: null,
    paid: unless(granted.paid),
    trialEndsAt: unless(granted.trialEndsAt),
    entitlements: unless(granted.entitlements),
    seats: unless(granted.seats),
    members: unless(granted.members),
  }
}

/** An address without a proof could be that of somebody else, so only verified ones are taken. */
function verifiedEmails(values: Values, mapping: PostgresMapping, readAt: Date): readonly string[] {
  if (mapping.email === null || mapping.emailVerified === null) return []
  const email = values[mapping.email]
  if (typeof email !== 'string' || isAbsent(email)) return []
  return isVerified(values[mapping.emailVerified], readAt) ? [email.trim().toLowerCase()] : []
}

function isVerified(value: unknown, readAt: Date): boolean {
  if (isAbsent(value)) return false
  const flag = readFlag(value)
  if (flag.state === 'value') return flag.value
  const moment = readTrialEnd(value)
  return moment.state === 'value' && moment.value.getTime() <= readAt.getTime()
}

function momentOf(values: Values, column: Column | null): Date | null {
  const moment = readColumn(values, column, readTrialEnd)
  return moment.state === 'value' ? moment.value : null
}

function idText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

/** Every mapped place with the raw value found there, for the evidence. */
function evidenceReader(mapping: PostgresMapping): (row: PostgresRow) => readonly Evidence[] {
  const table = tablePath(mapping)
  const { customerId, plan, premium, trialEndsAt, entitlements, seats, members, deletedAt } = mapping
  const columns = [customerId, plan, premium, trialEndsAt, entitlements, seats, deletedAt]
    .filter((column) => typeof column === 'string')
    .map((column) => ({ column, path: `${table}.${column}` }))
  const featurePath = entitlements && typeof entitlements !== 'string' ? tablePath(entitlements) : null
  const memberPath = members ? tablePath(members) : null
  return (row) => {
    const fields: Evidence[] = columns.map(({ column, path }) => ({ path, found: found(row.values[column]) }))
    if (featurePath)
      fields.push({ path: featurePath, found: row.features?.length ? foundFeatures(row.features) : null })
    if (memberPath) fields.push({ path: memberPath, found: found(row.members) })
    return fields
  }
}

function found(value: unknown): string | null {
  return isAbsent(value) ? null : foundText(value)
}

/** The features alone where they are simply on, else with what their rows say of it. */
function foundFeatures(rows: readonly FeatureRow[]): string {
  return foundText(rows.map(({ feature, enabled }) => (enabled === true ? feature : { feature, enabled })))
}

function rowWithoutKey({ mapping, source }: PostgresReadRules): SourceError {
  return new SourceError({
    source,
    code: 'answer-unreadable',
    message: `A row of ${tablePath(mapping)} has nothing in ${mapping.key}, which is mapped as its key.`,
    fix: 'Map a column as the key that every row has and that is never null, such as the primary key.',
    retryable: false,
  })
}
