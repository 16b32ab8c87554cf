import type { Catalogue, StoredValue } from '@trueup/core'
import { isSameValue } from '@trueup/core'

/** What may be written into a field. What a rule does not know, it refuses. */
export type FieldRule = {
  /** Whether the field may be emptied. Default `false`. */
  readonly nullable?: boolean
} & (
  | { readonly kind: 'any-of'; readonly values: readonly StoredValue[] }
  /** Yes or no: a boolean, 1 or 0, or a word for it in any case. */
  | { readonly kind: 'flag' }
  /** A whole number from `least` to `most`, as a number or as digits. */
  | { readonly kind: 'whole-number'; readonly least: number; readonly most: number }
  /** ISO 8601 with its zone, or an epoch in seconds or milliseconds; no later than so many days from now. */
  | { readonly kind: 'moment'; readonly mostDaysAhead: number }
  /** An id: `startsWith`, then letters, digits, `_` and `-`; at most `longest` characters in all. */
  | { readonly kind: 'id'; readonly startsWith: string; readonly longest: number }
  /** A list of features, or an object that says true or false of each; beside these, what stood there may stay. */
  | { readonly kind: 'features'; readonly among: readonly string[] }
)

/** The words of a flag, in lower case. */
export const flagWords: readonly string[] = [
  ...['true', '1', 'yes', 'on', 'premium', 'active'],
  ...['false', '0', 'no', 'off', 'free', 'inactive', 'none'],
]

const dayMs = 86_400_000
const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)$/
/** Epochs below this are in seconds. */
const leastMilliseconds = 1e11
const mostDaysOfTrial = 800
const mostSeats = 1_000_000

/**
 * Whether a rule lets a change in, for targets that keep the rules on this side. The function in the database decides
 * the same by `trueup_repair.permits`; one table of cases holds both to it.
 */
export function permits(
  rule: FieldRule,
  before: StoredValue | undefined,
  after: StoredValue | undefined,
  now: Date,
): boolean {
  if (after === null || after === undefined) return rule.nullable ?? false
  switch (rule.kind) {
    case 'any-of':
      return rule.values.some((allowed) => isSameValue(allowed, after))
    case 'flag':
      return (
        typeof after === 'boolean' ||
        after === 0 ||
        after === 1 ||
        (typeof after === 'string' && flagWords.includes(after.toLowerCase()))
      )
    case 'whole-number': {
      const isDigits = typeof after === 'string' && /^-?\d{1,15}$/.test(after)
      const number = typeof after === 'number' || isDigits ? Number(after) : Number.NaN
      return Number.isSafeInteger(number) && number >= rule.least && number <= rule.most
    }
    case 'moment': {
      const at = momentOf(after)
      return at !== null && at <= now.getTime() + rule.mostDaysAhead * dayMs
    }
    case 'id':
      return (
        typeof after === 'string' &&
        after.length <= rule.longest &&
        after.startsWith(rule.startsWith) &&
        /^[A-Za-z0-9_-]+$/.test(after.slice(rule.startsWith.length))
      )
    case 'features':
      return permitsFeatures(rule.among, before, after)
  }
}

/**
 * The rules for the fields of a mapping: the plans and features of the catalogue, flags, trials of a bounded length.
 * Each may be emptied, since taking a repair back may have to.
 *
 * @param fields The name of the field of each component, or `null` where it is not mapped.
 */
export function rulesOfFields(
  fields: Readonly<
    Record<'customerId' | 'plan' | 'premium' | 'trialEndsAt' | 'entitlements' | 'seats', string | null>
  >,
  catalogue: Catalogue,
): Map<string, FieldRule> {
  const plans = catalogue.plans.flatMap(({ id, values }) => [...values, id])
  const features = [...catalogue.plans, ...catalogue.addOns].flatMap(({ entitlements }) => entitlements)
  const rules: Readonly<Record<keyof typeof fields, FieldRule>> = {
    customerId: { kind: 'id', startsWith: 'cus_', longest: 100, nullable: true },
    plan: { kind: 'any-of', values: [...new Set(plans)], nullable: true },
    premium: { kind: 'flag', nullable: true },
    trialEndsAt: { kind: 'moment', mostDaysAhead: mostDaysOfTrial, nullable: true },
    entitlements: { kind: 'features', among: [...new Set(features)], nullable: true },
    seats: { kind: 'whole-number', least: 0, most: mostSeats, nullable: true },
  }
  const named = (Object.keys(rules) as (keyof typeof fields)[]).flatMap((component) => {
    const field = fields[component]
    return field === null ? [] : [[field, rules[component]] as const]
  })
  return new Map(named)
}

function permitsFeatures(
  among: readonly string[],
  before: StoredValue | undefined,
  after: StoredValue,
): boolean {
  if (typeof after !== 'object' || after === null) return false
  if (Array.isArray(after)) {
    const stood: readonly StoredValue[] = Array.isArray(before) ? before : []
    return after.every((feature: StoredValue) =>
      typeof feature === 'string' && among.includes(feature)
        ? true
        : stood.some((old) => isSameValue(old, feature)),
    )
  }
  return Object.entries(after).every(
    ([feature, isOn]) =>
      (among.includes(feature) && typeof isOn === 'boolean') || isSameValue(memberOf(before, feature), isOn),
  )
}

function memberOf(value: StoredValue | undefined, name: string): StoredValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) {
    return undefined
  }
  return (value as { readonly [key: string]: StoredValue })[name]
}

/** Milliseconds since 1970; `null` for what is no moment. */
function momentOf(value: StoredValue): number | null {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,14}$/.test(value))) {
    const epoch = Number(value)
    if (!Number.isSafeInteger(epoch) || epoch < 1e8 || epoch >= 1e14) return null
    return epoch < leastMilliseconds ? epoch * 1000 : epoch
  }
  if (typeof value !== 'string' || !moment.test(value)) return null
  // As JavaScript reads every moment: with a `T`, and a zone of four digits.
  const at = Date.parse(
    value
      .replace(' ', 'T')
      .replace(/([+-]\d{2})$/, '$1:00')
      .replace(/([+-]\d{2})(\d{2})$/, '$1:$2'),
  )
  return Number.isNaN(at) ? null : at
}
