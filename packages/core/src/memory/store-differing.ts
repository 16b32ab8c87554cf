import { keysIn } from '../access/agreement-key.ts'
import type { ObservedSubject } from '../store.ts'
import type { SubjectType } from '../subject/subject.ts'
import type { MemoryCheck } from './store-check.ts'
import { compareText } from './store-order.ts'
import { completeness, payerKey, pointsOf } from './store-pair.ts'

type FreeKeys = Readonly<Record<SubjectType, string>>

/** The keys of all pairs of a check that can differ, in order. */
export function differingKeys(check: MemoryCheck, freeKeys: FreeKeys): readonly string[] {
  const view = check.view()
  const asked = `${freeKeys.user}\n${freeKeys.organization}`
  if (view.differing?.freeKeys !== asked) {
    const subjects = [...check.subjects.keys()].filter((key) => !surelyAgrees(check, key, freeKeys))
    const payers = payersWithoutSubject(check).map(payerKey)
    view.differing = { freeKeys: asked, keys: [...subjects, ...payers].toSorted(compareText) }
  }
  return view.differing.keys
}

/** The keys of all pairs of a check, in order. */
export function observedKeys(check: MemoryCheck): readonly string[] {
  const { linkedCustomers, factsByCustomer } = check.view()
  const payers = [...factsByCustomer.keys()].filter((id) => !linkedCustomers.has(id)).map(payerKey)
  return [...check.subjects.keys(), ...payers].toSorted(compareText)
}

/** Customers that pay, or may pay, and are linked to no subject. */
export function payersWithoutSubject(check: MemoryCheck): readonly string[] {
  const { linkedCustomers, factsByCustomer } = check.view()
  return [...factsByCustomer]
    .filter(([id, facts]) => !linkedCustomers.has(id) && facts.some(({ entitling }) => entitling))
    .map(([id]) => id)
}

function surelyAgrees(check: MemoryCheck, key: string, freeKeys: FreeKeys): boolean {
  const readings = check.readings(key)
  const type = readings[0]?.reading.subject.type
  if (type === undefined || !hasPlainLinks(check, key, readings)) return false
  const promised = promisedKeys(check, key, type)
  if (promised === null || promised.length > 1) return false
  const [promise] = promised
  if (promise !== undefined && isMissingSomewhere(check, type, readings)) return false
  const agreeing = keysIn(promise ?? freeKeys[type])
  return readings.every(({ key: granted }) => granted !== null && agreeing.includes(granted))
}

/** A source that was read whole does not have this subject. */
function isMissingSomewhere(
  check: MemoryCheck,
  type: SubjectType,
  readings: readonly ObservedSubject[],
): boolean {
  const { holders } = completeness(check.run.parts, check.rules)
  return holders[type].some((name) => readings.every(({ reading }) => reading.source !== name))
}

/** At most one customer, linked or pointed to, which was read and is its own alone; and not deleted. */
function hasPlainLinks(check: MemoryCheck, key: string, readings: readonly ObservedSubject[]): boolean {
  const { linksBySubject, touching } = check.view()
  if ((linksBySubject.get(key)?.length ?? 0) > 1) return false
  for (const customerId of touching.customersOf.get(key) ?? []) {
    if ((touching.subjectsOf.get(customerId)?.size ?? 0) > 1) return false
  }
  if (pointsOf(readings.map(({ reading }) => reading)).length > 1) return false
  return readings.every(
    ({ reading }) =>
      !reading.deleted &&
      reading.customerId.state !== 'unreadable' &&
      pointsOf([reading]).every((id) => check.pointedCustomer(id).found === 'read'),
  )
}

/** The keys of all facts that promise something; `null`: one of them is not exact. */
function promisedKeys(check: MemoryCheck, key: string, type: SubjectType): readonly string[] | null {
  const { linksBySubject, factsByCustomer } = check.view()
  const promising: string[] = []
  for (const { customerId } of linksBySubject.get(key) ?? []) {
    for (const { keys } of factsByCustomer.get(customerId) ?? []) {
      const promised = keys[type]
      if (promised === null) return null
      if (promised !== '') promising.push(promised)
    }
  }
  return promising
}
