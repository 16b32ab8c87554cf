import type { Component } from '../access/access.ts'
import { freeAccess, joinAccess } from '../access/order.ts'
import type { Pair } from '../match/pair.ts'
import type { Promised } from '../promise/promised.ts'
import type { SubjectId } from '../subject/subject.ts'
import { subjectKey } from '../subject/subject.ts'
import type { Comparison, Difference } from './compare-access.ts'
import { compareAccess } from './compare-access.ts'
import { promiseEvidence, recordEvidence } from './evidence.ts'
import type { ShownDrift } from './join-drifts.ts'
import { moneyAtRiskOf } from './money-at-risk.ts'
import { isOneOfSeveral } from './name-sources.ts'
import type { SubjectRecord } from './records.ts'
import type { Rules } from './rules.ts'
import { sentenceOf } from './sentence.ts'
import type { CannotTell, Drift } from './verdict.ts'

/** What one source's record of a subject shows beside the promise, under the mapping of that source. */
export interface RecordAnswer {
  readonly drifts: readonly ShownDrift[]
  readonly unknown: readonly CannotTell[]
}

/** Compares what one source grants with what was promised. A record that is missing or deleted grants nothing. */
export function checkRecord(
  pair: Pair,
  subject: SubjectId,
  record: SubjectRecord,
  promised: Promised,
  rules: Rules,
): RecordAnswer {
  const comparison = compareAccess(promised, record.granted, {
    catalogue: rules.catalogue,
    policy: rules.policy,
    mapped: record.mapped,
    now: rules.now,
    members: membersOf(record),
  })
  const isUnlinked = isPointerUnreadable(record) && pair.payers.length === 0
  // A paying customer that may mean this subject as well as another is no proof that nothing was paid.
  const isClaimed = pair.ambiguous.length > 0
  const isUnread = !pair.complete || pair.pointed?.found === 'not-asked' || isUnlinked || isClaimed
  const sure =
    isUnread || record.kind !== 'live'
      ? comparison.differences.filter((difference) => difference.hurts === 'customer')
      : comparison.differences
  const drifts = sure.map((difference) => ({
    drift: driftOf(difference, pair, subject, record, promised, rules),
    record,
  }))
  const unknown: CannotTell[] = promised.unknown.map(unknownPromise)
  if (record.kind !== 'live') return { drifts, unknown }

  unknown.push(...unknownGrants(record, comparison, isOneOfSeveral(rules, subject.type)))
  const { customerId } = record.reading
  if (customerId.state === 'unreadable' && isUnlinked) {
    unknown.push({
      reason: 'unreadable-grant',
      component: null,
      found: `the customer id of ${subject.id}: ${customerId.found}`,
      needed: customerId.needed,
    })
  } else if (isClaimed && sure.length < comparison.differences.length) {
    unknown.push({
      reason: 'ambiguous-match',
      component: null,
      found: `a customer that pays matches ${pair.ambiguous.map(({ id }) => id).join(', ')}`,
      needed: 'exactly one subject; make the match rule or the data unambiguous',
    })
  } else if (isUnread && sure.length < comparison.differences.length) {
    unknown.push({
      reason: 'source-incomplete',
      component: null,
      found: `${subject.id} has access for which no payment was read`,
      needed: 'a complete read of billing; absent is not empty',
    })
  }
  return { drifts, unknown }
}

function membersOf(record: SubjectRecord): number | null {
  if (record.kind !== 'live' || record.reading.granted.members.state !== 'value') return null
  return record.reading.granted.members.value
}

function isPointerUnreadable(record: SubjectRecord): boolean {
  return record.kind === 'live' && record.reading.customerId.state === 'unreadable'
}

function driftOf(
  difference: Difference,
  pair: Pair,
  subject: SubjectId,
  record: SubjectRecord,
  promised: Promised,
  rules: Rules,
): Drift {
  const facts = pair.payers.flatMap((payer) => payer.facts)
  const shown = difference.hurts === 'customer' ? record.granted.most : record.granted.least
  const { money, note } = moneyAtRiskOf(difference, { promised, grantedPlan: shown.plan }, facts, rules)
  const free = freeAccess(rules.catalogue)
  return {
    ...difference,
    on: subjectKey(subject),
    subject,
    customerId: pair.pointed?.id ?? pair.payers[0]?.customer.id ?? null,
    access: {
      owed: joinAccess(free, promised.owed, rules.catalogue),
      granted: shown,
      allowed: promised.allowed,
    },
    sentence: sentenceOf(difference, subject, { promised, granted: shown, freePlan: free.plan }),
    touches: [],
    evidence: [...promiseEvidence(pair.payers), ...recordEvidence(record, subject, rules.now)],
    moneyAtRisk: money,
    moneyNote: note,
  }
}

/** A value that could not be read matters only where it leaves a component undecided. */
function unknownGrants(
  { source, granted }: SubjectRecord,
  comparison: Comparison,
  isNamed: boolean,
): readonly CannotTell[] {
  const isAbout = (component: Component) =>
    comparison.undecided.includes(component) ||
    // Where no paid flag is mapped, an unreadable plan is why it is not known whether anything paid is granted.
    (component === 'plan' && comparison.undecided.includes('paid'))
  return granted.unknown
    .filter((unknown) => isAbout(unknown.component))
    .map((unknown) => (isNamed ? { ...unknown, found: `${unknown.found} in ${source}` } : unknown))
}

export function unknownPromise(unknown: Promised['unknown'][number]): CannotTell {
  switch (unknown.reason) {
    case 'unmapped-price':
      return {
        reason: 'unmapped-price',
        component: 'plan',
        found: `price ${unknown.priceId} on ${unknown.factId}`,
        needed: 'a plan, add-on or seat pack in the catalogue that names this price or its product',
      }
    case 'unreadable-billing':
      return {
        reason: 'unreadable-billing',
        component: null,
        found: `${unknown.factId}: ${unknown.found}`,
        needed: 'a status and shape that this version knows',
      }
  }
}
