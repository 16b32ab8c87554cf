import type { StoredValue } from '@trueup/core'
import { isSameValue } from '@trueup/core'
import type { ColumnRule } from './repair-policy.ts'

const dayMs = 86_400_000
const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)$/

/**
 * Whether a rule lets a value in, for targets that keep the rules on this side. The function in the database decides
 * the same by `trueup_repair.permits`; one table of cases holds both to it.
 */
export function permits(rule: ColumnRule, value: StoredValue, now: Date): boolean {
  if (value === null) return rule.nullable ?? false
  switch (rule.kind) {
    case 'any-of':
      return rule.values.some((allowed) => isSameValue(allowed, value))
    case 'boolean':
      return typeof value === 'boolean'
    case 'whole-number':
      return Number.isSafeInteger(value) && Number(value) >= rule.least && Number(value) <= rule.most
    case 'moment': {
      if (typeof value !== 'string' || !moment.test(value)) return false
      const at = Date.parse(inFull(value))
      return at <= now.getTime() + rule.mostDaysAhead * dayMs
    }
    case 'id':
      return (
        typeof value === 'string' &&
        value.length <= rule.longest &&
        value.startsWith(rule.startsWith) &&
        /^[A-Za-z0-9_-]+$/.test(value.slice(rule.startsWith.length))
      )
    case 'features': {
      if (Array.isArray(value)) return value.every((feature) => rule.among.includes(feature))
      if (typeof value !== 'object') return false
      return Object.entries(value).every(
        ([feature, isOn]) => rule.among.includes(feature) && typeof isOn === 'boolean',
      )
    }
  }
}

/** As JavaScript reads every moment: with a `T`, and a zone of four digits. */
function inFull(value: string): string {
  return value
    .replace(' ', 'T')
    .replace(/([+-]\d{2})$/, '$1:00')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
}
