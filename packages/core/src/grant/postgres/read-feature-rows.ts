import { sortedUnique } from '../../access/order.ts'
import { foundText } from '../found-text.ts'
import type { Read } from '../granted.ts'
import { readFlag } from '../read-flag.ts'
import { isAbsent } from '../read-path.ts'

/** One row of an entitlement table. */
export interface FeatureRow {
  readonly feature: unknown
  /** What the column that switches the row on holds; `true` where there is no such column. */
  readonly enabled: unknown
}

/**
 * Reads the features that the app opened from one row each. A row that is not switched on, or says nothing of it,
 * opens nothing. One row that cannot be read makes the whole unreadable, since it may be anything.
 *
 * @example
 * readFeatureRows([{ feature: 'reports', enabled: true }, { feature: 'sso', enabled: false }])
 * // { state: 'value', value: ['reports'] }
 */
export function readFeatureRows(rows: readonly FeatureRow[]): Read<readonly string[]> {
  if (rows.length === 0) return { state: 'absent' }
  const features: string[] = []
  for (const { feature, enabled } of rows) {
    const flag = readFlag(enabled)
    if (typeof feature !== 'string' || isAbsent(feature) || flag.state === 'unreadable') {
      return {
        state: 'unreadable',
        found: foundText({ feature, enabled }),
        needed: 'a feature as text, and true or false for whether it is on',
      }
    }
    if (flag.state === 'value' && flag.value) features.push(feature.trim())
  }
  return { state: 'value', value: sortedUnique(features) }
}
