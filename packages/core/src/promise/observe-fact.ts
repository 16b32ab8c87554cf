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
  return {
    keys: { user: keyOf(promised, rules, 'user'), organization: keyOf(promised, rules, 'organization') },
    entitling: isBeyond(promised.allowed, measureOf(rules).none.allowed, rules),
  }
}

/** The key of a subject that nobody pays for: the free plan with all that comes with it. */
export function freeKey(rules: ObservationRules, type: SubjectType): string {
  return joinKeys(measureOf(rules).views[type].map(({ name, allowed }) => ({ view: name, key: allowed })))
}

/** The key of all that is promised to a subject together: as that of a fact, and that of the free plan where it is nothing. */
export function promisedKey(promised: Promised, rules: ObservationRules, type: SubjectType): AgreementKey {
  const key = keyOf(promised, rules, type)
  return key === '' ? freeKey(rules, type) : key
}

/** One view of access, and what is promised without any fact, as it is seen there. */
interface View {
  readonly name: string
  readonly components: readonly Component[]
  readonly owed: string
  readonly allowed: string
}

/** What every fact is held against. */
interface Measure {
  readonly none: Promised
  readonly views: Readonly<Record<SubjectType, readonly View[]>>
}

const measures = new WeakMap<ObservationRules, Measure>()

/** Made once for each set of rules, since a full check holds every fact of an account against the same. */
function measureOf(rules: ObservationRules): Measure {
  const known = measures.get(rules)
  if (known) return known
  const none = promiseOf([], rules)
  const of = (type: SubjectType): readonly View[] =>
    viewsOf(rules.mapped, type).map((components) => ({
      name: viewName(components),
      components,
      owed: agreementKey(none.owed, components, rules.now),
      allowed: agreementKey(none.allowed, components, rules.now),
    }))
  const measure = { none, views: { user: of('user'), organization: of('organization') } }
  measures.set(rules, measure)
  return measure
}

function keyOf(promised: Promised, rules: ObservationRules, type: SubjectType): AgreementKey {
  if (promised.unknown.length > 0 || promised.reviews.length > 0) return null
  const { none, views } = measureOf(rules)
  const seen = views[type].map((view) => {
    const addsSeats = view.components.includes('seats') && hasOtherSeats(promised, none)
    return { view, key: keyUnderView(promised, view, { addsSeats, now: rules.now }) }
  })
  if (seen.every(({ key }) => key === '')) return ''
  const keys: { view: string; key: string }[] = []
  for (const { view, key } of seen) {
    if (key === null) return null
    keys.push({ view: view.name, key: key === '' ? view.allowed : key })
  }
  return joinKeys(keys)
}

/** Seats that come with the free plan are in no key, since they open nothing; with a paid plan beside it they add up. */
function hasOtherSeats({ owed, allowed }: Promised, none: Promised): boolean {
  return owed.seats !== none.owed.seats || allowed.seats !== none.allowed.seats
}

function keyUnderView(
  { owed, allowed }: Promised,
  view: View,
  { addsSeats, now }: { readonly addsSeats: boolean; readonly now: Date },
): AgreementKey {
  const keyIn = (access: Access) => agreementKey(access, view.components, now)
  const owedKey = keyIn(owed)
  if (!addsSeats && owedKey === view.owed && keyIn(allowed) === view.allowed) return ''
  // Where a trial end decides nothing, a subject without one agrees; one that has a trial end is looked at.
  const isAnyTrialEnd = owed.trialEndsAt === null && allowed.trialEndsAt?.getTime() === latestDate.getTime()
  const compared = isAnyTrialEnd ? { ...allowed, trialEndsAt: null } : allowed
  return owedKey === keyIn(compared) ? owedKey : null
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
