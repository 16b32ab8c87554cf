import type {
  Catalogue,
  ClerkMapping,
  MetadataPath,
  RepairAnswer,
  RepairOrder,
  RepairRefusal,
  RepairTarget,
  Settlement,
  StoredValue,
  SubjectType,
} from '@trueup/core'
import { isSameValue, SourceError } from '@trueup/core'
import { RepairCap, type RepairCapOptions } from '../../repair-cap.ts'
import { type FieldRule, permits, rulesOfFields } from '../../repair-rule.ts'
import { type ClerkConnection, type ClerkConnectionOptions, connectClerk } from '../client.ts'
import { clerkSourceError, isNotFound } from '../errors.ts'
import { acceptClerkKey } from '../key.ts'
import { type ClerkContainer, type ClerkRecord, clerkRecord } from './clerk-record.ts'
import { markerKey, markerOf, readMarker } from './marker.ts'
import { type JsonTree, merged, patchBetween, putAt, valueAt } from './merge-patch.ts'

export interface ClerkRepairOptions extends ClerkConnectionOptions, Pick<RepairCapOptions, 'countApplied'> {
  /** The access source whose records are written. */
  readonly source: string
  /** A key of its own, given for repairs: the key that checks read with is never written with. */
  readonly key: ClerkConnectionOptions['key']
  /** Only what is mapped is written. */
  readonly mappings: Readonly<Partial<Record<SubjectType, ClerkMapping>>>
  /** Only its plans and features are written. */
  readonly catalogue: Catalogue
  /** Writes an hour and field. Default 25. */
  readonly capAnHour?: number
}

/** A field that may be written, and where it is. */
type Place =
  | {
      readonly kind: 'metadata'
      readonly container: 'public_metadata' | 'private_metadata'
      readonly keys: readonly string[]
    }
  | { readonly kind: 'seat-limit' }

const defaultCap = 25
/** Clerk's limit for one metadata container, in bytes of its JSON (https://clerk.com/docs/guides/users/extending). */
const mostBytes = 8192
const seatLimit = 'max_allowed_memberships'

/**
 * Repairs in Clerk by a merge patch of the mapped metadata keys and nothing else, or of an organization's limit of
 * members. Only `public_metadata` and `private_metadata` are written: the browser of a user can write the third.
 *
 * Clerk cannot compare and set. The record is read and compared right before it is written, so what is changed in
 * between, in the time of one request, is overwritten. Beside the values the same request writes
 * `private_metadata.trueup_repair` with the id, the token and the time of the repair, by which the last repair of a
 * record is known again. It is no journal: an order can be settled as long as it is the last, and none can be given up
 * for good. The limit of members is no metadata and takes no mark, so nothing can be settled of it.
 *
 * Nothing is sent twice: what Clerk refuses or does not answer is an error, and is settled first.
 *
 * @throws SourceError `key-malformed` for what cannot be a secret key.
 *
 * @example
 * const target = createClerkRepairTarget({ source: 'clerk', key, apiUrl, mappings, countApplied, ...ports })
 */
export function createClerkRepairTarget(options: ClerkRepairOptions): RepairTarget {
  acceptClerkKey(options.key)
  const { source, clock, countApplied, capAnHour = defaultCap } = options
  const connection = connectClerk(options)
  const cap = new RepairCap({ clock, countApplied, capAnHour })
  return {
    source,
    how: 'merge-patch',
    async inspect({ container, record, changes }) {
      const places = changes.flatMap(({ field }) => placeOf(options, container, field) ?? [])
      if (!isContainer(container) || places.length < changes.length) throw notMapped(source, container)
      const found = await readRecord(connection, container, record)
      if (!found) return { found: false, values: {}, sideEffects: [] }
      return { found: true, values: valuesOf(options, container, found, changes), sideEffects: [] }
    },
    async apply(order) {
      const refusal = refuse(options, order)
      return refusal ?? (await cap.run(order, () => write(connection, options, order)))
    },
    settle: (order) => settle(connection, options, order),
    async abandon(order) {
      const settled = await settle(connection, options, order)
      return settled === 'applied' ? settled : 'cannot-be-told'
    },
  }
}

/** What this side knows to refuse before anything is sent. */
function refuse(options: ClerkRepairOptions, order: RepairOrder): RepairAnswer | null {
  const { container, changes, deadline } = order
  const fields = new Set(changes.map(({ field }) => field))
  const places = changes.flatMap(({ field }) => placeOf(options, container, field) ?? [])
  if (fields.size === 0 || fields.size !== changes.length || places.length !== changes.length) {
    return refused('not-allowed', 'The mapping does not name this container with all of these fields.')
  }
  if (places.some((place) => places.some((other) => isInside(place, other)))) {
    return refused('not-allowed', 'One of the fields holds another one.')
  }
  if (new Set(places.map(({ kind }) => kind)).size > 1) {
    return refused('not-allowed', 'Metadata and the limit of members are not changed by one request.')
  }
  const now = options.clock.now()
  const rules = rulesOf(options, container)
  const isPermitted = changes.every(({ field, before, after }) => {
    const rule = rules.get(field)
    // The limit of members can be lifted with 0, but not taken away.
    if (field === seatLimit && typeof after !== 'number') return false
    return rule !== undefined && permits(rule, before, after, now)
  })
  if (!isPermitted) return refused('not-allowed', 'The mapping does not let this value into this field.')
  return now > deadline ? refused('deadline-passed', 'The deadline of the order has passed.') : null
}

async function write(
  connection: ClerkConnection,
  options: ClerkRepairOptions,
  order: RepairOrder,
): Promise<RepairAnswer> {
  const { container, record, changes } = order
  if (!isContainer(container)) return refused('not-allowed', 'The mapping does not name this container.')
  const found = await readRecord(connection, container, record)
  if (!found) return { kind: 'conflict', found: null }
  const marker = readMarker(found.private_metadata)
  if (marker?.id === order.repairId) return { kind: 'applied', at: marker.at }
  if (marker && marker.token > order.token) {
    return refused('token-superseded', 'A later repair of this record was written.')
  }
  const values = valuesOf(options, container, found, changes)
  if (!changes.every(({ field, before }) => isSameValue(values[field] ?? null, before ?? null))) {
    return { kind: 'conflict', found: values }
  }
  const at = connection.clock.now()
  if (at > order.deadline) return refused('deadline-passed', 'The deadline of the order has passed.')
  if (changes[0]?.field === seatLimit) {
    const maxAllowedMemberships = Number(changes[0].after)
    await connection.once(container, (clerk) =>
      clerk.organizations.updateOrganization(record, { maxAllowedMemberships }),
    )
    return { kind: 'applied', at }
  }
  const patch = patchOf(options, order, found, at)
  for (const name of ['public_metadata', 'private_metadata'] as const) {
    const bytes = Buffer.byteLength(JSON.stringify(merged(found[name], patch[name])))
    if (bytes > mostBytes) {
      return refused('not-allowed', `${name} would take ${bytes} bytes; Clerk takes ${mostBytes}.`)
    }
  }
  const metadata = {
    ...(Object.keys(patch.public_metadata).length > 0 ? { publicMetadata: patch.public_metadata } : {}),
    privateMetadata: patch.private_metadata,
  }
  await connection.once<unknown>(container, (clerk) =>
    container === 'users'
      ? clerk.users.updateUserMetadata(record, metadata)
      : clerk.organizations.updateOrganizationMetadata(record, metadata),
  )
  return { kind: 'applied', at }
}

async function settle(
  connection: ClerkConnection,
  options: ClerkRepairOptions,
  order: RepairOrder,
): Promise<Settlement> {
  const { container, record, changes, repairId, token } = order
  if (!isContainer(container) || changes.some(({ field }) => field === seatLimit)) return 'cannot-be-told'
  const found = await readRecord(connection, container, record)
  if (!found) return 'cannot-be-told'
  const marker = readMarker(found.private_metadata)
  if (marker?.id === repairId) return 'applied'
  if (marker) return marker.token < token ? 'not-applied' : 'cannot-be-told'
  // Without a mark either nothing was written, or the app has replaced its metadata since.
  const values = valuesOf(options, container, found, changes)
  const isAsBefore = changes.every(({ field, before }) => isSameValue(values[field] ?? null, before ?? null))
  return isAsBefore ? 'not-applied' : 'cannot-be-told'
}

/** Reads a record now; `null`: Clerk has none of this id. */
async function readRecord(
  connection: ClerkConnection,
  container: ClerkContainer,
  record: string,
): Promise<ClerkRecord | null> {
  try {
    return await connection.attempt(1, async (clerk) =>
      clerkRecord(
        container === 'users'
          ? await clerk.users.getUser(record)
          : await clerk.organizations.getOrganization({ organizationId: record }),
      ),
    )
  } catch (error) {
    if (isNotFound(error)) return null
    throw clerkSourceError(error, container)
  }
}

function valuesOf(
  options: ClerkRepairOptions,
  container: string,
  found: ClerkRecord,
  changes: RepairOrder['changes'],
): Record<string, StoredValue> {
  const values: Record<string, StoredValue> = {}
  for (const { field } of changes) {
    const place = placeOf(options, container, field)
    if (!place) continue
    const value =
      place.kind === 'seat-limit'
        ? found.max_allowed_memberships
        : valueAt(found[place.container], place.keys)
    if (value !== undefined) values[field] = value
  }
  return values
}

function patchOf(options: ClerkRepairOptions, order: RepairOrder, found: ClerkRecord, at: Date) {
  const patch: Record<'public_metadata' | 'private_metadata', JsonTree> = {
    public_metadata: {},
    private_metadata: {},
  }
  for (const { field, after } of order.changes) {
    const place = placeOf(options, order.container, field)
    if (place?.kind !== 'metadata') continue
    const before = valueAt(found[place.container], place.keys)
    putAt(patch[place.container], place.keys, patchBetween(before, after))
  }
  patch.private_metadata[markerKey] = markerOf({ id: order.repairId, token: order.token, at }) as StoredValue
  return patch
}

/** Where a field of an order is, if the mapping lets it be written. */
function placeOf(options: ClerkRepairOptions, container: string, field: string): Place | null {
  const mapping =
    container === 'users'
      ? options.mappings.user
      : container === 'organizations'
        ? options.mappings.organization
        : undefined
  if (!mapping) return null
  if (field === seatLimit) {
    return container === 'organizations' && mapping.seats === seatLimit ? { kind: 'seat-limit' } : null
  }
  const path = pathsOf(mapping).find(({ text }) => text === field)
  if (!path || path.container === 'unsafe_metadata' || path.keys[0] === markerKey) return null
  return { kind: 'metadata', container: path.container, keys: path.keys }
}

function pathsOf(mapping: ClerkMapping): readonly MetadataPath[] {
  const { customerId, plan, premium, trialEndsAt, entitlements, seats } = mapping
  return [customerId, plan, premium, trialEndsAt, entitlements, seats].filter(
    (path) => path !== null && typeof path !== 'string',
  )
}

function isInside(place: Place, other: Place): boolean {
  if (place === other || place.kind !== 'metadata' || other.kind !== 'metadata') return false
  return (
    place.container === other.container &&
    place.keys.length >= other.keys.length &&
    other.keys.every((key, index) => place.keys[index] === key)
  )
}

/** What may stand in the mapped fields of a container. */
function rulesOf(
  { mappings, catalogue }: ClerkRepairOptions,
  container: string,
): ReadonlyMap<string, FieldRule> {
  const mapping = container === 'users' ? mappings.user : mappings.organization
  if (!mapping) return new Map()
  const { customerId, plan, premium, trialEndsAt, entitlements, seats } = mapping
  return rulesOfFields(
    {
      customerId: customerId?.text ?? null,
      plan: plan?.text ?? null,
      premium: premium?.text ?? null,
      trialEndsAt: trialEndsAt?.text ?? null,
      entitlements: entitlements?.text ?? null,
      seats: typeof seats === 'string' ? seats : (seats?.text ?? null),
    },
    catalogue,
  )
}

function isContainer(container: string): container is ClerkContainer {
  return container === 'users' || container === 'organizations'
}

function notMapped(source: string, container: string): SourceError {
  return new SourceError({
    source,
    code: 'permission-missing',
    message: `The mapping does not name ${container} in Clerk with all of these fields.`,
    fix: 'Propose the repair again under the present mapping.',
    retryable: false,
  })
}

function refused(code: RepairRefusal, message: string): RepairAnswer {
  return { kind: 'refused', code, message }
}
