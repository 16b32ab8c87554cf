import type { StoredValue } from './plan.ts'

/**
 * Whether two stored values are the same, whatever the order of an object's keys. What is absent equals only what
 * is absent too.
 *
 * @example
 * isSameValue({ pro: true, seats: 5 }, { seats: 5, pro: true }) // true
 * isSameValue(null, undefined)                                  // false
 */
export function isSameValue(a: StoredValue | undefined, b: StoredValue | undefined): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isList(a) || isList(b)) {
    return (
      isList(a) && isList(b) && a.length === b.length && a.every((item, index) => isSameValue(item, b[index]))
    )
  }
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameValue(a[key], b[key]))
  )
}

function isList(value: StoredValue): value is readonly string[] {
  return Array.isArray(value)
}
