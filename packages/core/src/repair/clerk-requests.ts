import type { RepairRequest, StoredValue } from './plan.ts'
import type { PlannedRecord } from './planned-record.ts'

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
  for (const { field, after } of changes) body = withValue(body, field.split('.'), after ?? null)
  return body
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
  const isObject = typeof below === 'object' && below !== null && !Array.isArray(below)
  return { ...into, [key]: withValue(isObject ? (below as { [key: string]: StoredValue }) : {}, rest, value) }
}
