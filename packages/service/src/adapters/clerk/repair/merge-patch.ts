import type { StoredValue } from '@trueup/core'

/** An object of JSON as it is written. */
export interface JsonTree {
  [key: string]: StoredValue | undefined
}

/** What stands at a path; `undefined`: nothing. */
export function valueAt(tree: unknown, keys: readonly string[]): StoredValue | undefined {
  let at: unknown = tree
  for (const key of keys) {
    if (!isTree(at) || !Object.hasOwn(at, key)) return undefined
    at = at[key]
  }
  return at as StoredValue | undefined
}

/**
 * The merge patch that turns one value into another: keys that go are `null`, keys that stay are left out, and all
 * that is no object on both sides is replaced.
 *
 * @example
 * patchBetween({ a: true, b: true }, { a: true, c: true }) // { b: null, c: true }
 */
export function patchBetween(before: StoredValue | undefined, after: StoredValue | undefined): StoredValue {
  if (after === undefined || after === null) return null
  if (!isTree(after) || !isTree(before)) return after
  const patch: JsonTree = {}
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch[key] = null
  for (const [key, value] of Object.entries(after)) {
    const below = patchBetween(before[key] as StoredValue | undefined, value as StoredValue)
    const isEmpty = isTree(below) && Object.keys(below).length === 0 && isTree(before[key])
    if (!isEmpty && below !== before[key]) patch[key] = below
  }
  return patch as StoredValue
}

/** Puts a value at a path into a patch. */
export function putAt(patch: JsonTree, keys: readonly string[], value: StoredValue): void {
  const [key, ...rest] = keys
  if (key === undefined) return
  if (rest.length === 0) {
    patch[key] = value
    return
  }
  const below = patch[key]
  const next: JsonTree = isTree(below) ? below : {}
  patch[key] = next as StoredValue
  putAt(next, rest, value)
}

/** A tree after a merge patch. */
export function merged(tree: JsonTree, patch: JsonTree): JsonTree {
  const result: JsonTree = { ...tree }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) delete result[key]
    else if (isTree(value))
      result[key] = merged(isTree(result[key]) ? (result[key] as JsonTree) : {}, value) as StoredValue
    else result[key] = value
  }
  return result
}

export function isTree(value: unknown): value is JsonTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
