import { ClerkRefusal } from './clerk-error.ts'
import type { Body } from './http/body.ts'
import type { JsonObject } from './objects/index.ts'

/** Clerk's limit for one metadata field, in bytes of its JSON. */
export const metadataBytes = 8192

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Metadata after a merge patch: objects merge at every level, `null` removes a key, arrays and all else replace.
 *
 * @example
 * mergeMetadata({ plan: 'pro', seats: { max: 5, used: 2 } }, { plan: null, seats: { used: 3 } }) // { seats: { max: 5, used: 3 } }
 */
export function mergeMetadata(before: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(before))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else if (isObject(value)) {
      const old = merged[key]
      define(merged, key, mergeMetadata(isObject(old) ? old : {}, value))
    } else define(merged, key, value)
  }
  return merged
}

/** Sets a key that may be `__proto__`, which a plain assignment would take for something else. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}

export type MetadataField = 'public_metadata' | 'private_metadata' | 'unsafe_metadata'

/** What a metadata request asks for, by field; a field that is not named stays as it is. */
export type MetadataChange = { readonly [Field in MetadataField]?: JsonObject }

/** Reads the metadata fields of a body. */
export function readMetadata(body: Body, fields: readonly MetadataField[]): MetadataChange {
  const change: { [Field in MetadataField]?: JsonObject } = {}
  for (const field of fields) {
    const value = body.object(field)
    if (value !== undefined) change[field] = value
  }
  return change
}

/**
 * The metadata fields after a change: merged (`PATCH`) or replaced whole (`PUT`). Only the changed fields are given.
 *
 * @throws ClerkRefusal 422 when a field would exceed 8 KB.
 */
export function changedMetadata(
  before: { readonly [Field in MetadataField]?: JsonObject | null },
  change: MetadataChange,
  how: 'merge' | 'replace',
): MetadataChange {
  const after: { [Field in MetadataField]?: JsonObject } = {}
  for (const [name, value] of Object.entries(change)) {
    const field = name as MetadataField
    const result = how === 'replace' ? value : mergeMetadata(before[field] ?? {}, value)
    after[field] = withinLimit(field, result)
  }
  return after
}

/** @throws ClerkRefusal 422 when the field exceeds 8 KB. */
export function withinLimit(field: MetadataField, value: JsonObject): JsonObject {
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes <= metadataBytes) return value
  throw new ClerkRefusal(
    422,
    'form_param_exceeds_allowed_size',
    'exceeds allowed size',
    `${field} exceeds the maximum allowed size of ${metadataBytes / 1024} KB.`,
    { param_name: field },
  )
}
