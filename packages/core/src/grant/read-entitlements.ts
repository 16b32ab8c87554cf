import { sortedUnique } from '../access/order.ts'
import { foundText } from './found-text.ts'
import type { Read } from './granted.ts'
import { readFlag } from './read-flag.ts'
import { isAbsent, isRecord } from './read-path.ts'

/**
 * Reads the features that the app opened: an object of feature and yes or no, or a list of features. A feature
 * without a value is not opened. One entry that cannot be read makes the whole unreadable, since it may be anything.
 *
 * @example
 * readEntitlements({ reports: true, sso: 'off' }) // { state: 'value', value: ['reports'] }
 */
export function readEntitlements(value: unknown): Read<readonly string[]> {
  if (isAbsent(value)) return { state: 'absent' }
  if (Array.isArray(value)) return featuresOfList(value)
  if (isRecord(value)) return featuresOfObject(value)
  return unreadable(value)
}

function featuresOfList(list: readonly unknown[]): Read<readonly string[]> {
  const features: string[] = []
  for (const feature of list) {
    if (typeof feature !== 'string' || isAbsent(feature)) return unreadable(list)
    features.push(feature.trim())
  }
  return { state: 'value', value: sortedUnique(features) }
}

function featuresOfObject(object: Readonly<Record<string, unknown>>): Read<readonly string[]> {
  const features: string[] = []
  for (const [feature, value] of Object.entries(object)) {
    const flag = readFlag(value)
    if (flag.state === 'unreadable' || isAbsent(feature)) return unreadable({ [feature]: value })
    if (flag.state === 'value' && flag.value) features.push(feature.trim())
  }
  return { state: 'value', value: sortedUnique(features) }
}

function unreadable(found: unknown): Read<readonly string[]> {
  return {
    state: 'unreadable',
    found: foundText(found),
    needed: 'an object of feature and true or false, or a list of features as text',
  }
}
