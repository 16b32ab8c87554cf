import type { BillingFact, PromiseUnknown, SubjectId } from '@trueup/core'
import { promiseOf, soldBy, subjectKey } from '@trueup/core'
import type { SharedFrame } from '../frame.ts'
import type { AccessChange, Problem } from '../options.ts'
import type { BillingReading } from '../seller/seller.ts'
import type { LeasedWork, StoreUnit, SubjectRecord } from '../store/store.ts'
import { workOn } from '../work/work-on.ts'
import type { AccessAnswer } from './access-answer.ts'
import { answerFor } from './answer-for.ts'
import { changesAt } from './changes-at.ts'
import { grantedAccess } from './granted-access.ts'

/** What came of deriving a subject's access. */
export interface Derived {
  /** False: a reading that began later is under way or done, and this one was not written. */
  readonly written: boolean
  readonly answer: AccessAnswer
}

/**
 * Reads a subject's billing and writes what follows from it.
 *
 * The vendors' objects carry no version, so that order is kept by a token: each reading is given the next one before it
 * begins, and may write only while no later one was given out. What was read last is so never overwritten by what was
 * read before it, whatever order the answers come in.
 *
 * @param work The work that asked for it, ended in the same transaction.
 */
export async function deriveAccess(
  frame: SharedFrame,
  subject: SubjectId,
  work: LeasedWork | null,
): Promise<Derived> {
  const { token, customerId } = await frame.store.unit(async (unit) => {
    const record = await unit.lockSubject(subject)
    const issued = {
      ...record,
      customerId: record.customerId ?? (await frame.seller.payerOf(subject, unit)),
      tokenIssued: record.tokenIssued + 1,
    }
    await unit.saveSubject(issued)
    return { token: issued.tokenIssued, customerId: issued.customerId }
  })
  const reading = await frame.seller.read(subject, customerId)
  const written = await frame.store.unit(async (unit) => {
    const record = await unit.lockSubject(subject)
    if (record.tokenIssued !== token || record.customerId !== customerId) return null
    // First, so that the same work can be asked for anew, for a later moment.
    if (work) await unit.finishWork(work)
    return write(frame, unit, record, reading)
  })
  if (!written) {
    const record = await frame.store.subject(subject)
    return { written: false, answer: answerFor(record ? { ...record, ...reading } : null, subject, frame) }
  }
  if (written.change) frame.changed(written.change)
  const problems = [...reading.problems, ...problemsOf(reading.facts, subject, frame)]
  for (const problem of problems) await frame.problem(problem)
  return { written: true, answer: answerFor(written.record, subject, frame) }
}

async function write(
  frame: SharedFrame,
  unit: StoreUnit<unknown>,
  before: SubjectRecord,
  reading: BillingReading,
): Promise<{ readonly record: SubjectRecord; readonly change: AccessChange | null }> {
  const { subject } = before
  const now = frame.clock.now()
  const rules = { catalogue: frame.catalogue, policy: frame.policy, now }
  const closed = before.deletedAt ? [] : reading.facts
  const { access, reason } = grantedAccess(closed, rules)
  const { memory, work, readAgainAt, trialSeen } = reading.follow(before, now)
  const isChanged =
    JSON.stringify(access) !== JSON.stringify(before.granted) ||
    (before.deletedAt ? 'deleted' : reason) !== before.reason
  const record: SubjectRecord = {
    ...before,
    facts: reading.facts,
    readAt: reading.readAt,
    memory,
    trialUsed: before.trialUsed || trialSeen,
    granted: access,
    reason: before.deletedAt ? 'deleted' : reason,
    version: before.version + (isChanged ? 1 : 0),
  }
  await unit.saveSubject(record)
  for (const draft of work) await unit.putWork(draft)
  await readAgain(frame, unit, record, readAgainAt)
  if (!isChanged) return { record, change: null }
  if ((await unit.writeAppRow(record)) === 'missing') await unit.putWork(workOn('row', subject, now))
  if (frame.options.mirror !== false) await unit.putWork(workOn('mirror', subject, now))
  const change: AccessChange = {
    subject,
    before: before.granted,
    after: access,
    reason: record.reason ?? reason,
    version: record.version,
  }
  await frame.options.onAccessChange?.(change, unit.transaction)
  return { record, change }
}

/** Access that ends by itself is written when it does, and what is to be told in time is. */
async function readAgain(
  frame: SharedFrame,
  unit: StoreUnit<unknown>,
  { subject, facts }: SubjectRecord,
  readAgainAt: Date | null,
): Promise<void> {
  const now = frame.clock.now()
  const moments = [
    changesAt(facts, { catalogue: frame.catalogue, policy: frame.policy, now }),
    readAgainAt,
  ].flatMap((moment) => moment?.getTime() ?? [])
  if (moments.length === 0) return
  const key = `read:${subjectKey(subject)}:planned`
  await unit.putWork({ key, kind: 'read', subject, detail: null, dueAt: new Date(Math.min(...moments)) })
}

function problemsOf(
  facts: readonly BillingFact[],
  subject: SubjectId,
  frame: SharedFrame,
): readonly Problem[] {
  const now = frame.clock.now()
  const rules = { catalogue: frame.catalogue, policy: frame.policy, now }
  const customerId = facts[0]?.customerId ?? null
  const problems: Problem[] = promiseOf(facts, rules).unknown.map((unknown) => ({
    ...problemOf(unknown, facts),
    subject,
    customerId,
  }))
  const plans = facts.filter(
    (fact) =>
      fact.kind === 'subscription' &&
      (fact.status === 'active' || fact.status === 'trialing' || fact.status === 'past_due') &&
      fact.items.some(({ price }) => soldBy(price, frame.catalogue)?.kind === 'plan'),
  )
  if (plans.length > 1) {
    const ids = plans.map(({ id }) => id).join(', ')
    const message = `Two or more live subscriptions sell a plan: ${ids}. Cancel all but one, and refund what was paid twice.`
    problems.push({ code: 'double-billing', subject, customerId, message })
  }
  return problems
}

function problemOf(
  unknown: PromiseUnknown,
  facts: readonly BillingFact[],
): Pick<Problem, 'code' | 'message'> {
  const { factId } = unknown
  if (unknown.reason !== 'unmapped-price') {
    return { code: 'billing-unreadable', message: `${factId} could not be read: ${unknown.found}.` }
  }
  const fact = facts.find(({ id }) => id === factId)
  const message =
    fact?.kind === 'plan-item'
      ? `${factId} is on the plan ${fact.price.lookupKey ?? unknown.priceId} of Clerk, which the catalogue does not have. Add its slug to the plan that it sells.`
      : `${factId} is paid by ${unknown.priceId}, which the catalogue does not have. Add it to the plan that it sells, under earlierPrices where it is no longer sold.`
  return { code: 'price-unmapped', message }
}
