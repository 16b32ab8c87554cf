import type { BillingFact, PromiseUnknown, SubjectId } from '@trueup/core'
import { promiseOf, soldBy, subjectKey } from '@trueup/core'
import { forgetCustomer, isMissingCustomer } from '../customer/missing-customer.ts'
import type { Notice } from '../dunning/notice.ts'
import { writeNotice } from '../dunning/notice-work.ts'
import { noticesOf, trialNoticeAt } from '../dunning/notices-of.ts'
import type { Frame } from '../frame.ts'
import type { AccessChange, Problem } from '../options.ts'
import type { LeasedWork, StoreUnit, SubjectRecord } from '../store/store.ts'
import { workOn } from '../work/work-on.ts'
import type { AccessAnswer } from './access-answer.ts'
import { answerFor } from './answer-for.ts'
import { changesAt } from './changes-at.ts'
import { grantedAccess } from './granted-access.ts'
import type { BillingReading } from './read-billing.ts'
import { readBilling } from './read-billing.ts'

/** What came of deriving a subject's access. */
export interface Derived {
  /** False: a reading that began later is under way or done, and this one was not written. */
  readonly written: boolean
  readonly answer: AccessAnswer
}

const nothing: Omit<BillingReading, 'readAt'> = { facts: [], subscriptions: [] }

/**
 * Reads a customer's billing and writes what follows from it.
 *
 * Stripe's objects carry no version, so that order is kept by a token: each reading is given the next one before it
 * begins, and may write only while no later one was given out. What was read last is so never overwritten by what was
 * read before it, whatever order the answers come in.
 *
 * @param work The work that asked for it, ended in the same transaction.
 */
export async function deriveAccess(
  frame: Frame,
  subject: SubjectId,
  work: LeasedWork | null,
): Promise<Derived> {
  const { token, customerId } = await frame.store.unit(async (unit) => {
    const record = await unit.lockSubject(subject)
    const inAppRow = record.customerId ? null : await unit.appRowCustomer(subject)
    const issued = {
      ...record,
      customerId: record.customerId ?? inAppRow,
      tokenIssued: record.tokenIssued + 1,
    }
    await unit.saveSubject(issued)
    return { token: issued.tokenIssued, customerId: issued.customerId }
  })
  const reading = await readOrForget(frame, subject, customerId)
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
  for (const problem of problemsOf(reading.facts, subject, frame)) await frame.problem(problem)
  return { written: true, answer: answerFor(written.record, subject, frame) }
}

async function readOrForget(
  frame: Frame,
  subject: SubjectId,
  customerId: string | null,
): Promise<BillingReading> {
  const none = { ...nothing, readAt: frame.clock.now() }
  if (!customerId) return none
  try {
    return await readBilling(frame, customerId)
  } catch (error) {
    if (!isMissingCustomer(error)) throw error
    // What is read of nobody is not written to whoever had the customer, since the record has changed.
    await forgetCustomer(frame, subject, customerId)
    return none
  }
}

async function write(
  frame: Frame,
  unit: StoreUnit<unknown>,
  before: SubjectRecord,
  reading: BillingReading,
): Promise<{ readonly record: SubjectRecord; readonly change: AccessChange | null }> {
  const { subject } = before
  const now = frame.clock.now()
  const rules = { catalogue: frame.catalogue, policy: frame.policy, now }
  const closed = before.deletedAt ? [] : reading.facts
  const { access, reason } = grantedAccess(closed, rules)
  const about = { subject, trialEndingDays: frame.trialEndingDays, now }
  const { notices, memory } = noticesOf(reading.subscriptions, before.memory, about)
  const isChanged =
    JSON.stringify(access) !== JSON.stringify(before.granted) ||
    (before.deletedAt ? 'deleted' : reason) !== before.reason
  const record: SubjectRecord = {
    ...before,
    facts: reading.facts,
    readAt: reading.readAt,
    memory,
    trialUsed: before.trialUsed || reading.subscriptions.some(({ trial_end }) => trial_end !== null),
    granted: access,
    reason: before.deletedAt ? 'deleted' : reason,
    version: before.version + (isChanged ? 1 : 0),
  }
  await unit.saveSubject(record)
  await tellLater(unit, notices, now)
  await readAgain(frame, unit, record, reading)
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

async function tellLater(unit: StoreUnit<unknown>, notices: readonly Notice[], now: Date): Promise<void> {
  for (const notice of notices) await unit.putWork(writeNotice(notice, now))
}

/** Access that ends by itself is written when it does, and a trial is told of in time. */
async function readAgain(
  frame: Frame,
  unit: StoreUnit<unknown>,
  { subject, facts }: SubjectRecord,
  { subscriptions }: BillingReading,
): Promise<void> {
  const now = frame.clock.now()
  const moments = [
    changesAt(facts, { catalogue: frame.catalogue, policy: frame.policy, now }),
    trialNoticeAt(subscriptions, frame.trialEndingDays, now),
  ].flatMap((moment) => moment?.getTime() ?? [])
  if (moments.length === 0) return
  const key = `read:${subjectKey(subject)}:planned`
  await unit.putWork({ key, kind: 'read', subject, detail: null, dueAt: new Date(Math.min(...moments)) })
}

function problemsOf(facts: readonly BillingFact[], subject: SubjectId, frame: Frame): readonly Problem[] {
  const now = frame.clock.now()
  const rules = { catalogue: frame.catalogue, policy: frame.policy, now }
  const customerId = facts[0]?.customerId ?? null
  const problems: Problem[] = promiseOf(facts, rules).unknown.map((unknown) => ({
    ...problemOf(unknown),
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

function problemOf(unknown: PromiseUnknown): Pick<Problem, 'code' | 'message'> {
  return unknown.reason === 'unmapped-price'
    ? {
        code: 'price-unmapped',
        message: `${unknown.factId} is paid by ${unknown.priceId}, which the catalogue does not have. Add it to the plan that it sells, under earlierPrices where it is no longer sold.`,
      }
    : { code: 'billing-unreadable', message: `${unknown.factId} could not be read: ${unknown.found}.` }
}
