import type { Access, Component } from '../access/access.ts'
import { freeAccess, isAtMost, joinAccess } from '../access/order.ts'
import { printable } from '../grant/found-text.ts'
import type { Pair } from '../match/pair.ts'
import type { Promised } from '../promise/promised.ts'
import type { SubjectId } from '../subject/subject.ts'
import { subjectKey } from '../subject/subject.ts'
import { recordEvidence } from './evidence.ts'
import type { SubjectRecord } from './records.ts'
import type { Rules } from './rules.ts'
import type { Drift, DriftComponent, Side } from './verdict.ts'

/**
 * Where two access sources surely give a subject different things, and billing says nothing of it: it allows both, or
 * what it allows is not known. A component of which another drift is said is left out, since ending that drift ends
 * the disagreement; so is everything else while paid access as a whole drifts.
 */
export function grantsDisagree(
  pair: Pair,
  subject: SubjectId,
  records: readonly SubjectRecord[],
  said: readonly Drift[],
  promised: Promised,
  rules: Rules,
): readonly Drift[] {
  const components = new Set<DriftComponent>()
  for (const [place, one] of records.entries()) {
    for (const other of records.slice(place + 1)) {
      for (const component of apart(one, other, promised, rules)) components.add(component)
    }
  }
  if (pointers(records).size > 1) components.add('customer')
  const isPaidSaid = said.some(({ component }) => component === 'paid')
  const isSaid = (component: DriftComponent) =>
    said.some((drift) => drift.component === component) || (isPaidSaid && component !== 'customer')
  return [...components]
    .filter((component) => !isSaid(component))
    .map((component) => disagreement(component, pair, subject, records, promised, rules))
}

/** What two records surely give differently. Where one gives paid access and the other none, the rest follows. */
function apart(
  one: SubjectRecord,
  other: SubjectRecord,
  promised: Promised,
  rules: Rules,
): readonly DriftComponent[] {
  if (one.kind !== 'live' && other.kind !== 'live') return []
  return [...more(one, other, promised, rules), ...more(other, one, promised, rules)]
}

/** In what the first record surely gives more than the second. */
function more(
  first: SubjectRecord,
  second: SubjectRecord,
  promised: Promised,
  rules: Rules,
): readonly DriftComponent[] {
  const both = (component: Component) => first.mapped.includes(component) && second.mapped.includes(component)
  const exceeds = (component: Component) =>
    !isAtMost(component, first.granted.least, second.granted.most, rules.catalogue, rules.policy)
  if (saysPaid(first) && saysPaid(second) && exceeds('paid')) return ['paid']
  const found: DriftComponent[] = []
  const isPlanMore = both('plan') && exceeds('plan')
  if (isPlanMore) found.push('plan')
  if (both('trialEndsAt') && isTrialRunning(first, rules.now) && exceeds('trialEndsAt')) {
    found.push('trialEndsAt')
  }
  if (both('entitlements')) {
    const ofThePlan = isPlanMore ? entitlementsOf(first.granted.least.plan, rules) : []
    for (const feature of featuresMore(first, second)) {
      if (!ofThePlan.includes(feature)) found.push(`entitlement:${feature}`)
    }
  }
  const areSeatsPromised = promised.owed.seats !== null || promised.allowed.seats !== null
  if (both('seats') && areSeatsPromised && first.granted.least.paid && exceeds('seats')) found.push('seats')
  return found
}

function saysPaid({ mapped }: SubjectRecord): boolean {
  return mapped.includes('paid') || mapped.includes('plan')
}

/** An end that has passed opens nothing, whatever the other source says of it. */
function isTrialRunning({ granted }: SubjectRecord, now: Date): boolean {
  return granted.least.trialEndsAt !== null && granted.least.trialEndsAt > now
}

function featuresMore(first: SubjectRecord, second: SubjectRecord): readonly string[] {
  const { entitlements: given } = first.granted.least
  const { entitlements: atMost } = second.granted.most
  if (given === 'every' || atMost === 'every') return []
  return given.filter((feature) => !atMost.includes(feature))
}

function entitlementsOf(planId: string, { catalogue }: Rules): readonly string[] {
  return catalogue.plans.find((plan) => plan.id === planId)?.entitlements ?? []
}

/** The customers that the records point to. */
function pointers(records: readonly SubjectRecord[]): ReadonlySet<string> {
  return new Set(records.flatMap((record) => pointerOf(record) ?? []))
}

function pointerOf(record: SubjectRecord): string | null {
  if (record.kind !== 'live' || record.reading.customerId.state !== 'value') return null
  return record.reading.customerId.value
}

function disagreement(
  component: DriftComponent,
  pair: Pair,
  subject: SubjectId,
  records: readonly SubjectRecord[],
  promised: Promised,
  rules: Rules,
): Drift {
  const concerned = records.filter((record) => isConcerned(record, component))
  const values = concerned.map((record) => `${record.source}: ${valueIn(record, component)}`)
  const [first] = concerned
  const free = freeAccess(rules.catalogue)
  return {
    kind: 'grants-disagree',
    component,
    hurts: 'both',
    owed: sideOf(promised.owed, component),
    granted: values,
    allowed: sideOf(promised.allowed, component),
    on: subjectKey(subject),
    subject,
    customerId: pair.pointed?.id ?? pair.payers[0]?.customer.id ?? null,
    access: {
      owed: joinAccess(free, promised.owed, rules.catalogue),
      granted: first?.granted.least ?? free,
      allowed: promised.allowed,
    },
    sentence: `${subject.id} is not granted the same everywhere (${nameOf(component)}): ${values.join(', ')}.`,
    touches: [],
    evidence: concerned.flatMap((record) => recordEvidence(record, subject, rules.now)),
    moneyAtRisk: null,
    moneyNote: 'Billing does not say which of them is meant.',
  }
}

function isConcerned(record: SubjectRecord, component: DriftComponent): boolean {
  if (component === 'customer') return pointerOf(record) !== null
  if (component === 'paid') return saysPaid(record)
  return record.mapped.some((mapped) => mapped === componentOf(component))
}

/** `entitlement:reports` is one of the entitlements. */
function componentOf(component: DriftComponent): DriftComponent | 'entitlements' {
  return component.startsWith('entitlement:') ? 'entitlements' : component
}

function valueIn(record: SubjectRecord, component: DriftComponent): string {
  if (component === 'customer') return printable(pointerOf(record) ?? 'none')
  if (record.kind === 'missing') return 'no record'
  if (record.kind === 'deleted') return 'deleted'
  const { least, most } = record.granted
  const [from, to] = [givenIn(least, component), givenIn(most, component)]
  return from === to ? from : 'unreadable'
}

function givenIn(access: Access, component: DriftComponent): string {
  switch (component) {
    case 'plan':
      return access.plan
    case 'paid':
      return access.paid ? `paid access (${access.plan})` : 'nothing paid'
    case 'trialEndsAt':
      return access.trialEndsAt ? `a trial until ${access.trialEndsAt.toISOString()}` : 'no trial'
    case 'seats':
      return `${access.seats ?? 'no'} seats`
    default: {
      const feature = component.slice('entitlement:'.length)
      return access.entitlements === 'every' || access.entitlements.includes(feature) ? 'yes' : 'no'
    }
  }
}

function sideOf(access: Access, component: DriftComponent): Side {
  switch (component) {
    case 'plan':
    case 'paid':
    case 'seats':
      return access[component]
    case 'trialEndsAt':
      return access.trialEndsAt?.toISOString() ?? null
    case 'customer':
      return null
    default:
      return givenIn(access, component) === 'yes'
  }
}

function nameOf(component: DriftComponent): string {
  switch (component) {
    case 'trialEndsAt':
      return 'end of the trial'
    case 'paid':
      return 'paid access'
    default:
      return printable(component.replace('entitlement:', ''))
  }
}
