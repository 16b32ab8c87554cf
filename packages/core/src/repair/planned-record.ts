import type { Catalogue } from '../access/catalogue.ts'
import type { AccessMapping } from '../grant/access-mapping.ts'
import type { ClerkMapping, MetadataPath } from '../grant/clerk-mapping.ts'
import type { SubjectReading } from '../grant/granted.ts'
import type { TableName } from '../grant/postgres/table-name.ts'
import { tablePath } from '../grant/postgres/table-name.ts'
import type { PostgresMapping } from '../grant/postgres-mapping.ts'
import type { Incident } from '../incident/incident.ts'
import type { SubjectId } from '../subject/subject.ts'
import type { StoredValue } from './plan.ts'
import { inStoredForm } from './stored-form.ts'
import type { RecordChange } from './target.ts'
import type { Wanted } from './wanted-values.ts'

/** What stands in the fields of one record of one source, as far as it was read. */
export interface ReadRecord {
  readonly source: string
  /** The record's own key: a row's key, a Clerk id. */
  readonly record: string
  /** A field that is not here was absent. */
  readonly values: ReadonlyMap<string, StoredValue | undefined>
  /** Fields whose value was shortened on the way: what stands there is not known. */
  readonly unknown: ReadonlySet<string>
}

/** The changes of one record of one source. */
export interface PlannedRecord {
  readonly source: string
  readonly kind: AccessMapping['kind']
  /** `users` or `organizations` in Clerk, `public.users` in a database. */
  readonly container: string
  readonly record: string
  /** The table that holds the row, and the column that `record` stands in; `null` in Clerk. */
  readonly row: (TableName & { readonly keyColumn: string }) | null
  readonly changes: readonly RecordChange[]
}

interface Place {
  readonly field: string
  readonly wanted: Wanted
}

/**
 * What one source's record has to hold for the wanted values, as changes from what was read to what shall stand
 * there; `null` where the source keeps none of it, or says it already.
 */
export function planRecord(
  access: AccessMapping,
  subject: SubjectId,
  wanted: readonly Wanted[],
  read: ReadRecord,
  catalogue: Catalogue,
): PlannedRecord | null {
  const home = homeOf(access, subject, read)
  if (!home) return null
  const changes = home.places.flatMap(({ field, wanted: one }): readonly RecordChange[] => {
    if (read.unknown.has(field)) return []
    const before = read.values.get(field) ?? home.nothing
    const formed = inStoredForm(one, before, catalogue, home.emptyFeatures)
    return typeof formed === 'string' ? [] : [{ field, before, after: formed.after }]
  })
  if (changes.length === 0) return null
  const { container, record, row } = home
  return { source: access.name, kind: access.kind, container, record, row, changes }

  /** Where this source keeps the wanted components. */
  function homeOf(source: AccessMapping, of: SubjectId, { record }: ReadRecord) {
    switch (source.kind) {
      case 'clerk': {
        const mapping = source.mappings[of.type]
        return (
          mapping && {
            container: of.type === 'user' ? 'users' : 'organizations',
            record: of.id,
            row: null,
            places: wanted.flatMap((one) => clerkPlace(mapping, one)),
            nothing: undefined,
            emptyFeatures: 'object' as const,
          }
        )
      }
      case 'postgres': {
        const mapping = source.mappings[of.type]
        return (
          mapping && {
            container: `${mapping.schema}.${mapping.table}`,
            record,
            row: {
              schema: mapping.schema,
              table: mapping.table,
              keyColumn: mapping.key,
            },
            places: wanted.flatMap((one) => postgresPlace(mapping, one)),
            nothing: null,
            emptyFeatures: 'list' as const,
          }
        )
      }
      case 'pushed':
        return undefined
    }
  }
}

/**
 * What the evidence of an incident says of the subject's record in one source.
 *
 * @returns `null` where the source is not quoted: then nothing of it is wrong
 */
export function recordInEvidence(incident: Incident, access: AccessMapping): ReadRecord | null {
  // That a source has no record of the subject is a line of its own: there is nothing to set then.
  const lines = incident.evidence.filter(({ source, field }) => source === access.name && field !== 'record')
  const [first] = lines
  if (!first) return null
  const found = lines.map(({ field, value }) => ({ path: field, found: value }))
  return { source: access.name, record: first.object, ...valuesIn(access, found) }
}

/** What a reading says of the record that it was read from. */
export function recordInReading(reading: SubjectReading, access: AccessMapping): ReadRecord {
  return {
    source: access.name,
    record: reading.recordId ?? reading.subject.id,
    ...valuesIn(access, reading.fields),
  }
}

/** Readings name a column with its table; a repair of the row names the column alone. */
function valuesIn(
  access: AccessMapping,
  fields: SubjectReading['fields'],
): Pick<ReadRecord, 'values' | 'unknown'> {
  const tables =
    access.kind === 'postgres'
      ? Object.values(access.mappings).map((mapping) => `${tablePath(mapping)}.`)
      : []
  return storedValues(
    fields.map(({ path, found }) => {
      const table = tables.find((prefix) => path.startsWith(prefix))
      return [table ? path.slice(table.length) : path, found]
    }),
  )
}

/** Fields with what was found there as text, read back as values. */
function storedValues(
  found: readonly (readonly [field: string, text: string | null])[],
): Pick<ReadRecord, 'values' | 'unknown'> {
  const values = new Map<string, StoredValue | undefined>()
  const unknown = new Set<string>()
  for (const [field, text] of found) {
    const parsed = text === null ? { value: undefined } : parseStored(text)
    if (parsed) values.set(field, parsed.value)
    else unknown.add(field)
  }
  return { values, unknown }
}

/** The text is JSON, unless it was shortened. */
function parseStored(text: string): { readonly value: StoredValue } | null {
  try {
    return { value: JSON.parse(text) as StoredValue }
  } catch {
    return null
  }
}

function clerkPlace(mapping: ClerkMapping, wanted: Wanted): readonly Place[] {
  const at = (path: MetadataPath | null): readonly Place[] => (path ? [{ field: path.text, wanted }] : [])
  switch (wanted.component) {
    case 'customer':
      return at(mapping.customerId)
    case 'plan':
      return at(mapping.plan)
    case 'paid':
      return at(mapping.premium)
    case 'trialEndsAt':
      return at(mapping.trialEndsAt)
    case 'entitlements':
      return at(mapping.entitlements)
    case 'seats':
      if (mapping.seats === 'members_count') return []
      return typeof mapping.seats === 'string' ? [{ field: mapping.seats, wanted }] : at(mapping.seats)
  }
}

function postgresPlace(mapping: PostgresMapping, wanted: Wanted): readonly Place[] {
  const at = (column: string | null): readonly Place[] => (column ? [{ field: column, wanted }] : [])
  switch (wanted.component) {
    case 'customer':
      return at(mapping.customerId)
    case 'plan':
      return at(mapping.plan)
    case 'paid':
      return at(mapping.premium)
    case 'trialEndsAt':
      return at(mapping.trialEndsAt)
    case 'entitlements':
      // Rows of their own have no value that could be compared and set; they are steps for a person.
      return typeof mapping.entitlements === 'string' ? at(mapping.entitlements) : []
    case 'seats':
      return at(mapping.seats)
  }
}
