import { answeringPlace } from '../match/match-values.ts'
import type { MatchRule } from '../match/rule.ts'
import type { ObservedCustomer, ObservedFact, ObservedSubject } from '../store.ts'
import { subjectKey } from '../subject/subject.ts'
import { compareText } from './store-order.ts'
import { othersNamed, pointsOf } from './store-pair.ts'

/** Which subjects the customers of one check answer to. */
export interface Links {
  readonly links: readonly { readonly subject: string; readonly customerId: string; readonly rule: number }[]
  /** By customer: the first subjects, in the order of their keys, among which the winning rule could not choose. */
  readonly ambiguous: ReadonlyMap<string, readonly string[]>
}

/** Links customers to subjects: a customer takes the first rule that finds any subject. */
export function linkCustomers(
  observed: {
    readonly customers: Iterable<ObservedCustomer>
    readonly facts: Iterable<ObservedFact>
    readonly subjects: Iterable<ObservedSubject>
  },
  rules: readonly MatchRule[],
): Links {
  const values = valuesOfCustomers(observed, rules)
  const answering = new Map<string, Set<string>>()
  for (const { reading, matchValues } of observed.subjects) {
    for (const { rule, value } of matchValues) {
      const at = `${rule} ${value}`
      answering.set(at, (answering.get(at) ?? new Set()).add(subjectKey(reading.subject)))
    }
  }
  const links: { subject: string; customerId: string; rule: number }[] = []
  const ambiguous = new Map<string, readonly string[]>()
  for (const customerId of [...values.keys()].toSorted(compareText)) {
    for (const [place, rule] of rules.entries()) {
      const found = new Set<string>()
      const answersAt = answeringPlace(rules, rule)
      for (const value of values.get(customerId)?.get(place) ?? []) {
        for (const subject of answering.get(`${answersAt} ${value}`) ?? []) found.add(subject)
      }
      if (found.size === 0) continue
      const subjects = [...found].toSorted(compareText)
      if (subjects.length === 1 || rule.from.kind === 'customer.id') {
        links.push(...subjects.map((subject) => ({ subject, customerId, rule: place })))
      } else {
        ambiguous.set(customerId, subjects.slice(0, othersNamed))
      }
      break
    }
  }
  return { links, ambiguous }
}

/** By customer and rule. A customer known only by its facts answers to `customer.id` as well. */
function valuesOfCustomers(
  observed: { readonly customers: Iterable<ObservedCustomer>; readonly facts: Iterable<ObservedFact> },
  rules: readonly MatchRule[],
): Map<string, Map<number, Set<string>>> {
  const values = new Map<string, Map<number, Set<string>>>()
  const add = (customerId: string, rule: number, value: string) => {
    const byRule = values.get(customerId) ?? new Map<number, Set<string>>()
    byRule.set(rule, (byRule.get(rule) ?? new Set()).add(value))
    values.set(customerId, byRule)
  }
  const addOwnId = (customerId: string) => {
    if (values.has(customerId)) return
    values.set(customerId, new Map())
    for (const [place, rule] of rules.entries()) {
      if (rule.from.kind === 'customer.id') add(customerId, place, customerId)
    }
  }
  for (const { customer, matchValues } of observed.customers) {
    addOwnId(customer.id)
    for (const { rule, value } of matchValues) add(customer.id, rule, value)
  }
  for (const { fact, matchValues } of observed.facts) {
    addOwnId(fact.customerId)
    for (const { rule, value } of matchValues) add(fact.customerId, rule, value)
  }
  return values
}

/** Which subjects touch which customers: they point to them or are linked to them. */
export interface Touching {
  readonly subjectsOf: ReadonlyMap<string, ReadonlySet<string>>
  readonly customersOf: ReadonlyMap<string, ReadonlySet<string>>
}

export function touching(subjects: Iterable<ObservedSubject>, links: Links['links']): Touching {
  const subjectsOf = new Map<string, Set<string>>()
  const customersOf = new Map<string, Set<string>>()
  const add = (subject: string, customerId: string) => {
    subjectsOf.set(customerId, (subjectsOf.get(customerId) ?? new Set()).add(subject))
    customersOf.set(subject, (customersOf.get(subject) ?? new Set()).add(customerId))
  }
  for (const { reading } of subjects) {
    for (const customerId of pointsOf([reading])) add(subjectKey(reading.subject), customerId)
  }
  for (const { subject, customerId } of links) add(subject, customerId)
  return { subjectsOf, customersOf }
}
