import type { Catalogue } from '../access/catalogue.ts'
import { readEntitlements } from '../grant/read-entitlements.ts'
import { readFlag } from '../grant/read-flag.ts'
import { isAbsent, isRecord } from '../grant/read-path.ts'
import { readPlan } from '../grant/read-plan.ts'
import { readTrialEnd } from '../grant/read-trial-end.ts'
import type { StoredValue } from './plan.ts'
import type { Wanted } from './wanted-values.ts'

/** Words that the app may keep a flag in, the true one before the false one. */
const wordPairs = [
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
  ['premium', 'free'],
  ['active', 'inactive'],
  ['1', '0'],
] as const

/** What shall stand in a field; `unchanged` where what stands there says it already. */
export type Formed = { readonly after: StoredValue } | 'unchanged' | 'unknown-form'

/**
 * A wanted value in the form in which the app keeps it: a flag as the boolean, number or word that it was, a moment as
 * text or as the same kind of epoch, features as the list or the object that they were.
 *
 * @param before what stands in the field; `undefined` and `null` say nothing of the form
 * @param emptyFeatures how features are kept where there are none yet
 * @example
 * inStoredForm({ component: 'paid', paid: true }, 'No', catalogue, 'list') // { after: 'Yes' }
 */
export function inStoredForm(
  wanted: Wanted,
  before: StoredValue | undefined,
  catalogue: Catalogue,
  emptyFeatures: 'list' | 'object',
): Formed {
  switch (wanted.component) {
    case 'customer':
      return before === wanted.customerId ? 'unchanged' : { after: wanted.customerId }
    case 'plan': {
      const { plan } = readPlan(before, catalogue)
      if (plan.state === 'value' && plan.value === wanted.plan) return 'unchanged'
      return { after: catalogue.plans.find(({ id }) => id === wanted.plan)?.values[0] ?? wanted.plan }
    }
    case 'paid':
      return flagForm(wanted.paid, before)
    case 'trialEndsAt':
      return trialForm(wanted.trialEndsAt, before)
    case 'entitlements':
      return featuresForm(wanted, before, emptyFeatures)
    case 'seats':
      if (before === wanted.seats || before === String(wanted.seats)) return 'unchanged'
      return { after: typeof before === 'string' && !isAbsent(before) ? String(wanted.seats) : wanted.seats }
  }
}

function flagForm(paid: boolean, before: StoredValue | undefined): Formed {
  const read = readFlag(before)
  if (read.state === 'value' && read.value === paid) return 'unchanged'
  if (isAbsent(before) || typeof before === 'boolean') return { after: paid }
  if (typeof before === 'number') return { after: paid ? 1 : 0 }
  if (typeof before !== 'string') return 'unknown-form'
  const word = before.trim().toLowerCase()
  const pair = wordPairs.find(([yes, no]) => word === yes || word === no)
  if (!pair) return 'unknown-form'
  return { after: inCaseOf(before.trim(), pair[paid ? 0 : 1]) }
}

function inCaseOf(like: string, word: string): string {
  if (like === like.toUpperCase()) return word.toUpperCase()
  return /^\p{Lu}/u.test(like) ? word.charAt(0).toUpperCase() + word.slice(1) : word
}

function trialForm(trialEndsAt: Date | null, before: StoredValue | undefined): Formed {
  const read = readTrialEnd(before)
  if (trialEndsAt === null) return isAbsent(before) ? 'unchanged' : { after: null }
  if (read.state === 'value' && read.value.getTime() === trialEndsAt.getTime()) return 'unchanged'
  const isEpoch = typeof before === 'number' || (typeof before === 'string' && /^\s*\d+\s*$/.test(before))
  if (!isEpoch) return { after: trialEndsAt.toISOString() }
  const epoch = Number(before) < 1e11 ? Math.floor(trialEndsAt.getTime() / 1000) : trialEndsAt.getTime()
  return { after: typeof before === 'number' ? epoch : String(epoch) }
}

function featuresForm(
  { open, closed }: Extract<Wanted, { readonly component: 'entitlements' }>,
  before: StoredValue | undefined,
  emptyFeatures: 'list' | 'object',
): Formed {
  const read = readEntitlements(before)
  // Nothing is written over what could not be read.
  if (read.state === 'unreadable') return 'unknown-form'
  const held = read.state === 'value' ? read.value : []
  if (open.every((feature) => held.includes(feature)) && !closed.some((feature) => held.includes(feature))) {
    return 'unchanged'
  }
  if (isRecord(before) || (isAbsent(before) && emptyFeatures === 'object')) {
    const kept = isRecord(before) ? (before as { readonly [key: string]: StoredValue }) : {}
    const switched = [
      ...open.filter((feature) => !held.includes(feature)).map((feature) => [feature, true] as const),
      ...closed.filter((feature) => held.includes(feature)).map((feature) => [feature, false] as const),
    ]
    return { after: { ...kept, ...Object.fromEntries(switched) } }
  }
  const list = Array.isArray(before) ? before.filter((item) => typeof item === 'string') : []
  const after = [...list, ...open.filter((feature) => !held.includes(feature))].filter(
    (item) => !closed.includes(item.trim()),
  )
  return { after: [...new Set(after)].toSorted() }
}
