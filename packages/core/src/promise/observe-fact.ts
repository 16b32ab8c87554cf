import type { Access, Component } from '../access/access.ts'
import type { AgreementKey } from '../access/agreement-key.ts'
import { agreementKey, joinKeys } from '../access/agreement-key.ts'
import { latestDate, missingEntitlements, planRank } from '../access/order.ts'
import type { SourceComponents } from '../subject/source-components.ts'
import { viewName, viewsOf } from '../subject/source-components.ts'
import type { SubjectType } from '../subject/subject.ts'
import type { BillingFact } from './billing.ts'
import { promiseOf } from './promise-of.ts'
import type { PromiseRules } from './promise-rules.ts'
import type { Promised } from './promised.ts'

/** What a promise follows from, and the components that each source maps for each type of subject. */
export interface ObservationRules extends PromiseRules {
  readonly mapped: readonly SourceComponents[]
}

/**
 * What one fact comes to, as texts to be compared by a database; see `ObservedFact`.
 *
 * `''`: it promises nothing beyond the free plan. A key: it promises exactly that, so a subject with the same key
 * agrees; where sources map different components, the keys under each view of them ({@link joinKeys}). `null`:
 * something is unknown, is to be reviewed, or may be had or not, so the pair must be looked at.
 * `entitling`: it allows, or may allow, anything beyond the free plan.
 *
 * @example
 * factKeys(subscription, rules) // { keys: { user: 'paid=true;plan=pro', organization: '...' }, entitling: true }
 */
export function factKeys(
  fact: BillingFact,
  rules: ObservationRules,
): { readonly keys: Readonly<Record<SubjectType, AgreementKey>>; readonly entitling: boolean } {
  const promised = promiseOf([fact], rules)
  const none = promiseOf([], rules)
  return {
    keys: {
      user: keyOf(promised, none, rules, 'user'),
      organization: keyOf(promised, none, rules, 'organization'),
    },
    entitling: isBeyond(promised.allowed, none.allowed, rules),
  }
}

/** The key of a subject that nobody pays for: the free plan with all that comes with it. */
export function freeKey(rules: ObservationRules, type: SubjectType): string {
  const { allowed } = promiseOf([], rules)
  return joinKeys(
    viewsOf(rules.mapped, type).map((view) => ({
      view: viewName(view),
      key: agreementKey(allowed, view, rules.now),
    })),
  )
}

function keyOf(
  promised: Promised,
  none: Promised,
  { mapped, now }: ObservationRules,
  type: SubjectType,
): AgreementKey {
  if (promised.unknown.length > 0 || promised.reviews.length > 0) return null
  const views = viewsOf(mapped, type).map((view) => ({ view, key: keyUnderView(promised, none, view, now) }))
  if (views.every(({ key }) => key === '')) return ''
  const keys: { view: string; key: string }[] = []
  for (const { view, key } of views) {
    if (key === null) return null
    keys.push({ view: viewName(view), key: key === '' ? agreementKey(none.allowed, view, now) : key })
  }
  return joinKeys(keys)
}

function keyUnderView(
  promised: Promised,
  none: Promised,
  mapped: readonly Component[],
  now: Date,
): AgreementKey {
  const key = (access: Access) => agreementKey(access, mapped, now)
  if (key(promised.owed) === key(none.owed) && key(promised.allowed) === key(none.allowed)) return ''
  // Where a trial end decides nothing, a subject without one agrees; one that has a trial end is looked at.
  const { owed, allowed } = promised
  const isAnyTrialEnd = owed.trialEndsAt === null && allowed.trialEndsAt?.getTime() === latestDate.getTime()
  const compared = isAnyTrialEnd ? { ...allowed, trialEndsAt: null } : allowed
  return key(owed) === key(compared) ? key(owed) : null
}

function isBeyond(allowed: Access, free: Access, { catalogue }: PromiseRules): boolean {
  return (
    allowed.paid ||
    planRank(catalogue, allowed.plan) > 0 ||
    missingEntitlements(allowed.entitlements, free.entitlements).length > 0 ||
    seatNumber(allowed.seats) > seatNumber(free.seats)
  )
}

function seatNumber(seats: Access['seats']): number {
  return seats === 'unlimited' ? Number.POSITIVE_INFINITY : (seats ?? 0)
}
