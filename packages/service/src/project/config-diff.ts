import type { JsonValue } from '@trueup/core'

/** One place in which two documents differ. */
export interface ConfigDifference {
  /** `catalogue.plans[pro].prices` */
  readonly path: string
  /** `undefined`: it is not there. */
  readonly before: JsonValue | undefined
  readonly after: JsonValue | undefined
}

/**
 * Where two configurations differ, in the order of the second. Plans and others that have an id are compared with
 * their like wherever they stand in their list; a list of plain values is shown whole.
 *
 * @example
 * diffConfigs({ policy: { refunded: 'keep' } }, { policy: { refunded: 'drop' } })
 * // [{ path: 'policy.refunded', before: 'keep', after: 'drop' }]
 */
export function diffConfigs(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly ConfigDifference[] {
  return differencesAt('', before, after)
}

function differencesAt(
  path: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly ConfigDifference[] {
  if (sameJson(before, after)) return []
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])]
    return keys.flatMap((key) => differencesAt(path === '' ? key : `${path}.${key}`, before[key], after[key]))
  }
  if (Array.isArray(before) && Array.isArray(after)) return differencesOfLists(path, before, after)
  return [{ path, before, after }]
}

function differencesOfLists(
  path: string,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): readonly ConfigDifference[] {
  const [was, is] = [named(before), named(after)]
  if (!was || !is) return [{ path, before, after }]
  const names = [...new Set([...is.keys(), ...was.keys()])]
  const held = names.flatMap((name) => differencesAt(`${path}[${name}]`, was.get(name), is.get(name)))
  const order = (list: ReadonlyMap<string, JsonValue>, other: ReadonlyMap<string, JsonValue>) =>
    [...list.keys()].filter((name) => other.has(name))
  // The order of plans is their rank.
  const [orderBefore, orderAfter] = [order(was, is), order(is, was)]
  const isMoved = orderBefore.join('\n') !== orderAfter.join('\n')
  return isMoved ? [...held, { path, before: orderBefore, after: orderAfter }] : held
}

/** The entries of a list by what names them; `null` where one has no name, or two have one. */
function named(list: readonly JsonValue[]): ReadonlyMap<string, JsonValue> | null {
  const entries = new Map<string, JsonValue>()
  for (const [index, entry] of list.entries()) {
    const name = nameOf(entry, index)
    if (name === null || entries.has(name)) return null
    entries.set(name, entry)
  }
  return entries
}

function nameOf(entry: JsonValue, index: number): string | null {
  if (!isObject(entry)) return null
  if (typeof entry.id === 'string') return entry.id
  if (typeof entry.subject === 'string') return entry.subject
  // An access source is named by its kind and place.
  const [kind] = Object.keys(entry)
  return kind === undefined ? null : `${index}`
}

function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, index) => sameJson(entry, b[index]))
  }
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameJson(a[key], b[key]))
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
