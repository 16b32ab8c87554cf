import type { Customer, Finding, Pair, Payer, PointedCustomer, SubjectId, SubjectReading } from '@trueup/core'
import { attachReversals, find, RepairError } from '@trueup/core'
import { paymentIdsOf } from '../check/observe.ts'
import { rulesOf } from '../check/rules-of.ts'
import type { RepairDependencies } from './repair-dependencies.ts'

/** What both sides say of a subject now. */
export type Truth =
  | {
      readonly kind: 'read'
      readonly readAt: Date
      readonly finding: Finding
      readonly readings: readonly SubjectReading[]
    }
  /** Nothing can be said of the subject by itself any more: why. */
  | { readonly kind: 'unmatched'; readonly readAt: Date; readonly why: string }

/**
 * Reads a subject again, now: its records in every access source, and the customers that the last check matched with
 * it. Who belongs to whom is as that check saw it; where a record points to somebody else by now, only a new check
 * can tell.
 *
 * @throws SourceError when a side cannot be read: that says nothing of what there is
 * @throws RepairError `no-check`
 */
export async function readTruth(dependencies: RepairDependencies, subject: SubjectId): Promise<Truth> {
  const { project, billing, access, clock } = dependencies
  const readAt = clock.now()
  const check = await project.newestFinishedCheck({ filing: false })
  if (!check) throw noCheck()
  const known = await project.pair(check.id, { subject })
  const asked = access.filter(({ subjectTypes }) => subjectTypes.includes(subject.type))
  const read = await Promise.all(asked.map((source) => source.readSubjects([subject])))
  const readings = read.flat()
  if (!known || readings.length === 0) {
    return { kind: 'unmatched', readAt, why: `${subject.id} is not there any more.` }
  }
  const expected = new Set(known.payers.map(({ customer }) => customer.id))
  if (known.pointed) expected.add(known.pointed.id)
  const stranger = readings
    .flatMap(({ customerId }) => (customerId.state === 'value' ? [customerId.value] : []))
    .find((id) => !expected.has(id))
  if (stranger !== undefined) {
    return { kind: 'unmatched', readAt, why: `${subject.id} points to ${stranger} by now.` }
  }
  const { payers, pointed } = await readPayers(dependencies, known, check.id, [...expected])
  const missingFrom = asked.filter((_, place) => read[place]?.length === 0).map(({ name }) => name)
  const pair: Pair = { ...known, readings, missingFrom, payers, pointed }
  const rules = { ...(await rulesOf(dependencies, check)), now: readAt }
  return { kind: 'read', readAt, finding: find(pair, rules), readings }

  async function readPayers(
    { project: store }: RepairDependencies,
    before: Pair,
    checkId: string,
    customerIds: readonly string[],
  ): Promise<{ readonly payers: readonly Payer[]; readonly pointed: PointedCustomer | null }> {
    const customers = await Promise.all(customerIds.map((id) => billing.readCustomer(id)))
    const facts = customers.flatMap((customer) => customer.facts)
    const reversals = await store.reversals(checkId, paymentIdsOf(facts))
    const payersNow = before.payers.flatMap((payer): readonly Payer[] => {
      const now = customers.find(({ id }) => id === payer.customer.id)
      const customer: Customer | null = now?.customer ?? null
      if (!now || !customer) return []
      return [{ ...payer, customer, facts: now.facts.map((fact) => attachReversals(fact, reversals)) }]
    })
    const pointedNow = customers.find(({ id }) => id === before.pointed?.id)?.pointed ?? null
    return { payers: payersNow, pointed: pointedNow }
  }
}

function noCheck(): RepairError {
  return new RepairError({
    code: 'no-check',
    message: 'No check has been finished, so nobody knows which customer pays for whom.',
    fix: 'Run `trueup check` first.',
  })
}
