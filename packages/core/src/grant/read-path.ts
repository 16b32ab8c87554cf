import type { MetadataPath } from './clerk-mapping.ts'
import { foundText } from './found-text.ts'
import type { Read } from './granted.ts'

/** What stands for no value in an app's store: nothing, `null`, or a text of blanks. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

/** An object with keys, as JSON has it: neither an array nor `null`. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Looks up a metadata path in a subject as Clerk sends it. Only the object's own keys count, so that a path such as
 * `public_metadata.constructor` finds nothing. A value in the way that has no keys is unreadable, not absent: the
 * app wrote something there, and nobody knows what it means.
 *
 * @example
 * readPath({ public_metadata: { plan: 'pro' } }, path) // { state: 'value', value: 'pro' }
 */
export function readPath(object: Readonly<Record<string, unknown>>, path: MetadataPath): Read<unknown> {
  let value = ownValue(object, path.container)
  let passed = 0
  for (const key of path.keys) {
    if (isAbsent(value)) return { state: 'absent' }
    if (!isRecord(value)) {
      const reached = [path.container, ...path.keys.slice(0, passed)].join('.')
      return { state: 'unreadable', found: foundText(value), needed: `an object at ${reached}` }
    }
    value = ownValue(value, key)
    passed++
  }
  return isAbsent(value) ? { state: 'absent' } : { state: 'value', value }
}

function ownValue(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
