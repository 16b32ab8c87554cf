import type { ObservedSubject } from '../store.ts'
import type { SubjectType } from '../subject/subject.ts'
import type { MemoryCheck } from './store-check.ts'
import { compareText } from './store-order.ts'
import { payerKey, pointsOf } from './store-pair.ts'

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

/** Customers that pay, or may pay, and are linked to no subject. */
export function payersWithoutSubject(check: MemoryCheck): readonly string[] {
  const { linkedCustomers, factsByCustomer } = check.view()
  return [...factsByCustomer]
    .filter(([id, facts]) => !linkedCustomers.has(id) && facts.some(({ entitling }) => entitling))
    .map(([id]) => id)
}

function surelyAgrees(check: MemoryCheck, key: string, freeKeys: FreeKeys): boolean {
  const readings = check.readings(key)
  return (
    hasPlainLinks(check, key, readings) &&
    promisedKey(check, key, readings, freeKeys) === grantedKey(readings)
  )
}

/** At most one customer, which was read and is its own alone; and not deleted. */
function hasPlainLinks(check: MemoryCheck, key: string, readings: readonly ObservedSubject[]): boolean {
  const { linksBySubject, touching } = check.view()
  if ((linksBySubject.get(key)?.length ?? 0) > 1) return false
  for (const customerId of touching.customersOf.get(key) ?? []) {
    if ((touching.subjectsOf.get(customerId)?.size ?? 0) > 1) return false
  }
  return readings.every(
    ({ reading }) =>
      !reading.deleted &&
      reading.customerId.state !== 'unreadable' &&
      pointsOf([reading]).every((id) => check.pointedCustomer(id).found === 'read'),
  )
}

/** `undefined`: the readings are not exact, or not of one mind. */
function grantedKey(readings: readonly ObservedSubject[]): string | undefined {
  const keys = new Set(readings.map(({ key }) => key))
  return keys.size === 1 ? (readings[0]?.key ?? undefined) : undefined
}

/** `null`: the facts are not exact, or more than one promises something. */
function promisedKey(
  check: MemoryCheck,
  key: string,
  readings: readonly ObservedSubject[],
  freeKeys: FreeKeys,
): string | null {
  const { linksBySubject, factsByCustomer } = check.view()
  const type = readings[0]?.reading.subject.type
  if (type === undefined) return null
  const promising: string[] = []
  for (const { customerId } of linksBySubject.get(key) ?? []) {
    for (const { keys } of factsByCustomer.get(customerId) ?? []) {
      const promised = keys[type]
      if (promised === null) return null
      if (promised !== '') promising.push(promised)
    }
  }
  if (promising.length > 1) return null
  return promising[0] ?? freeKeys[type]
}
