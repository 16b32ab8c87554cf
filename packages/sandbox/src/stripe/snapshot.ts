import type { Json, JsonObject } from './objects/wire.ts'

/** How many rows of an embedded list an object shows; the rest is listed by the list's url. */
export const EMBEDDED_ROWS = 10

/**
 * A copy of an object as an answer or event shows it, sharing nothing with it: embedded lists cut to ten rows, the
 * secret of a webhook endpoint left out.
 */
export function snapshot(object: object): JsonObject {
  const copy = copyOf(object as JsonObject) as JsonObject
  if (copy.object === 'webhook_endpoint') delete copy.secret
  return copy
}

function copyOf(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(copyOf)
  const copy: JsonObject = {}
  for (const key in value) copy[key] = copyOf(value[key] as Json)
  if (copy.object === 'list' && Array.isArray(copy.data) && copy.data.length > EMBEDDED_ROWS) {
    copy.data = copy.data.slice(0, EMBEDDED_ROWS)
    copy.has_more = true
  }
  return copy
}
