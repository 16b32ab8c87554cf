import type { RepairRequest, StoredValue } from './plan.ts'
import type { PlannedRecord } from './planned-record.ts'
import { isSameValue } from './same-value.ts'
import type { RecordChange } from './target.ts'

/** The field that Clerk keeps on the organization itself, beside its metadata. */
const membershipLimit = 'max_allowed_memberships'

/** The requests that make the changes of a Clerk record: a merge patch of exactly the keys that change, and the limit of members. */
export function clerkRequests(planned: PlannedRecord, apiUrl: string): readonly RepairRequest[] {
  const { container, record, changes } = planned
  const metadata = changes.filter(({ field }) => field !== membershipLimit)
  const limit = changes.filter(({ field }) => field === membershipLimit)
  const patch = (path: string, of: typeof changes): RepairRequest => ({
    method: 'PATCH',
    url: `${apiUrl}/v1/${container}/${record}${path}`,
    body: JSON.stringify(bodyOf(of)),
  })
  return [
    ...(metadata.length > 0 ? [patch('/metadata', metadata)] : []),
    ...(limit.length > 0 ? [patch('', limit)] : []),
  ]
}

function bodyOf(changes: PlannedRecord['changes']): StoredValue {
  let body: { [key: string]: StoredValue } = {}
  for (const change of changes) body = withValue(body, change.field.split('.'), patchOf(change))
  return body
}

/**
 * Of an object only the keys that change: a merge patch leaves the others as they are, also where they were changed
 * since the record was read.
 */
function patchOf({ before, after }: RecordChange): StoredValue {
  if (!isObject(before) || !isObject(after)) return after ?? null
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => !isSameValue(before[key], value)))
}

function isObject(value: StoredValue | undefined): value is { readonly [key: string]: StoredValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withValue(
  into: { readonly [key: string]: StoredValue },
  path: readonly string[],
  value: StoredValue,
): { [key: string]: StoredValue } {
  const [key, ...rest] = path
  if (key === undefined) return { ...into }
  if (rest.length === 0) return { ...into, [key]: value }
  const below = into[key]
  return { ...into, [key]: withValue(isObject(below) ? below : {}, rest, value) }
}
