import type { Pair, PointedCustomer } from '../match/pair.ts'
import type { MatchValue } from '../match/rule.ts'
import type { SubjectId } from '../subject/subject.ts'
import type { MemoryCheck } from './store-check.ts'
import { compareText } from './store-order.ts'
import {
  assemblePairs,
  completeness,
  customerOfKey,
  othersNamed,
  pointsOf,
  subjectOfKey,
} from './store-pair.ts'

/** Customers by id, each with the subjects that ever pointed to it or were linked to it, in any check of the project. */
export type KnownSubjects = Map<string, Set<string>>

/** The pairs of these keys, each of which was observed. */
export function pairsOf(check: MemoryCheck, known: KnownSubjects, keys: readonly string[]): readonly Pair[] {
  const view = check.view()
  const subjects = keys.filter((key) => customerOfKey(key) === null)
  const payers = keys.flatMap((key) => {
    const customerId = customerOfKey(key)
    return customerId === null ? [] : [{ key, customerId }]
  })
  const readings = subjects.flatMap((key) => check.readings(key).map(({ reading }) => reading))
  const links = subjects.flatMap((key) => view.linksBySubject.get(key) ?? [])
  const customerIds = [
    ...new Set([...links.map(({ customerId }) => customerId), ...payers.map(({ customerId }) => customerId)]),
  ]
  const pointed = new Map<string, PointedCustomer>(
    pointsOf(readings).map((id) => [id, check.pointedCustomer(id)]),
  )
  const complete = completeness(check.run.parts, check.rules)
  return assemblePairs(keys, {
    readings,
    links,
    customers: customerIds.flatMap((id) => check.customers.get(id)?.customer ?? []),
    facts: customerIds.flatMap((id) => (view.factsByCustomer.get(id) ?? []).map(({ fact }) => fact)),
    pointed,
    sharedWith: new Map(subjects.map((key) => [key, sharedWith(check, key)])),
    ambiguous: new Map([
      ...subjects.map((key) => [key, rivals(check, key)] as const),
      ...payers.map(
        ({ key, customerId }) => [key, named(check.links.ambiguous.get(customerId) ?? [])] as const,
      ),
    ]),
    formerSubjects: new Map(
      payers.map(({ key, customerId }) => [
        key,
        complete.ofAccess
          ? named([...(known.get(customerId) ?? [])].filter((subject) => !check.subjects.has(subject)))
          : [],
      ]),
    ),
    unanswered: new Map(payers.map(({ key, customerId }) => [key, valuesOf(check, customerId)])),
    complete,
  })
}

/** The others at the customers that a subject points to, or at those it is linked to where it points to none. */
function sharedWith(check: MemoryCheck, key: string): readonly SubjectId[] {
  const { touching, linksBySubject } = check.view()
  const pointed = pointsOf(check.readings(key).map(({ reading }) => reading))
  const linked = (linksBySubject.get(key) ?? []).map(({ customerId }) => customerId)
  const others = new Set<string>()
  for (const customerId of pointed.length > 0 ? pointed : linked) {
    for (const other of touching.subjectsOf.get(customerId) ?? []) others.add(other)
  }
  others.delete(key)
  return named([...others])
}

/** All the subjects, itself included, that a paying customer may mean as well as this one. */
function rivals(check: MemoryCheck, key: string): readonly SubjectId[] {
  const claims = check.view().claimedBy.get(key) ?? []
  return named([...new Set(claims.flatMap((customerId) => check.links.ambiguous.get(customerId) ?? []))])
}

function valuesOf(check: MemoryCheck, customerId: string): readonly MatchValue[] {
  const facts = check.view().factsByCustomer.get(customerId) ?? []
  return [
    ...(check.customers.get(customerId)?.matchValues ?? []),
    ...facts.flatMap(({ matchValues }) => matchValues),
  ]
}

function named(keys: readonly string[]): readonly SubjectId[] {
  return keys.toSorted(compareText).slice(0, othersNamed).map(subjectOfKey)
}
