import type { PartState } from '../check/progress.ts'
import type { SubjectReading } from '../grant/granted.ts'
import type { Pair, Payer, PointedCustomer } from '../match/pair.ts'
import type { MatchRule, MatchValue } from '../match/rule.ts'
import type { BillingFact, Customer } from '../promise/billing.ts'
import type { SubjectId, SubjectType } from '../subject/subject.ts'
import { subjectKey } from '../subject/subject.ts'
import { compareText } from './store-order.ts'

/**
 * How many other subjects a pair names at most. A wrong mapping can point every subject to one customer; pairs that
 * each named all the others would grow with the square of their number.
 */
export const othersNamed = 20

/** What a store read for some pairs, in any order, to be put together by {@link assemblePairs}. */
export interface PairRows {
  readonly readings: readonly SubjectReading[]
  readonly links: readonly { readonly subject: string; readonly customerId: string; readonly rule: number }[]
  readonly customers: readonly Customer[]
  readonly facts: readonly BillingFact[]
  /** What is known of the customers that the subjects point to. */
  readonly pointed: ReadonlyMap<string, PointedCustomer>
  /** By pair key, in order and at most {@link othersNamed}. */
  readonly sharedWith: ReadonlyMap<string, readonly SubjectId[]>
  readonly ambiguous: ReadonlyMap<string, readonly SubjectId[]>
  readonly formerSubjects: ReadonlyMap<string, readonly SubjectId[]>
  readonly unanswered: ReadonlyMap<string, readonly MatchValue[]>
  readonly complete: Completeness
}

/** Whether the side that a pair may lack was read to its end. */
export interface Completeness {
  /** For pairs with a subject: what billing holds. */
  readonly ofBilling: boolean
  /** For payers without a subject: what the app holds, and what links the two. */
  readonly ofAccess: boolean
  /** The access sources that were read whole for each type of subject: whom they do not show, they do not have. */
  readonly holders: Readonly<Record<SubjectType, readonly string[]>>
  /** Every access source of which a part is recorded, read whole or not. */
  readonly accessSources: readonly string[]
}

const accessParts: readonly string[] = ['users', 'organizations']
const factParts: readonly string[] = ['subscriptions', 'customers', 'purchases', 'entitlements']

/**
 * Says from the parts of a check what may be concluded from absence. A side of which no part is recorded was not
 * read at all, and so is not complete.
 */
export function completeness(
  parts: Readonly<Record<string, PartState>>,
  rules: readonly MatchRule[],
): Completeness {
  const states = Object.entries(parts).map(([name, { state }]) => ({ part: partOf(name), state }))
  const isComplete = (wanted: readonly string[]) =>
    states.every(({ part, state }) => !wanted.includes(part) || state === 'complete')
  const isRead = (wanted: readonly string[]) => states.some(({ part }) => wanted.includes(part))
  return {
    ofBilling: isRead(factParts) && isComplete(factParts),
    ofAccess: isRead(accessParts) && isComplete(accessParts) && isComplete(rules.map(linkingPart)),
    holders: { user: readWhole(parts, 'users'), organization: readWhole(parts, 'organizations') },
    accessSources: [
      ...new Set(
        Object.keys(parts).flatMap((name) => (accessParts.includes(partOf(name)) ? [sourceOf(name)] : [])),
      ),
    ].toSorted(compareText),
  }
}

function readWhole(parts: Readonly<Record<string, PartState>>, wanted: string): readonly string[] {
  return Object.entries(parts)
    .flatMap(([name, { state }]) => (state === 'complete' && partOf(name) === wanted ? [sourceOf(name)] : []))
    .toSorted(compareText)
}

/** `stripe/subscriptions` is the part `subscriptions`. */
function partOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function sourceOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'))
}

/** The part that holds the values of a rule: while it is unread, nobody is known to be without a subject. */
function linkingPart(rule: MatchRule): string {
  switch (rule.from.kind) {
    case 'subscription.metadata':
      return 'subscriptions'
    case 'checkout.client_reference_id':
      return 'purchases'
    case 'customer.id':
    case 'customer.metadata':
    case 'customer.email':
      return 'customers'
  }
}

/** Puts pairs together from rows that were read in sets, in the order of their keys. */
export function assemblePairs(keys: readonly string[], rows: PairRows): readonly Pair[] {
  const customers = new Map(rows.customers.map((customer) => [customer.id, customer]))
  const facts = groupBy(rows.facts, (fact) => fact.customerId)
  const readings = groupBy(rows.readings, (reading) => subjectKey(reading.subject))
  const links = groupBy(rows.links, (link) => link.subject)

  const payerOf = (customerId: string, rule: number | null): Payer => {
    const owned = (facts.get(customerId) ?? []).toSorted((a, b) => compareText(a.id, b.id))
    return { customer: customers.get(customerId) ?? standIn(customerId, owned), facts: owned, rule }
  }
  return keys.map((key) => {
    const customerId = customerOfKey(key)
    const own = (readings.get(key) ?? []).toSorted((a, b) => compareText(a.source, b.source))
    const subject = customerId === null ? subjectOfKey(key) : null
    return {
      subject,
      readings: own,
      missingFrom: subject
        ? rows.complete.holders[subject.type].filter((name) => own.every(({ source }) => source !== name))
        : [],
      payers:
        customerId === null
          ? (links.get(key) ?? [])
              .toSorted((a, b) => compareText(a.customerId, b.customerId))
              .map((link) => payerOf(link.customerId, link.rule))
          : [payerOf(customerId, null)],
      pointed: pointedOf(own, rows.pointed),
      sharedWith: rows.sharedWith.get(key) ?? [],
      ambiguous: rows.ambiguous.get(key) ?? [],
      unanswered: customerId === null ? [] : distinctValues(rows.unanswered.get(key) ?? []),
      formerSubjects: rows.formerSubjects.get(key) ?? [],
      complete: customerId === null ? rows.complete.ofBilling : rows.complete.ofAccess,
    }
  })
}

/** The key of a payer without a subject. */
export function payerKey(customerId: string): string {
  return `customer:${customerId}`
}

/** The customer that a pair key names; `null` where it names a subject. */
export function customerOfKey(key: string): string | null {
  return key.startsWith('customer:') ? key.slice('customer:'.length) : null
}

/** The subject that a key names: `user:user_1`. */
export function subjectOfKey(key: string): SubjectId {
  const colon = key.indexOf(':')
  const type = key.slice(0, colon)
  if (type !== 'user' && type !== 'organization') throw new Error(`"${key}" is not the key of a subject.`)
  return { type, id: key.slice(colon + 1) }
}

/** The customers that these readings of one subject point to, in the order of the sources. */
export function pointsOf(readings: readonly SubjectReading[]): readonly string[] {
  return [
    ...new Set(
      readings.flatMap(({ customerId }) => (customerId.state === 'value' ? [customerId.value] : [])),
    ),
  ]
}

/** Where sources point to different customers, one that was not read comes first: it is what needs saying. */
function pointedOf(
  readings: readonly SubjectReading[],
  known: ReadonlyMap<string, PointedCustomer>,
): PointedCustomer | null {
  const pointed = pointsOf(readings).map((id): PointedCustomer => known.get(id) ?? { id, found: 'not-asked' })
  return pointed.find(({ found }) => found !== 'read') ?? pointed[0] ?? null
}

/** A customer of which only facts were read, because the vendor named it by its id alone. */
function standIn(id: string, facts: readonly BillingFact[]): Customer {
  const times = facts.map((fact) =>
    (fact.kind === 'subscription' || fact.kind === 'plan-item' ? fact.createdAt : fact.changedAt).getTime(),
  )
  return {
    id,
    email: null,
    name: null,
    metadata: {},
    livemode: facts.some((fact) => fact.livemode),
    createdAt: new Date(Math.min(...times)),
  }
}

function distinctValues(values: readonly MatchValue[]): readonly MatchValue[] {
  const byText = new Map(values.map((value) => [`${value.rule} ${value.value}`, value]))
  return [...byText.values()].toSorted((a, b) => a.rule - b.rule || compareText(a.value, b.value))
}

export function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}
